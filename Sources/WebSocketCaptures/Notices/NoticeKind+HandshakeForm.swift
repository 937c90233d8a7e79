// What is doubtful about the form of a handshake's heads, and about what is in their place.

extension NoticeKind {
    /// Further kinds of notices about handshakes, in the order in which they are listed.
    static let handshakeForm: [NoticeKind] = [
        .missingHost, .malformedHeader, .repeatedHeader, .emptyHeader, .invalidExtensionParameters,
        .subprotocolNotChosen, .bodyIn101, .secondResponse, .answerNotHTTP,
    ]

    /// `missing-host`: the request has no Host.
    public static let missingHost = NoticeKind(
        "missing-host", .handshake, "the request has no Host",
        means: """
            The request must have it (RFC 6455 §4.1), and a server must answer a request of HTTP/1.1 without it with 400 \
            (RFC 9112 §3.2).
            """,
        checks: ["Look at how the client writes its request, and at proxies that rewrite Host."])

    /// `malformed-header`: a handshake has a line that is not a header.
    public static let malformedHeader = NoticeKind(
        "malformed-header", .handshake, "a handshake has a line that is not a header",
        means: """
            It has white space before a colon, a lone carriage return, a NUL, a line without a colon, a value that continues \
            in the next line, or two lengths of a body. Servers and proxies read these differently, and many refuse them, \
            since that is how requests are smuggled (RFC 9112 §5, §11.2).
            """,
        checks: [
            "Look at how the sender writes the head: name, colon, value, CR and LF, nothing else.",
            "See whether a value that comes from outside contains a line break.",
        ])

    /// `repeated-header`: a header occurs more often than it may.
    public static let repeatedHeader = NoticeKind(
        "repeated-header", .handshake, "a header comes more often than it may",
        means: """
            Sec-WebSocket-Key, Sec-WebSocket-Version and Host may come once in a request, Sec-WebSocket-Accept and \
            Sec-WebSocket-Protocol once in a response (RFC 6455 §11.3, RFC 9112 §3.2), and one subprotocol is chosen. \
            Browsers fail the connection.
            """,
        checks: [
            "See whether both the server and a proxy before it, or two parts of the server, add the header.",
            "Look for code that adds a header where it should set it.",
        ])

    /// `empty-header`: a header is present but empty.
    public static let emptyHeader = NoticeKind(
        "empty-header", .handshake, "a header is empty",
        means: """
            Sec-WebSocket-Protocol and Sec-WebSocket-Extensions name at least one element, or are left out (RFC 6455 §4.1, \
            §9.1). Browsers fail a connection whose response has an empty one.
            """,
        checks: ["Leave the header out where there is nothing to say."])

    /// `invalid-extension-parameters`: an extension's parameters are not legal.
    public static let invalidExtensionParameters = NoticeKind(
        "invalid-extension-parameters", .handshake, "an extension's parameters are not legal",
        means: """
            Parameters of permessage-deflate are known, come once, have a value in their range, and in a response answer \
            what was offered (RFC 7692 §7.1). A server must decline such an offer, a client must fail a connection whose \
            response has them.
            """,
        checks: [
            "Compare Sec-WebSocket-Extensions in the request and in the response, on both sides of every proxy.",
            "client_max_window_bits may be in a response only if the request has it.",
        ])

    /// `subprotocol-not-chosen`: subprotocols were offered, and none was chosen.
    public static let subprotocolNotChosen = NoticeKind(
        "subprotocol-not-chosen", .handshake, "subprotocols were offered, and none was chosen",
        means: """
            RFC 6455 allows it (§4.2.2), and the connection is open. A browser must fail it all the same (WHATWG \
            WebSockets): to a page that asks for a subprotocol, a server that chooses none cannot be reached.
            """,
        checks: [
            "Let the server answer with one of the names that are offered.",
            "Or open the connection without a subprotocol, where none is needed.",
        ])

    /// `body-in-101`: the 101 announces a body.
    public static let bodyIn101 = NoticeKind(
        "body-in-101", .handshake, "the 101 announces a body",
        means: """
            A response 1xx has no body, and must have neither Content-Length nor Transfer-Encoding (RFC 9110 §8.6, RFC \
            9112 §6.1). Frames begin right after its blank line. Clients and proxies that believe the header wait for a \
            body, or take frames for it.
            """,
        checks: [
            "Look for something that adds the header to every response: a framework, a compressing or caching proxy.",
            "If bytes of a body really come, they are in place of the first frame.",
        ])

    /// `second-response`: the request was answered twice.
    public static let secondResponse = NoticeKind(
        "second-response", .handshake, "the request was answered twice",
        means: """
            The server switched protocols after it had refused to, on the same request. For the client the handshake was \
            refused; the server sends frames all the same.
            """,
        checks: [
            "Look for a filter or middleware that answers (rate limits, rights) and does not stop the upgrade."
        ])

    /// `answer-not-http`: the server's answer is not HTTP.
    public static let answerNotHTTP = NoticeKind(
        "answer-not-http", .handshake, "the server's answer is not HTTP",
        means: """
            A server answers the handshake with an HTTP response (RFC 6455 §4.2.2). Other bytes came: what listens there \
            speaks another protocol, or TLS, or sends frames without a handshake.
            """,
        checks: [
            "Check the port, and what listens on it.",
            "Where a gateway should translate, as from WebSocket to VNC or MQTT, see that the client connects to it.",
        ])
}
