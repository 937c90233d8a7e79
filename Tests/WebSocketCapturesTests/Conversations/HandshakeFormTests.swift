import Testing
import WebSocketCaptures

@Suite("The form of a handshake's heads, and what they agree on")
struct HandshakeFormTests {
    private typealias Found = (notices: [String], messages: String)

    private func found(_ request: String, _ response: String) throws -> Found {
        let conversation = try #require(Recorded([.text(.first, request), .text(.second, response)]).only)
        #expect(conversation.head.opening == .upgrade)
        return (conversation.notices, conversation.messages.joined(separator: "\n"))
    }

    private let request = SampleHandshake.request()
    private let response = SampleHandshake.response()

    private func expect(
        request extra: String = "", response answer: String = "", _ notices: [String], says phrases: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = try found(SampleHandshake.request("/", extra), SampleHandshake.response(answer))
        #expect(found.notices == notices, sourceLocation: sourceLocation)
        for phrase in phrases { #expect(found.messages.contains(phrase), sourceLocation: sourceLocation) }
    }

    @Test(
        "lines that are not header fields",
        arguments: [
            ("X : y\r\n", "there is white space before the colon"),
            ("X\t: y\r\n", "there is white space before the colon"),
            ("X: a\rb\r\n", "there is a carriage return without a line feed"),
            ("X: y\r\r\n", "there is a carriage return without a line feed"),
            ("X: a\0b\r\n", "there is a NUL"), ("hello\r\n", "has no colon"),
            (": y\r\n", "does not begin with a field's name"),
            ("X y: z\r\n", "does not begin with a field's name"), ("X: a\r\n b\r\n", "continues the one before"),
            ("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "both Content-Length and Transfer-Encoding"),
            ("Content-Length: 5, 6\r\n", "is not a number, or there are two that differ"),
        ])
    func malformed(line: String, clause: String) throws {
        try expect(request: line, ["malformed-header client"], says: clause, "RFC 91")
        let lengths = line.hasPrefix("Content")
        try expect(
            response: line, lengths ? ["body-in-101 server", "malformed-header server"] : ["malformed-header server"])
    }

    @Test("bare line feeds, empty values and any token are fine")
    func wellFormed() throws {
        try expect(request: "X:\r\n!#$%&'*+-.^_`|~9: y\nY:z:z\r\n", [])
    }

    @Test("fields that may occur only once")
    func repeated() throws {
        try expect(
            request: "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", ["repeated-header client"], says: "-Key comes")
        try expect(request: "sec-websocket-version: 13\r\n", ["repeated-header client"], says: "Sec-WebSocket-Version")
        try expect(request: "Host: b\r\n", ["repeated-header client"], says: "RFC 9112 §3.2")
        try expect(response: "Sec-WebSocket-Accept: x\r\n", ["repeated-header server"], says: "-Accept comes")
        // A request may split a list over several lines.
        try expect(
            request: "Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n",
            response: "Sec-WebSocket-Protocol: b\r\n", [])
        for two in ["a, b", "a\r\nSec-WebSocket-Protocol: b"] {
            try expect(
                request: "Sec-WebSocket-Protocol: a, b\r\n", response: "Sec-WebSocket-Protocol: \(two)\r\n",
                ["repeated-header server"], says: "chooses 2 subprotocols (\"a\", \"b\")")
        }
    }

    @Test("fields that must not be empty")
    func empty() throws {
        try expect(request: "Sec-WebSocket-Extensions:\r\n", ["empty-header client"])
        try expect(request: "Sec-WebSocket-Protocol: ,\r\n", ["empty-header client"])
        try expect(response: "Sec-WebSocket-Extensions: \r\n", ["empty-header server"], says: "Chromium", "§9.1")
        try expect(
            request: "Sec-WebSocket-Protocol: a\r\n", response: "Sec-WebSocket-Protocol:\r\n", ["empty-header server"])
    }

    @Test("a subprotocol that was not selected: the browser fails the connection, the RFC does not ask for it")
    func notChosen() throws {
        try expect(
            request: "Sec-WebSocket-Protocol: a, b\r\n", ["subprotocol-not-chosen server"], says: "By RFC 6455 §4.2.2",
            "\"a\", \"b\"", "a browser must fail it")
        try expect(request: "Sec-WebSocket-Protocol: a\r\n", response: "Sec-WebSocket-Protocol: a\r\n", [])
    }

    @Test("a 101 response has no body")
    func body() throws {
        try expect(response: "content-length: 0\r\n", ["body-in-101 server"], says: "RFC 9110 §8.6")
        try expect(response: "Transfer-Encoding: chunked\r\n", ["body-in-101 server"], says: "RFC 9112 §6.1")
    }

    @Test("Host is required")
    func host() throws {
        let host = "Host: server.example.com\r\n"
        for other in ["", "Host:\r\n"] {
            let parts = request.split(separator: host, omittingEmptySubsequences: false)
            #expect(try found(parts.joined(separator: other), response).notices == ["missing-host client"])
        }
    }

    @Test(
        "permessage-deflate's parameters in a response",
        arguments: [
            ("", "server_max_window_bits=7", "not one of 8…15"), ("", "server_max_window_bits=99", "not one of 8…15"),
            ("", "server_max_window_bits", "needs a value"), ("", "foo=bar", "no parameter foo"),
            ("", "server_no_context_takeover=1", "must not have a value"),
            ("", "server_no_context_takeover; server_no_context_takeover", "comes twice"),
            ("", "client_max_window_bits=15", "client_max_window_bits was not offered"),
            ("; server_max_window_bits=10", "server_max_window_bits=12", "is not granted"),
            ("; server_max_window_bits=10", "client_no_context_takeover", "is not granted"),
            ("; server_no_context_takeover", "client_no_context_takeover", "is not granted"),
        ])
    func deflateAnswers(offered: String, answer: String, clause: String) throws {
        try expect(
            request: "Sec-WebSocket-Extensions: permessage-deflate\(offered)\r\n",
            response: "Sec-WebSocket-Extensions: permessage-deflate; \(answer)\r\n",
            ["invalid-extension-parameters server"], says: clause, "RFC 7692 §7.1")
    }

    @Test("offers that must be declined, and legal ones")
    func deflateOffers() throws {
        let offers = "Sec-WebSocket-Extensions: permessage-deflate"
        try expect(request: "\(offers); x\r\n", ["invalid-extension-parameters client"], says: "must decline")
        try expect(request: "\(offers); client_max_window_bits=\"9\r\n", ["invalid-extension-parameters client"])
        // The answer may be to the second of two offers.
        try expect(
            request: "\(offers); server_max_window_bits=10, permessage-deflate; client_max_window_bits\r\n",
            response: "\(offers); client_max_window_bits=9; server_no_context_takeover\r\n", [])
        try expect(
            request: "\(offers)\r\n", response: "\(offers), permessage-deflate\r\n",
            ["invalid-extension-parameters server"],
            says: "more than once")
    }

    @Test("what is known about unknown extensions is reported")
    func unknown() throws {
        for (name, words) in [
            ("x-webkit-deflate-frame", "a draft before permessage-deflate"),
            ("permessage-bzip2", "compresses messages"),
            ("x-mux", "RSV bits are not judged"),
        ] {
            let line = "Sec-WebSocket-Extensions: \(name)\r\n"
            try expect(request: line, response: line, ["unknown-extension server"], says: words)
        }
    }

    @Test(
        "what a wrong accept value was computed from",
        arguments: [
            ("BXhwxM0SZasKmCD9S4BfpPmCnEw=", "16 decoded bytes"), ("dGhlIHNhbXBsZSBub25jZQ==", "the key itself"),
            ("b37a4f2cc0624f1690f64606cf385945b2bec4ea", "in hexadecimal"),
            ("s3pPLMBiTxaQ9kYGzzhZRbK-xOo=", "alphabet of URLs"),
            ("YjM3YTRmMmNjMDYyNGYxNjkwZjY0NjA2Y2YzODU5NDViMmJlYzRlYQ==", "the digest's hexadecimal digits"),
            ("s3pPLMBiTxaQ9kYGzzhZRbK+xOo", "the padding is missing"),
            ("hHLtf2V1k8aDQZfNjw3Ia1hCwt0=", "the key alone"),
            ("2OZf2Seed9yzIpkj+zvC9KS9Mjw=", "the GUID before the key"),
            ("WJfwerbIozKsJXHxxI0JTO1SQgU=", "in lower case"), ("RZWuh2JK/hL0RMgTNJFfZIAppXg=", "first 22 characters"),
            ("AAAA", "Base64 of 3 bytes"),
            ("fI/F95pFHyUax3HLt0ktmQ==", "16 bytes, as MD5 gives"),
            ("c8qeCxwB8sJPxkSckeL76bKL7f642+KYzDiR7EbKyTY=", "32 bytes, as SHA-256 gives"),
            ("NWM3ZGM3NmYyY2M3YjA1YWVkYTAzZWVkNTIzZDA5ODI=", "Base64 of 32 hexadecimal digits, as MD5 has"),
            ("5c7dc76f2cc7b05aeda03eed523d0982", "It is 32 hexadecimal digits, as MD5 has"),
            ("0123456789ABCDEF0123456789abcdef01234567", "40 hexadecimal digits, as SHA-1 has"),
            ("wRn3T1d05f86S/JjgrE2dZ0BqLI=", "the NUL that ends a string in C after them"),
            ("BQgomKt49tqcGtJYe4ASzQz1IXI=", "a line break after them"),
            ("M1zPZW4D3ct/efBYkO0H53BwfUY=", "a line break after them"),
            ("s3mCG3XUBfFRrUGpYOBQiHm5i8g=", "with a space beside it"),
            ("xytUlkF2rVz2XzwONMCug9nn1qA=", "with a space beside it"),
            ("pJoG4fLU7agAUnbfRbg9bZBBfzw=", "with a space beside it"),
            ("gOYSbpmmlqWkVS3Q71eZLDG7Dxs=", "in UTF-16"),
            ("PqrUWKkukdFUBIRNpUXUnidFcM8=", "lacks character 25"),
            ("s3pPLMBiTxaQ9kYGzzhZRbK+xOoA", "a byte more"),
            ("LE96sxZPYsAGRvaQRVk4z+rEvrI=", "little-endian order"),
            ("S3PPLMBITXAQ9KYGZZHZRBK+XOO=", "Only the case of its letters"),
            ("s3pPLMBiTxaQ9kYGzzhZRbK-xOo", "alphabet of URLs"),
            ("bTDy/mAkJp3FWz34b2rLauQ1T6E=", "in another case"),
        ])
    func accepts(accept: String, words: String) throws {
        let found = try found(request, SampleHandshake.response(accept: accept))
        #expect(found.notices == ["wrong-accept server"])
        #expect(found.messages.contains(words), "\(found.messages)")
    }

    @Test("a digest that was treated as a C string, and near misses without a known cause")
    func cutDigest() throws {
        let other = SampleHandshake.request(key: "AAAAAAAAAAAAAAAAAAAAHA==")
        let cut = try found(other, SampleHandshake.response(accept: "E1Z2TYWmzNu4/K8="))
        #expect(cut.messages.contains("first zero byte"))
        for accept in ["+RjzCg/cjbllquQinneNQRuL4Z0=", "mogpCUDsFBfEiTi8XY/wyJyveQ0="] {
            let found = try found(request, SampleHandshake.response(accept: accept))
            #expect(found.notices == ["wrong-accept server"])
            #expect(!found.messages.contains("It is") && !found.messages.contains("It was"), "\(found.messages)")
        }
    }

    @Test("the answer to the example of the RFC")
    func example() throws {
        let other = SampleHandshake.request(key: "AAAAAAAAAAAAAAAAAAAAAA==")
        let found = try found(other, response)
        #expect(found.notices == ["wrong-accept server"])
        #expect(found.messages.contains("the example of RFC 6455 §1.3"))
    }
}
