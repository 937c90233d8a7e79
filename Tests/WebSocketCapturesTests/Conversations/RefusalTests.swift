import Testing
import WebSocketCaptures

@Suite("Connections that are refused, or are not WebSocket at all")
struct RefusalTests {
    private let request = SampleHandshake.request()

    @Test("refused, and nothing after it", arguments: [200, 302, 400, 404, 426, 503])
    func refused(status: Int) throws {
        let recorded = Recorded([
            .text(.first, request), .text(.second, "HTTP/1.1 \(status) No\r\nContent-Length: 2\r\n\r\nno"),
            .finish(.second),
        ])
        #expect(recorded.outcome == .refused)
        let conversation = try #require(recorded.only)
        #expect(conversation.head.opening == .refused(status: status))
        #expect(conversation.head.target == "/chat")
        #expect(conversation.notices == ["handshake-refused server"])
        #expect(conversation.steps == [])
    }

    @Test("refused, and then accepted on the same connection")
    func again() {
        let frames = SampleHandshake.clientFrames
        for refusal in [
            "HTTP/1.1 401 Who\r\nContent-Length: 3\r\n\r\nwho",
            "HTTP/1.1 401 Who\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            let inTurn = Recorded([
                .text(.first, request), .text(.second, refusal), .text(.first, request),
                .text(.second, SampleHandshake.response()), .bytes(.first, frames),
            ])
            let eager = Recorded([
                .bytes(.first, Array(request.utf8) + Array(request.utf8) + frames),
                .text(.second, refusal + SampleHandshake.response()),
            ])
            #expect(inTurn == eager)
            #expect(inTurn.outcome == .webSocket)
            #expect(!inTurn.isDisorderly)
            #expect(inTurn.conversations.map(\.head.opening) == [.refused(status: 401), .upgrade])
            #expect(inTurn.conversations.last?.client == frames)
        }
    }

    @Test("a proxy removed the upgrade")
    func stripped() throws {
        let stripped =
            "GET /chat HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        let recorded = Recorded([.text(.first, stripped), .text(.second, "HTTP/1.1 400 Bad\r\n\r\nmissing")])
        #expect(try #require(recorded.only).notices == ["missing-upgrade client", "handshake-refused server"])
    }

    @Test("another protocol")
    func otherProtocols() {
        let h2c = "GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n\r\n"
        let both = "GET / HTTP/1.1\r\nUpgrade: h2c, websocket\r\n\r\n"
        let answer = "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
        for request in [h2c, both] {
            let recorded = Recorded([.text(.first, request), .text(.second, answer), .bytes(.second, [0, 0, 0, 4, 0])])
            #expect(recorded.conversations == [])
            #expect(recorded.outcome == .skipped(.otherProtocol))
        }
        #expect(Recorded([.text(.second, answer)], isSeenFromStart: false).outcome == .skipped(.otherProtocol))
    }

    @Test(
        "skipped at once when seen from the start",
        arguments: [
            ("SSH-2.0-OpenSSH_9.6\r\n", ConversationReader.Reason.notHTTP), ("220 mail ESMTP\r\n", .notHTTP),
            ("\u{10}\u{12}\0\u{4}MQTT", .notHTTP), ("GETS /", .notHTTP), ("GOT /", .notHTTP), ("HTTP/2", .notHTTP),
            ("\u{16}\u{3}\u{1}\u{2}\0\u{3}", .notHTTP), ("\u{16}\u{3}\u{1}\0\0\u{1}", .notHTTP), ("\0\0\0\0", .notHTTP),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2), ("PROXY \(String(repeating: "x", count: 110))", .notHTTP),
        ]
    )
    func atOnce(text: String, reason: ConversationReader.Reason) {
        for side in TCPPeer.allCases {
            var reader = ConversationReader(
                first: nil, second: nil, isSeenFromStart: true, options: ConversationOptions())
            reader.read(Array(text.utf8).span, from: side, at: nil) { _, _ in Issue.record("an event") }
            // A server that sends a greeting may still be asked for WebSocket.
            if side == .second, reason == .notHTTP {
                #expect(reader.outcome == .undecided)
                reader.read([9, 9, 9].span, from: .first, at: nil) { _, _ in Issue.record("an event") }
            }
            #expect(reader.outcome == .skipped(reason))
            #expect(reader.heldCount == 0)
        }
    }

    @Test("a server that speaks another protocol, before or after the request")
    func notHTTP() throws {
        let request = Sent.text(.first, SampleHandshake.request())
        for greeting in ["RFB 003.008\n", "SSH-2.0-OpenSSH_9.6\r\n"] {
            for sent in [[.text(.second, greeting), request], [request, .text(.second, greeting)]] {
                let recorded = Recorded(sent + [.finish(.second), .finish(.first)])
                let conversation = try #require(recorded.only)
                #expect(conversation.head.opening == .refused(status: nil))
                #expect(conversation.notices == ["answer-not-http server"])
                #expect(conversation.messages[0].contains("\"\(greeting.prefix { !$0.isNewline })\""))
                #expect(conversation.isClosed)
            }
        }
        let tls: [UInt8] = [0x15, 3, 1, 0, 2, 2, 40]
        let sealed = try #require(Recorded([request, .bytes(.second, tls)]).only).messages[0]
        #expect(sealed.contains("wss:") && sealed.contains("15 03 01 00 02 02 28"))
        // A response in pieces, or one without its beginning, is not another protocol.
        let response = Array(SampleHandshake.response().utf8)
        let late = Recorded([request, .bytes(.second, response[..<3]), .bytes(.second, response[3...])])
        #expect(try #require(late.only).head.opening == .upgrade)
        let middle = Recorded([request, .bytes(.second, response[40...])], isSeenFromStart: false)
        #expect(!middle.conversations.flatMap(\.notices).contains("answer-not-http server"))
        #expect(Recorded([.text(.second, "220 mail\r\n"), .text(.first, "HELO x\r\n")]).conversations == [])
    }

    @Test(
        "a 101 after a refusal",
        arguments: [
            "HTTP/1.1 429 No\r\n\r\nSorry\r\n", "HTTP/1.1 429 No\r\nContent-Length: 7\r\n\r\nSorry\r\n",
            "HTTP/1.1 429 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nSorry\r\n0\r\n\r\n",
        ])
    func second(refusal: String) throws {
        let response = SampleHandshake.response()
        for cut in [0, 1, 20, response.utf8.count - 1] {
            let recorded = Recorded([
                .text(.first, SampleHandshake.request()), .text(.second, refusal + response.prefix(cut)),
                .text(.second, String(response.dropFirst(cut))), .bytes(.second, SampleHandshake.serverFrames),
                .finish(.second), .finish(.first),
            ])
            let conversation = try #require(recorded.only, "\(cut)")
            #expect(conversation.head.opening == .refused(status: 429))
            #expect(conversation.notices == ["handshake-refused server", "second-response server"])
            #expect(conversation.isClosed)
        }
        // The client may ask again on the same connection.
        let again = Recorded([
            .text(.first, SampleHandshake.request()), .text(.second, refusal), .text(.first, SampleHandshake.request()),
            .text(.second, response), .bytes(.second, SampleHandshake.serverFrames),
        ])
        #expect(again.conversations.map(\.head.opening) == [.refused(status: 429), .upgrade])
        #expect(again.conversations.last?.notices == [])
        // A page that quotes a response is not one.
        let page = Recorded([
            .text(.first, SampleHandshake.request()),
            .text(.second, "HTTP/1.1 400 No\r\n\r\nWanted:\nHTTP/1.1 101 x\n\n"),
        ])
        #expect(page.only?.notices == ["handshake-refused server"])
    }

    @Test("TLS, from its start and in the middle")
    func tls() {
        let hello: [UInt8] = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3]
        let data: [UInt8] = [0x17, 3, 3, 0, 0x45] + Array(repeating: 0x9C, count: 64)
        #expect(Recorded([.bytes(.first, hello)]).outcome == .tls)
        #expect(Recorded(hello.map { .bytes(.second, [$0]) }).outcome == .tls)
        #expect(Recorded([.bytes(.first, data)], isSeenFromStart: false).outcome == .tls)
        #expect(Recorded([.bytes(.first, data)]).outcome == .skipped(.notHTTP))
    }

    @Test("HTTP without a handshake")
    func ordinary() {
        let get = Sent.text(.first, "GET / HTTP/1.1\r\n\r\n")
        #expect(
            Recorded([get, .text(.second, "HTTP/1.1 200 OK\r\n\r\nto the end")]).outcome == .skipped(.ordinaryHTTP))
        #expect(Recorded([get, .text(.second, "HTTP/1.1 204 OK\r\n\r\n")]).outcome == .skipped(.ordinaryHTTP))
        #expect(Recorded([get, .text(.second, "hello\r\n\r\n")]).outcome == .skipped(.notHTTP))
        #expect(Recorded([get, .text(.second, "HTTP/1.1 2x4 OK\r\n\r\n")]).outcome == .skipped(.brokenHTTP))
        #expect(Recorded([]).outcome == .skipped(.notHTTP))
        let long = "GET / HTTP/1.1\r\nX: \(String(repeating: "x", count: 70_000))"
        #expect(Recorded([.text(.first, long)]).outcome == .skipped(.brokenHTTP))
    }
}
