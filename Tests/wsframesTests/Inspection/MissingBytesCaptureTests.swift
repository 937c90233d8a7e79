import Testing
import WebSocketInspection
import WebSocketReports

/// Captures with lost packets: where judging resumes after them, and what is not claimed.
@Suite struct MissingBytesCaptureTests {
    /// A conversation in which the server sends `before`, bytes that no packet holds, and each of `after` in its own packet.
    private func judged(
        _ before: [UInt8], lost: Int, _ after: [[UInt8]], agreement: String = "", gathersMessages: Bool = false
    ) throws -> JudgedCapture {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000, offer: Bytes.deflate, agreement: agreement)
        capture.send(.server, before, on: &connection)
        capture.lose(.server, lost, on: &connection)
        for packet in after { capture.send(.server, packet, on: &connection) }
        capture.end(&connection)
        return try JudgedCapture(capture.bytes, showsFrames: true, gathersMessages: gathersMessages)
    }

    private func frames(_ judged: JudgedCapture) -> [String] {
        judged.rowsWithFrames("server").filter { $0["type"] == "frame" }.map {
            "\($0["opcode"] ?? "?") at \($0.number("offset") ?? 0)"
        }
    }

    private let hello = Bytes.serverHello
    private let world = Bytes.text("Wonderful world", masked: false)

    @Test func afterMissingBytesWhatIsNoFrameIsNotJudged() throws {
        let judged = try judged(hello, lost: 11, [[0x83, 0x00, 0xFF]])
        #expect(judged.rows.violations.isEmpty)
        #expect(judged.notices(0).contains("missing-bytes"))
        #expect(judged.notices(0).contains("boundary-not-found"))
        #expect(judged.stream(0, "server")?["state"] == "complete")
        #expect(judged.stream(0, "server")?.number("bytes") == 10)
        #expect(judged.stream(0, "server")?.number("missingBytes") == 11)
        let notice = judged.rows(0, "server").first { $0["notice"] == "missing-bytes" }
        #expect(notice?["message"]?.hasPrefix("11 bytes of the server are missing at offset 7: ") == true)
    }

    @Test func framesAfterMissingOnesAreJudgedAtTheirOffsets() throws {
        let judged = try judged(hello, lost: 50, [world, world, [0x83, 0]])
        #expect(frames(judged) == ["text at 0", "text at 57", "text at 74"])
        #expect(judged.rows.rules == ["reserved-opcode"])
        #expect(judged.rows.violations.first?.number("offset") == 91)
        #expect(judged.rows.violations.first?.number("frame") == 3)
        #expect(judged.notices(0).filter { $0.hasPrefix("missing") || $0.hasPrefix("start") } == ["missing-bytes"])
    }

    @Test func bytesBeforeTheFirstFoundFrameAreSkipped() throws {
        let judged = try judged(hello, lost: 50, [[0xFF, 0xFF, 0xFF], world, world, world])
        #expect(frames(judged) == ["text at 0", "text at 60", "text at 77", "text at 94"])
        let notice = judged.rows(0, "server").first { $0["notice"] == "start-skipped" }
        #expect(notice?["message"]?.hasPrefix("After the missing bytes, 3 more of the server were skipped") == true)
        #expect(judged.rows.violations.isEmpty)
    }

    /// The bytes between two gaps may be too few to find a frame in: they are skipped, but not what follows the second gap.
    @Test func whatIsTooLittleToFindAFrameInIsSkipped() throws {
        for between in [[0xFF, 0xFF, 0xFF], Array(world.dropFirst(3)), [UInt8](repeating: 0xFF, count: 1_200_000)] {
            var capture = MadeCapture()
            var connection = capture.upgrade(port: 50_000)
            capture.send(.server, hello, on: &connection)
            capture.lose(.server, 50, on: &connection)
            for start in stride(from: 0, to: between.count, by: 40_000) {
                capture.send(.server, Array(between[start..<min(start + 40_000, between.count)]), on: &connection)
                capture.send(.client, [], flags: 0x10, on: &connection)
            }
            capture.lose(.server, 20, on: &connection)
            for _ in 0..<3 { capture.send(.server, world, on: &connection) }
            capture.send(.server, [0x83, 0], on: &connection)
            capture.end(&connection)
            let judged = try JudgedCapture(capture.bytes)
            #expect(judged.rows.rules == ["reserved-opcode"])
            #expect(
                judged.rows.violations.first?.number("offset") == UInt64(7 + 50 + between.count + 20 + 3 * world.count))
            #expect(judged.stream(0, "server")?.number("messages") == 4)
        }
    }

    @Test func insideAPayloadTheHeaderSaysWhereItEnds() throws {
        let large = Bytes.binary(4_000, masked: false)
        let judged = try judged(
            hello + large.prefix(1_000), lost: 2_000, [Array(large.suffix(1_004)) + hello + [0x83, 0]])
        #expect(judged.rows.rules == ["reserved-opcode"])
        #expect(judged.stream(0, "server")?.number("messages") == 3)
        #expect(judged.stream(0, "server")?.number("missingBytes") == 2_000)
        let frame = judged.rowsWithFrames("server").first { $0["type"] == "frame" && $0.number("length") == 4_000 }
        #expect(frame?.number("offset") == 7)
        let notice = judged.rows(0, "server").first { $0["notice"] == "missing-bytes" }
        #expect(notice?["message"]?.hasSuffix("The rest of frame 1 is not judged; what follows it is.") == true)
    }

    @Test func theSnapLengthLeavesAGap() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.snapLength = 100
        capture.send(.server, Bytes.binary(47 - 4 + 50, masked: false), on: &connection)
        capture.send(.server, Bytes.binary(200, masked: false), on: &connection)
        capture.send(.server, [0x83, 0], on: &connection)
        capture.end(&connection)
        let judged = try JudgedCapture(capture.bytes)
        #expect(judged.rows.rules == ["reserved-opcode"])
        #expect(judged.rows.violations.first?.number("offset") == 95 + 204)
        let notices = judged.rows(0, "server").filter { $0["notice"] == "missing-bytes" }
        #expect(notices.count == 2)
        #expect(notices.first?["message"]?.contains("the snap length of the capture cut them off") == true)
    }

    @Test func manyGapsAreCounted() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        for _ in 0..<10 {
            capture.send(.server, world, on: &connection)
            capture.lose(.server, world.count, on: &connection)
            capture.send(.server, world, on: &connection)
        }
        capture.end(&connection)
        let judged = try JudgedCapture(capture.bytes)
        let notices = judged.rows(0, "server").filter { $0["notice"] == "missing-bytes" }
        #expect(notices.count == 5)
        #expect(
            notices.last?["message"]
                == "6 further gaps of the server, with 102 missing bytes, are not reported one by one.")
        #expect(judged.stream(0, "server")?.number("messages") == 20)
        #expect(judged.stream(0, "server")?.number("missingBytes") == 170)
    }

    @Test func aCloseAfterMissingBytesIsSeenAndNobodyIsAccused() throws {
        for code: UInt16 in [1002, 1007, 1011] {
            let judged = try judged(hello, lost: 40, [world, world, Bytes.close(code, masked: false)])
            #expect(judged.stream(0, "server")?.number("sentCloseCode") == UInt64(code))
            #expect(judged.notices(0).filter { $0 != "missing-bytes" && $0 != "unoffered-extension" }.isEmpty)
        }
    }

    /// `violation-unnoticed` and `wrong-close-code` depend on everything that was sent before.
    @Test func theAnswerToAViolationAfterMissingBytesIsNotBlamed() throws {
        var capture = MadeCapture()
        var connection = capture.upgrade(port: 50_000)
        capture.send(.server, hello, on: &connection)
        capture.lose(.server, 30, on: &connection)
        capture.send(.server, world, on: &connection)
        capture.send(.server, world, on: &connection)
        capture.send(.server, [0x83, 0], on: &connection)
        for _ in 0..<80 { capture.send(.client, Bytes.clientHello, on: &connection) }
        capture.send(.client, Bytes.close(1008, masked: true), on: &connection)
        capture.end(&connection)
        let judged = try JudgedCapture(capture.bytes)
        #expect(judged.rows.rules == ["reserved-opcode"])
        #expect(!judged.notices(0).contains { $0 == "violation-unnoticed" || $0 == "wrong-close-code" })
    }

    @Test func inflatingBeginsAgain() throws {
        let hello: [UInt8] = [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        let again: [UInt8] = [0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00]
        let after = [again, hello, again, hello, [0xC1, 0x01, 0x07]]
        let judged = try judged(hello, lost: 9, after, agreement: Bytes.agreedDeflate)
        let texts = judged.rowsWithFrames("server").filter { $0["type"] == "frame" }.map { $0["text"] }
        #expect(texts == ["Hello", nil, "Hello", "Hello", "Hello"])
        // A message that does not inflate is recognised again.
        #expect(judged.rows.rules == ["invalid-deflate"])
    }

    @Test func aMessageWithMissingBytesIsNotWrittenOut() throws {
        let large = Bytes.binary(4_000, masked: false)
        let rest = [Array(large.suffix(1_004)) + hello, world]
        let judged = try judged(hello + large.prefix(1_000), lost: 2_000, rest, gathersMessages: true)
        let messages = judged.rowsWithFrames("server", messages: .whole).filter { $0["type"] == "message" }
        #expect(messages.map { $0.number("message") } == [0, 2, 3])
        #expect(messages.map { $0["text"] } == ["Hello", "Hello", "Wonderful world"])
    }
}
