import Testing
import WebSocketFrames

/// Heads are parsed according to RFC 9112, for callers without an HTTP library.
@Suite struct HandshakeHeadTests {
    @Test func aRequestAndItsAnswer() throws {
        let bytes = Array(
            ("GET /chat?a=b HTTP/1.1\r\nHost: h\r\nUpgrade:websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: \tdGhlIHNhbXBsZSBub25jZQ== \r\nSec-WebSocket-Version: 13\r\n\r\n\u{81}").utf8)
        let end = try #require(HeaderFields.endOfHead(in: bytes))
        #expect(end == bytes.count - 2)
        let request = try HandshakeRequest(head: bytes[..<end])
        #expect(request.faults.isEmpty)
        #expect(request.target == "/chat?a=b" && request.minorVersion == 1)
        let answer = try ServerHandshake().accept(request)
        let response = try HandshakeResponse(head: answer.fields.head("HTTP/1.1 101 Switching Protocols"))
        #expect(response.status == 101)
        #expect(response.faults(answering: request).isEmpty)
    }

    @Test func theEndOfAHead() {
        #expect(HeaderFields.endOfHead(in: Array("GET / HTTP/1.1\r\nA: b\r\n".utf8)) == nil)
        #expect(HeaderFields.endOfHead(in: Array("GET / HTTP/1.1\n\n".utf8)) == 16)
        #expect(HeaderFields.endOfHead(in: Array("\r\nGET / HTTP/1.1\r\n\r\nx".utf8)) == 20)
        #expect(HeaderFields.endOfHead(in: []) == nil)
        // An empty line before the start line does not end the head; the one after it does.
        #expect(HeaderFields.endOfHead(in: Array("\r\n".utf8)) == nil)
        #expect(HeaderFields.endOfHead(in: Array("\r\n\nA".utf8)) == 3)
        #expect(HeaderFields.endOfHead(in: Array("\r\r\nA".utf8)) == 3)
    }

    @Test(
        arguments: [
            ("", .firstLine), ("GET /\r\n\r\n", .firstLine), ("GET / HTTP/2.0\r\n\r\n", .firstLine),
            ("GET  / HTTP/1.1\r\n\r\n", .firstLine), ("HTTP/1.1 101 x\r\n\r\n", .firstLine),
            ("GET / HTTP/1.1\n\nA: b\n\n", .field(1)), ("GET / HTTP/1.1\nA: b\n\nA: b\n\n", .field(2)),
            ("GET / HTTP/1.1\r\nHost\r\n\r\n", .field(1)), ("GET / HTTP/1.1\r\nHost : h\r\n\r\n", .field(1)),
            ("GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", .field(2)), ("GET / HTTP/1.1\r\n: b\r\n\r\n", .field(1)),
            ("GET / HTTP/1.1\r\nA: \u{7F}\r\n\r\n", .field(1)), ("GET / HTTP/1.1\r\nA: \u{1F}\r\n\r\n", .field(1)),
            ("GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", .field(1)), ("GET / HTTP/1.1\r\nA: \u{0}\r\n\r\n", .field(1)),
        ] as [(String, MalformedHead)])
    func malformedRequests(head: String, fault: MalformedHead) {
        #expect(throws: fault) { try HandshakeRequest(head: Array(head.utf8)) }
    }

    @Test func whatAValueMayContain() throws {
        let head: [UInt8] =
            Array("GET / HTTP/1.1\r\nA: ".utf8) + [0x20, 0x09, 0x7E, 0x80, 0xC3, 0xA9] + [13, 10, 13, 10]
        #expect(try HandshakeRequest(head: head).fields.values(of: "A") == ["~\u{FFFD}é"])
        let names = "AZaz09!#$%&'*+-.^_`|~"
        let named = try HandshakeRequest(head: Array("GET / HTTP/1.1\r\n\(names): 1\r\n\r\n".utf8))
        #expect(named.fields.values(of: names) == ["1"])
    }

    @Test func responses() throws {
        #expect(try HandshakeResponse(head: Array("HTTP/1.1 403\r\n\r\n".utf8)).status == 403)
        #expect(try HandshakeResponse(head: Array("HTTP/1.1 100 Go on\r\n\r\n".utf8)).status == 100)
        #expect(try HandshakeResponse(head: Array("HTTP/1.0 200 OK then\n\n".utf8)).minorVersion == 0)
        for head in [
            "HTTP/1.1\r\n\r\n", "HTTP/1.1 12 x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 099 x\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
        ] {
            #expect(throws: MalformedHead.firstLine) { try HandshakeResponse(head: Array(head.utf8)) }
        }
    }
}
