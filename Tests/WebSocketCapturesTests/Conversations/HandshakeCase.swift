import WebSocketCaptures

/// One notice about handshakes, with minimal heads that earn it and legal heads that resemble them.
struct HandshakeCase: Sendable, CustomStringConvertible {
    let kind: NoticeKind
    let earning: [Heads]
    let nearMisses: [Heads]

    var description: String { kind.name }

    /// A request and the response to it.
    struct Heads: Sendable {
        let request: String
        let response: String
        /// Notices of other kinds that are expected as well.
        var others: [String] = []

        /// The sample's heads with additional lines.
        init(_ request: String = "", _ response: String = "", but others: [String] = []) {
            self.request = SampleHandshake.request("/chat", Self.lines(request))
            self.response = SampleHandshake.response(Self.lines(response))
            self.others = others
        }

        /// The sample's heads with one part replaced.
        init(replacing old: String, with new: String, but others: [String] = []) {
            request = SampleHandshake.request().replacingOnly(old, with: new)
            response = SampleHandshake.response().replacingOnly(old, with: new)
            self.others = others
        }

        private static func lines(_ text: String) -> String { text.isEmpty ? "" : text + "\r\n" }
    }

    /// The notices for a capture with these heads, and for a dump of them.
    static func notices(of heads: Heads) -> (capture: [String], dump: [String]) {
        let recorded = Recorded([.text(.first, heads.request), .text(.second, heads.response)])
        var reader = HandshakeReader()
        var dump: [String] = []
        if case .ended(let handshake?, _) = reader.read(Array((heads.request + heads.response).utf8).span) {
            dump = handshake.notices.map(\.kind.name)
        }
        let capture = (recorded.only?.notices ?? ["disorderly"]).map { String($0.prefix { $0 != " " }) }
        return (capture, dump)
    }

    private static let deflate = "Sec-WebSocket-Extensions: permessage-deflate"
    private static let offer = "Sec-WebSocket-Protocol: chat"
    private static let key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    private static let accept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    private static let host = "Host: server.example.com"
    private static let folded = ["malformed-header"]

    static let all = [
        HandshakeCase(
            kind: .bodyIn101,
            earning: [
                Heads("", "Content-Length: 0"), Heads("", "content-length: 5"), Heads("", "Transfer-Encoding: chunked"),
                Heads("", "Transfer-Encoding:\r\n chunked", but: folded),
            ],
            nearMisses: [
                Heads("Content-Length: 0"), Heads("", "X-Content-Length: 5"), Heads("", "Content-Type: text/plain"),
                Heads("", "Trailer: Content-Length"), Heads("TE: chunked", "Vary: Transfer-Encoding"),
            ]),
        HandshakeCase(
            kind: .repeatedHeader,
            earning: [
                Heads(key), Heads("sec-websocket-version: 13"), Heads(host), Heads("HOST: other.example"),
                Heads("", accept), Heads(offer, "\(offer)\r\n\(offer)"),
                Heads("\(offer), b", "\(offer), b"),
            ],
            nearMisses: [
                // List fields may be split over several lines (RFC 6455 §9.1, §11.3.2, §11.3.4), and so may other fields.
                Heads("\(deflate); client_max_window_bits\r\n\(deflate)", deflate),
                Heads("\(offer)\r\nSec-WebSocket-Protocol: b", offer),
                Heads("Cookie: a=1\r\nCookie: b=2\r\nConnection: x", "Set-Cookie: a\r\nSet-Cookie: b\r\nConnection: x"),
                Heads("Sec-WebSocket-Key1: 1\r\nX-Forwarded-Host: a\r\nX-Forwarded-Host: b"),
                Heads("", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 8"),
                Heads(replacing: key, with: key.folded, but: folded),
            ]),
        HandshakeCase(
            kind: .emptyHeader,
            earning: [
                Heads("Sec-WebSocket-Protocol:"), Heads("Sec-WebSocket-Protocol: ,"),
                Heads("sec-websocket-extensions: \t"),
                Heads("", "Sec-WebSocket-Extensions:"), Heads("", "Sec-WebSocket-Protocol: "),
            ],
            nearMisses: [
                Heads("Sec-WebSocket-Protocol: , chat", offer), Heads("Sec-WebSocket-Protocol:\r\n\(offer)", offer),
                Heads("\(deflate),", deflate), Heads("Origin:\r\nX-Empty:", "Server:"),
                Heads(offer.folded, offer, but: folded),
            ]),
        HandshakeCase(
            kind: .subprotocolNotChosen,
            earning: [Heads(offer), Heads("\(offer), superchat"), Heads("\(offer)\r\nSec-WebSocket-Protocol: b")],
            nearMisses: [
                Heads(), Heads(offer, "sec-websocket-protocol:chat \t"),
                Heads("Sec-WebSocket-Protocol: b\r\n\(offer)", offer),
                Heads("Sec-WebSocket-Protocol: a,b,chat", offer), Heads(offer, offer.folded, but: folded),
                Heads(offer, "Sec-WebSocket-Protocol: Chat", but: ["unoffered-subprotocol"]),
            ]),
        HandshakeCase(
            kind: .invalidExtensionParameters,
            earning: [
                Heads("\(deflate); x"), Heads("\(deflate); client_max_window_bits=16"),
                Heads("\(deflate); server_max_window_bits=08"), Heads("\(deflate); server_max_window_bits"),
                Heads("\(deflate); client_max_window_bits=\""), Heads("\(deflate); client_no_context_takeover=1"),
                Heads("\(deflate); client_max_window_bits", "\(deflate); client_max_window_bits"),
                Heads(deflate, "\(deflate); client_max_window_bits=15"),
                Heads("\(deflate); server_max_window_bits=9", deflate),
                Heads(deflate, "\(deflate), permessage-deflate"),
            ],
            nearMisses: [
                Heads("\(deflate); client_max_window_bits", deflate), Heads("\(deflate); client_max_window_bits"),
                Heads("\(deflate); server_max_window_bits=\"10\"", "\(deflate); server_max_window_bits=\"9\""),
                Heads("\(deflate) ; client_max_window_bits = 9", "\(deflate);client_max_window_bits=9"),
                // The client's offer for its own window is only a hint (RFC 7692 §7.1.2.2).
                Heads("\(deflate); client_max_window_bits=9", "\(deflate); client_max_window_bits=12"),
                // The server may restrict itself, and ask the client to do so (§7.1.1, §7.1.2.1).
                Heads(deflate, "\(deflate); server_no_context_takeover; client_no_context_takeover"),
                Heads(deflate, "\(deflate); server_max_window_bits=12"),
                Heads(
                    "\(deflate); server_max_window_bits=9, permessage-deflate; client_max_window_bits",
                    "\(deflate); client_max_window_bits=11"),
                Heads("\(deflate); server_max_window_bits=9\r\n\(deflate)", deflate),
                Heads("Sec-WebSocket-Extensions: x-foo; x; x=1; y=\"2\""),
                Heads(
                    "\(deflate); client_max_window_bits",
                    "Sec-WebSocket-Extensions:\r\n permessage-deflate;\r\n\tclient_max_window_bits=10", but: folded),
            ]),
        HandshakeCase(
            kind: .missingHost,
            earning: [Heads(replacing: host + "\r\n", with: ""), Heads(replacing: host, with: "Host: ")],
            nearMisses: [
                Heads(replacing: host, with: "host:[::1]:8080"), Heads(replacing: host, with: "HOST: 127.0.0.1:80"),
                Heads(replacing: host, with: "Host:\tserver.example.com "),
                Heads(replacing: "GET /chat", with: "GET http://server.example.com/chat"),
                Heads(replacing: host, with: host.folded, but: folded),
                Heads(replacing: host + "\r\n", with: host + "\n"),
            ]),
        HandshakeCase(
            kind: .malformedHeader,
            earning: [
                Heads("X : y"), Heads("X: a\rb"), Heads("X: a\0"), Heads("hello"), Heads(": y"), Heads("X y: z"),
                Heads("X: a\r\n b"), Heads("", "Content-Length: 0\r\nTransfer-Encoding: chunked"),
                Heads("Content-Length: 1\r\nContent-Length: 2"), Heads("", "Server : x"),
                Heads("Content-Length: 0\r\nTransfer-Encoding: chunked"),
            ],
            nearMisses: [
                Heads("X:\r\nX: a : b\r\nX:\ta\r\n!#$%&'*+-.^_`|~9: y"), Heads("X: Zürich \t \r\nX: \"a\\\"\""),
                Heads("Content-Length: 0\r\nContent-Length: 0"), Heads("Content-Length: 0, 0"),
                Heads("Host-: x", "x: HTTP/1.1 200 OK"), Heads(replacing: "\r\nUpgrade", with: "\nUpgrade"),
            ]),
        HandshakeCase(
            kind: .wrongAccept,
            earning: [
                Heads(replacing: "s3pP", with: "s3pQ"), Heads(replacing: accept, with: "Sec-WebSocket-Accept:"),
                Heads(replacing: accept, with: accept + ";"),
                Heads(replacing: key, with: "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
            ],
            nearMisses: [
                Heads(replacing: "Sec-WebSocket-Accept: ", with: "sec-websocket-accept:\t "),
                Heads(replacing: accept, with: accept + " \t"), Heads(replacing: key, with: key + "  "),
                Heads(replacing: accept, with: accept.folded, but: folded),
                Heads(replacing: key, with: key.folded, but: folded),
                // Without the key there is nothing to compare the accept value with.
                Heads(replacing: key + "\r\n", with: "", but: ["missing-key"]),
            ]),
    ]
}

extension String {
    /// With the field's value on a folded line.
    fileprivate var folded: String { replacingOnly(": ", with: ":\r\n ") }

    /// The text with the only occurrence of `old` replaced; unchanged if there is none.
    fileprivate func replacingOnly(_ old: String, with new: String) -> String {
        let (text, old) = (Array(utf8), Array(old.utf8))
        guard let start = text.indices.first(where: { text[$0...].starts(with: old) }) else { return self }
        return String(decoding: text[..<start] + Array(new.utf8) + text[(start + old.count)...], as: UTF8.self)
    }
}
