import Testing
import WebSocketInspection
import WebSocketReports

/// What is reported about conversations that are built packet by packet.
@Suite struct CaptureJudgingTests {
    private static let empty = #""state":"complete","frames":0,"messages":0,"bytes":0,"closed":false,"closeCode":null,"#

    // MARK: Openings

    @Test func anUpgradeWithoutFramesGivesTwoEmptyStreams() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.end(&connection)
        let judged = try JudgedCapture(capture.bytes)
        #expect(judged.rows.streams.compactMap { $0["sender"] } == ["client", "server"])
        for row in judged.rows.streams { #expect(row.line.contains(Self.empty)) }
        #expect(judged.rows.violations.isEmpty)
        #expect(judged.fault == nil)
    }

    @Test func aRefusedHandshakeGivesNoStreams() throws {
        var capture = MadeCapture()
        var connection = capture.connect(port: 50_000)
        capture.send(.client, MadeCapture.request(), on: &connection)
        capture.send(.server, Array("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".utf8), on: &connection)
        capture.end(&connection)
        let judged = try JudgedCapture(capture.bytes)
        #expect(judged.rows.streams.isEmpty)
        #expect(judged.notices(0) == ["handshake-refused"])
        #expect(judged.notices(nil).isEmpty)
    }

    @Test func withoutWebSocketThatIsSaid() throws {
        let empty = try JudgedCapture(MadeCapture().bytes)
        #expect(empty.notices(nil) == ["no-websocket"])
        var capture = MadeCapture()
        var connection = capture.connect(port: 50_000)
        capture.send(.client, Array("EHLO example.org\r\n".utf8), on: &connection)
        capture.end(&connection)
        #expect(try JudgedCapture(capture.bytes).notices(nil) == ["no-websocket"])
        // Nothing is claimed if the capture is truncated, since more may follow.
        #expect(try JudgedCapture(Array(capture.bytes.dropLast())).notices(nil) == [])
    }

    @Test func encryptedConnectionsAreReported() throws {
        var capture = MadeCapture()
        var connection = capture.connect(port: 50_000, serverPort: 443)
        capture.send(.client, [0x16, 3, 1, 0, 4, 1, 0, 0, 0], on: &connection)
        capture.end(&connection)
        #expect(try JudgedCapture(capture.bytes).notices(nil) == ["no-websocket", "tls"])
    }

    @Test func encryptedConnectionsOfAnExportAreReported() throws {
        let text = """

            ===================================================================
            Follow: tcp,raw
            Filter: tcp.stream eq 0
            Node 0: 10.0.0.1:50000
            Node 1: 10.0.0.2:443
            16030100040100000000
            \t160303000402000000
            ===================================================================

            """
        let judged = try JudgedCapture(Array(text.utf8), isExport: true)
        #expect(judged.fault == nil)
        #expect(judged.notices(nil) == ["no-websocket", "tls"])
    }

    @Test func thePortThatIsNamedNeedsNoHandshake() throws {
        var capture = MadeCapture()
        var connection = capture.connect(port: 50_000, serverPort: 9_001)
        capture.send(.client, Bytes.clientHello, on: &connection)
        capture.send(.server, [0x83, 0], on: &connection)
        capture.end(&connection)
        #expect(try JudgedCapture(capture.bytes).notices(nil) == ["no-websocket"])
        let judged = try JudgedCapture(capture.bytes, "--websocket-port", "9001")
        #expect(judged.rows.rules == ["reserved-opcode"])
        #expect(judged.stream(0, "client")?.number("frames") == 1)
        #expect(judged.notices(nil) == [])
    }

    // MARK: What is missing

    /// A violation that waits for the bytes after it is reported before the gap.
    @Test func aViolationBeforeMissingBytesIsReported() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.send(.server, [0x83, 0], on: &connection)
        capture.lose(.server, 3, on: &connection)
        capture.send(.server, [0], on: &connection)
        capture.end(&connection)
        let rows = try JudgedCapture(capture.bytes).rows(0, "server")
        #expect(rows.first?["rule"] == "reserved-opcode")
        #expect(rows.dropFirst().first?["notice"] == "missing-bytes")
    }

    // MARK: Ends

    @Test func aResetInsideAFrame() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.send(.client, Array(Bytes.clientHello.dropLast(3)), on: &connection)
        capture.reset(.client, on: connection)
        let judged = try JudgedCapture(capture.bytes)
        #expect(judged.stream(0, "client")?["state"] == "incomplete-frame")
        #expect(judged.notices(0).contains("reset-in-frame"))
    }

    /// Reused ports are another conversation.
    @Test func twoConversationsBetweenTheSamePorts() throws {
        var capture = MadeCapture()
        var first = capture.upgrade(port: 50_000)
        capture.send(.client, [0x83, 0x80, 0, 0, 0, 0], on: &first)
        capture.reset(.server, on: first)
        var second = capture.upgrade(port: 50_000)
        capture.send(.client, Bytes.clientHello, on: &second)
        capture.end(&second)
        let judged = try JudgedCapture(capture.bytes)
        #expect(judged.stream(0, "client")?["state"] == "violation")
        #expect(judged.stream(1, "client")?["state"] == "complete")
        #expect(judged.stream(1, "client")?.number("frames") == 1)
    }

    /// A server that answers the Close has not noticed the violation before it.
    @Test func aCloseAfterAViolationInOnePacketIsSeenAfterIt() throws {
        func notices(_ client: [UInt8]) throws -> [String] {
            var capture = MadeCapture()
            var connection = capture.upgrade(port: 50_000)
            capture.send(.client, client, on: &connection)
            capture.send(.server, Bytes.close(1000, masked: false), on: &connection)
            capture.end(&connection)
            return try JudgedCapture(capture.bytes).notices(0)
        }
        let bad: [UInt8] = [0x83, 0x80, 0, 0, 0, 0]
        #expect(try notices(bad + Bytes.close(1000, masked: true)) == ["violation-unnoticed"])
        #expect(try notices(Bytes.close(1000, masked: true) + bad) == [])
    }

    // MARK: permessage-deflate

    private let deflated: [UInt8] = [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    @Test func deflateIsTakenFromTheHandshakeUnlessTheUserSaysOtherwise() throws {
        func rules(_ agreement: String, _ options: String...) throws -> [String] {
            var capture = MadeCapture()
            let line = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
            var connection = capture.upgrade(port: 50_000, offer: line, agreement: agreement)
            capture.send(.server, deflated, on: &connection)
            capture.end(&connection)
            return try options.isEmpty
                ? JudgedCapture(capture.bytes).rows.rules : JudgedCapture(capture.bytes, options[0]).rows.rules
        }
        let agreement = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
        #expect(try rules(agreement) == [])
        #expect(try rules("") == ["reserved-bits"])
        #expect(try rules(agreement, "--no-deflate") == ["reserved-bits"])
        #expect(try rules("", "--deflate") == [])
    }

    @Test func withoutAHandshakeRSV1IsTakenAndThatIsSaid() throws {
        var capture = MadeCapture()
        var connection = capture.connect(port: 50_000, serverPort: 9_001)
        capture.send(.client, Bytes.clientHello, on: &connection)
        capture.send(.server, deflated, on: &connection)
        capture.end(&connection)
        let judged = try JudgedCapture(capture.bytes, "--websocket-port", "9001")
        #expect(judged.rows.rules == [])
        #expect(judged.notices(0).contains("deflate-assumed"))
        let denied = try JudgedCapture(capture.bytes, "--websocket-port", "9001", "--no-deflate")
        #expect(denied.rows.rules == ["reserved-bits"])
        #expect(!denied.notices(0).contains("deflate-assumed"))
    }

    // MARK: Options

    @Test func allReportsWhatIsAfterTheFirstViolation() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.send(.server, [0x83, 0, 0x84, 0] + Bytes.serverHello + [0x85, 0], on: &connection)
        capture.end(&connection)
        #expect(try JudgedCapture(capture.bytes).rows.violations.compactMap { $0.number("offset") } == [0])
        let all = try JudgedCapture(capture.bytes, "--all")
        #expect(all.rows.violations.compactMap { $0.number("offset") } == [0, 2, 11])
        // The counts are still those at the first violation.
        #expect(all.stream(0, "server")?.number("frames") == 0)
    }

    @Test func strictCountsNoticesOfCaptures() throws {
        let folder = try TemporaryFolder()
        try folder.write("none.pcap", MadeCapture().bytes)
        #expect(try Command.run(["validate", "none.pcap"], in: folder).status == 4)
        #expect(try Command.run(["validate", "--strict", "none.pcap"], in: folder).status == 1)
    }

    /// `tcpdump -w - | wsframes validate -`: findings are reported while the capture continues.
    @Test func findingsOfALiveCaptureAreReportedBeforeItsEnd() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.send(.server, [0x83, 0] + [UInt8](repeating: 0, count: 9_000), on: &connection)
        let folder = try TemporaryFolder()
        try folder.write("capture", capture.bytes)
        let outcome = try Command.shell(
            """
            mkfifo pipe reported
            "$wsframes" validate --format jsonl - <pipe >reported &
            exec 3>pipe 4<reported; rm pipe reported
            cat capture >&3
            read -r row <&4; printf '%s\\n' "$row"
            exec 3>&-
            cat <&4; wait $!
            """, in: folder)
        #expect(outcome.status == 1)
        #expect(try outcome.rows().first?["rule"] == "reserved-opcode")
    }
}
