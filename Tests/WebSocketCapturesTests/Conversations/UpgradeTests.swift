import Testing
import WebSocketCaptures

@Suite("A conversation after its handshake")
struct UpgradeTests {
    static let client = Array(SampleHandshake.request().utf8) + SampleHandshake.clientFrames
    static let server = Array(SampleHandshake.response().utf8) + SampleHandshake.serverFrames

    private func whole() throws -> Conversation {
        try #require(Recorded([.bytes(.first, Self.client), .bytes(.second, Self.server)]).only)
    }

    @Test func aLineBreakAfterTheRequestIsNotReportedAsFrames() throws {
        for (more, words) in [("\r\n", "a line break"), ("\r\nx", "data")] {
            let request = Sent.text(.first, SampleHandshake.request() + more)
            let conversation = try #require(Recorded([request, .text(.second, SampleHandshake.response())]).only)
            #expect(conversation.notices == ["too-early client"])
            #expect(conversation.messages[0].hasPrefix("The client sent \(words) before its request was answered"))
        }
    }

    @Test("complete, the first frames in the same segments as the heads")
    func plain() throws {
        let recorded = Recorded([.bytes(.first, Self.client), .bytes(.second, Self.server)])
        #expect(recorded.outcome == .webSocket)
        let conversation = try #require(recorded.only)
        #expect(conversation.client == SampleHandshake.clientFrames)
        #expect(conversation.server == SampleHandshake.serverFrames)
        #expect(conversation.notices == ["too-early client"])
        let head = conversation.head
        #expect(head.opening == .upgrade)
        #expect(head.client?.port == 50_000)
        #expect(head.server?.port == 8080)
        #expect(head.target == "/chat")
        #expect(head.host == "server.example.com")
        #expect(head.agreedDeflate == false)
        #expect(!head.offeredDeflate)
        #expect(head.subprotocol == nil)
        #expect(head.packetPosition?.packet == 2)
        #expect(conversation.packets == [1, 2])
    }

    @Test("every split of both sides in two")
    func cuts() throws {
        let whole = try whole()
        for cut in 1..<Self.client.count {
            let recorded = Recorded([
                .bytes(.first, Self.client[..<cut]), .bytes(.first, Self.client[cut...]), .bytes(.second, Self.server),
            ])
            #expect(recorded.only == whole, "client \(cut)")
        }
        for cut in 1..<Self.server.count {
            let recorded = Recorded([
                .bytes(.first, Self.client), .bytes(.second, Self.server[..<cut]), .bytes(.second, Self.server[cut...]),
            ])
            #expect(recorded.only == whole, "server \(cut)")
        }
    }

    @Test("every split, with the server's bytes between the client's")
    func interleaved() throws {
        let whole = try whole()
        for cut in 1..<Self.client.count {
            let recorded = Recorded([
                .bytes(.first, Self.client[..<cut]), .bytes(.second, Self.server), .bytes(.first, Self.client[cut...]),
            ])
            #expect(recorded.only == whole, "\(cut)")
        }
    }

    @Test("byte by byte, in any order of the sides, from either side")
    func single() throws {
        let whole = try whole()
        let client = Self.client.map { Sent.bytes(.first, [$0]) }
        let server = Self.server.map { Sent.bytes(.second, [$0]) }
        #expect(Recorded(client + server).only == whole)
        #expect(Recorded(server + client).only == whole)
        #expect(Recorded(server + client, isSeenFromStart: false).only == whole)
        let swapped = Recorded([.bytes(.second, Self.client), .bytes(.first, Self.server)]).only
        #expect(swapped?.client == whole.client)
        #expect(swapped?.head.client?.port == 8080)
        let head = try #require(Recorded(client + server).only?.head)
        #expect(head.packetPosition?.packet == UInt64(Self.client.count + SampleHandshake.response().utf8.count))
    }

    @Test("held bytes are passed on with their packet positions, in order of arrival")
    func packetPositions() throws {
        let conversation = try #require(
            Recorded([
                .text(.first, SampleHandshake.request()), .bytes(.first, [0x81]), .bytes(.first, [0x80]),
                .text(.second, SampleHandshake.response()), .bytes(.second, [0x89, 0]), .bytes(.first, [1, 2, 3, 4]),
            ]).only)
        #expect(conversation.packets == [2, 3, 5, 6])
        #expect(conversation.client == [0x81, 0x80, 1, 2, 3, 4])
    }

    @Test("pieces keep their packet positions when older bytes are released")
    func momentsAfterOthers() throws {
        let ordinary = "HTTP/1.1 204 No\r\nX: \(String(repeating: "x", count: 600))\r\n\r\n"
        let head = Array(SampleHandshake.response().utf8)
        let conversation = try #require(
            Recorded([
                .text(.first, "GET / HTTP/1.1\r\n\r\n" + SampleHandshake.request()),
                .bytes(.second, Array(ordinary.utf8) + head.dropLast()), .bytes(.second, head.suffix(1)),
                .bytes(.second, [0x89]), .bytes(.second, [0]),
            ]).only)
        #expect(conversation.head.packetPosition?.packet == 3)
        #expect(conversation.packets == [4, 5])
        #expect(conversation.server == [0x89, 0])
    }

    @Test("after ordinary exchanges, pipelined and not")
    func keepAlive() throws {
        let requests = [
            "GET /a HTTP/1.1\r\n\r\n", "HEAD /b HTTP/1.1\r\n\r\n",
            "POST /c HTTP/1.1\r\nContent-Length: 10\r\n\r\nGET /x HTT",
            "PUT /d HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n5;a=\"b\"\r\nGET /\r\n0\r\nTrailer: x\r\n\r\n",
            "GET /e HTTP/1.1\r\n\r\n", "GET /f HTTP/1.1\r\n\r\n",
        ]
        let responses = [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\n1\r\n\n\r\n0\r\n\r\n",
            "HTTP/1.1 304 Same\r\nContent-Length: 99\r\n\r\n", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
        ]
        let whole = try whole()
        let inTurn = zip(requests, responses).flatMap { [Sent.text(.first, $0), .text(.second, $1)] }
        let last = [Sent.bytes(.first, Self.client), .bytes(.second, Self.server)]
        #expect(Recorded(inTurn + last).only == whole)
        let client = Array(requests.joined().utf8) + Self.client
        let server = Array(responses.joined().utf8) + Self.server
        #expect(Recorded([.bytes(.first, client), .bytes(.second, server)]).only == whole)
        #expect(Recorded(client.map { .bytes(.first, [$0]) } + server.map { .bytes(.second, [$0]) }).only == whole)
        for cut in stride(from: 1, to: server.count, by: 3) {
            let parts = [
                Sent.bytes(.second, server[..<cut]), .bytes(.first, client), .bytes(.second, server[cut...]),
            ]
            #expect(Recorded(parts).only == whole, "\(cut)")
        }
    }

    @Test("a long body is not held")
    func longBody() throws {
        let body = Array(repeating: UInt8(ascii: "x"), count: 200_000)
        let recorded = Recorded([
            .text(.first, "GET / HTTP/1.1\r\n\r\n"),
            .text(.second, "HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"),
            .bytes(.second, body), .bytes(.first, Self.client), .bytes(.second, Self.server),
        ])
        #expect(try recorded.only == whole())
        #expect(recorded.maximumHeld < 1_000)
    }

    @Test("through a proxy's tunnel, and after PROXY protocol headers")
    func proxies() throws {
        let whole = try whole()
        let tunnel = Recorded([
            .text(.first, "CONNECT server.example.com:80 HTTP/1.1\r\n\r\n"), .text(.second, "HTTP/1.1 200 Go\r\n\r\n"),
            .bytes(.first, Self.client), .bytes(.second, Self.server),
        ])
        #expect(tunnel.only == whole)
        let line = Array("PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n".utf8)
        let binary: [UInt8] =
            [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, 0x21, 0x11, 0, 12]
            + Array(repeating: 0x47, count: 12)
        for header in [line, binary] {
            let client = header + Self.client
            for cut in 1..<client.count {
                let recorded = Recorded([
                    .bytes(.first, client[..<cut]), .bytes(.first, client[cut...]), .bytes(.second, Self.server),
                ])
                #expect(recorded.only == whole, "\(cut)")
            }
        }
    }

    @Test("the end of each side, in its place")
    func endings() throws {
        let conversation = try #require(
            Recorded([
                .bytes(.first, Self.client), .finish(.first), .bytes(.second, Self.server), .gap(.second, 9),
                .reset(.second),
            ]).only)
        #expect(
            conversation.steps == [
                "bytes client", "finished client", "bytes server", "gap server notCaptured", "reset server",
            ])
        #expect(conversation.isClosed)
    }
}
