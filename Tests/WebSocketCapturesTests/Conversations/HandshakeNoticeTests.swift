import Testing
import WebSocketCaptures

@Suite("What is doubtful about a handshake")
struct HandshakeNoticeTests {
    private func notices(_ request: String, _ response: String) throws -> [String] {
        let conversation = try #require(Recorded([.text(.first, request), .text(.second, response)]).only)
        #expect(conversation.head.opening == .upgrade)
        return conversation.notices
    }

    private let request = SampleHandshake.request()
    private let response = SampleHandshake.response()

    @Test("a wrong accept value is reported with the expected and the actual one")
    func wrongAccept() throws {
        let conversation = try #require(
            Recorded([.text(.first, request), .text(.second, SampleHandshake.response(accept: "s3pP\u{1B}="))]).only)
        #expect(conversation.notices == ["wrong-accept server"])
        #expect(conversation.messages[0].contains("\"s3pP?=\""))
        #expect(conversation.messages[0].contains("\"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\""))
        #expect(
            try notices(request, "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n") == [
                "missing-accept server"
            ])
    }

    @Test("the request")
    func requests() throws {
        func changed(_ old: String, _ new: String) throws -> [String] {
            #expect(request.contains(old))
            return try notices(request.replacingFirst(old, with: new), response)
        }
        #expect(try changed("Sec-WebSocket-Version: 13\r\n", "") == ["wrong-version client"])
        #expect(try changed("Version: 13", "Version: 8") == ["wrong-version client"])
        #expect(try changed("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "") == ["missing-key client"])
        #expect(try changed("HTTP/1.1", "HTTP/1.0") == ["old-http-version client"])
        #expect(try changed(", Upgrade", "") == ["missing-connection-upgrade client"])
        #expect(try changed("Upgrade: WebSocket\r\n", "") == ["missing-upgrade client"])
        #expect(try changed("GET", "POST") == ["request-not-get client"])
        #expect(try changed("Upgrade: WebSocket", "Upgrade: h2c, websocket") == [])
        let short = "c2hvcnQ="
        #expect(
            try notices(SampleHandshake.request(key: short), SampleHandshake.response(accept: "x"))
                == ["wrong-key client", "wrong-accept server"])
    }

    @Test("the response")
    func responses() throws {
        func changed(_ old: String, _ new: String) throws -> [String] {
            try notices(request, response.replacingFirst(old, with: new))
        }
        #expect(try changed("HTTP/1.1", "HTTP/1.0") == ["old-http-version server"])
        #expect(try changed("Connection: Upgrade\r\n", "") == ["missing-connection-upgrade server"])
        #expect(try changed("Upgrade: websocket\r\n", "") == ["missing-upgrade server"])
        #expect(
            try notices(request, SampleHandshake.response("Sec-WebSocket-Protocol: chat\r\n"))
                == ["unoffered-subprotocol server"])
        #expect(
            try notices(request, SampleHandshake.response("Sec-WebSocket-Extensions: permessage-deflate\r\n"))
                == ["unoffered-extension server"])
    }

    @Test("extensions and subprotocols")
    func extensions() throws {
        let offered = SampleHandshake.request(
            "/\u{1B}[2J",
            "Sec-WebSocket-Protocol: soap, wamp\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-mux\r\n"
        )
        let agreed = SampleHandshake.response(
            "Sec-WebSocket-Protocol: wamp\r\nSec-WebSocket-Extensions: permessage-deflate,x-mux\r\n")
        let conversation = try #require(Recorded([.text(.first, offered), .text(.second, agreed)]).only)
        #expect(conversation.notices == ["unknown-extension server"])
        #expect(conversation.head.offeredDeflate)
        #expect(conversation.head.agreedDeflate == true)
        #expect(conversation.head.otherExtensions == ["x-mux"])
        #expect(conversation.head.subprotocol == "wamp")
        #expect(conversation.head.target == "/?[2J")
    }
}

extension String {
    fileprivate func replacingFirst(_ old: String, with new: String) -> String {
        firstRange(of: old).map { self[..<$0.lowerBound] + new + self[$0.upperBound...] } ?? self
    }

    private func firstRange(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }
}
