// What is doubtful about a handshake (RFC 6455 §4). The frames after it are judged nevertheless.

extension NoticeKind {
    /// The kinds of this subject, in the order in which they are listed.
    static let handshake: [NoticeKind] = [
        .handshakeRefused, .requestNotCaptured, .responseNotCaptured, .tooEarly, .requestNotGet, .oldHttpVersion,
        .missingUpgrade, .missingConnectionUpgrade, .wrongVersion, .missingKey, .wrongKey, .missingAccept, .wrongAccept,
        .unknownExtension, .unofferedExtension, .unofferedSubprotocol,
    ]

    /// `handshake-refused`: the server refused to switch protocols.
    public static let handshakeRefused = NoticeKind(
        "handshake-refused", .handshake, "the server refused to switch protocols",
        means: "It answered with an HTTP status other than 101, so no frames can follow.",
        checks: [
            "Read the status and the body: 401 and 403 are about rights or the Origin, 404 about the path, 426 about "
                + "the version, 502 to 504 about the server behind a proxy.",
            "See who wrote the answer, the server or a proxy: the Server and Via headers often tell.",
        ])

    /// `request-not-captured`: the capture has the response, but not the request.
    public static let requestNotCaptured = NoticeKind(
        "request-not-captured", .handshake, "the response is there, and the request is not",
        means: """
            The server switched protocols, so frames are judged. Whether Sec-WebSocket-Accept, the subprotocol and \
            the extensions fit the request cannot be checked.
            """,
        checks: ["Capture both directions, and begin before the client connects."])

    /// `response-not-captured`: the capture has the request, but not the response.
    public static let responseNotCaptured = NoticeKind(
        "response-not-captured", .handshake, "the request is there, and the response is not",
        means: """
            The conversation is judged as if the server had agreed. Whether it did, and to which extensions, is not \
            known: RSV1 is taken as legal where permessage-deflate could have set it.
            """,
        checks: [
            "Capture both directions.",
            "Say what was agreed on, if you know it: --deflate or --no-deflate.",
        ])

    /// `too-early`: data was sent before the request was answered.
    public static let tooEarly = NoticeKind(
        "too-early", .handshake, "data was sent before the request was answered",
        means: """
            A client must wait for the response before it sends further data (RFC 6455 §4.1). Some servers lose what comes \
            with the request, or read it as another request. Here it is kept up to a limit, and beyond that the \
            client's direction is not judged. A server's frames come after its response (§4.2.2): where they come first, \
            the client finds no HTTP in them, and the handshake fails.
            """,
        checks: [
            "Look at the client: it must not write frames before it has read and checked the response.",
            "Look at the server: whatever sends to all connections must not see one before its response is out.",
            "Where the server misses the first messages, this is why.",
        ])

    /// `request-not-get`: the request is not a GET.
    public static let requestNotGet = NoticeKind(
        "request-not-get", .handshake, "the request is not a GET",
        means: "The handshake must be a GET (RFC 6455 §4.1). Other servers may refuse it.",
        checks: ["Look at the client, or at a proxy that rewrites requests."])

    /// `old-http-version`: HTTP/1.0 in the handshake.
    public static let oldHttpVersion = NoticeKind(
        "old-http-version", .handshake, "HTTP/1.0 in the handshake",
        means: "The handshake needs HTTP/1.1 (RFC 6455 §4.1): HTTP/1.0 has no Upgrade.",
        checks: [
            "Check which version the proxy speaks to the server; nginx needs proxy_http_version 1.1 for it."
        ])

    /// `missing-upgrade`: Upgrade: websocket is missing.
    public static let missingUpgrade = NoticeKind(
        "missing-upgrade", .handshake, "Upgrade: websocket is missing",
        means: """
            Both the request and the response must have it (RFC 6455 §4.1, §4.2.2). It is a hop-by-hop header: a proxy \
            takes it away unless it is configured to pass it on.
            """,
        checks: [
            "Compare the headers on both sides of every proxy.",
            "Check the proxy's setting for upgrades; in nginx: proxy_set_header Upgrade $http_upgrade.",
        ])

    /// `missing-connection-upgrade`: Connection: Upgrade is missing.
    public static let missingConnectionUpgrade = NoticeKind(
        "missing-connection-upgrade", .handshake, "Connection: Upgrade is missing",
        means: """
            Both the request and the response must have it (RFC 6455 §4.1, §4.2.2). It is a hop-by-hop header: a proxy \
            takes it away unless it is configured to pass it on.
            """,
        checks: [
            "Compare the headers on both sides of every proxy.",
            "Check the proxy's setting for upgrades; in nginx: proxy_set_header Connection \"upgrade\".",
        ])

    /// `wrong-version`: Sec-WebSocket-Version is not 13.
    public static let wrongVersion = NoticeKind(
        "wrong-version", .handshake, "Sec-WebSocket-Version is not 13",
        means: """
            13 is the version of RFC 6455 (§4.1). A server that does not speak the version asked for must answer with 426, \
            or another error, and name those it speaks (§4.2.2).
            """,
        checks: ["Update the client's library: lower numbers are those of drafts."])

    /// `missing-key`: Sec-WebSocket-Key is missing.
    public static let missingKey = NoticeKind(
        "missing-key", .handshake, "Sec-WebSocket-Key is missing",
        means: """
            The request must have it (RFC 6455 §4.1). Without it a server cannot prove that it understood the \
            request, and must refuse it (§4.2.1).
            """,
        checks: [
            "See whether the client speaks RFC 6455: older drafts had two keys, or none.",
            "Compare the headers on both sides of every proxy.",
        ])

    /// `wrong-key`: Sec-WebSocket-Key is not 16 bytes in Base64.
    public static let wrongKey = NoticeKind(
        "wrong-key", .handshake, "Sec-WebSocket-Key is not 16 bytes in Base64",
        means: """
            It must be the Base64 of 16 random bytes (RFC 6455 §4.1), that is 24 characters that end with ==. Many \
            servers take any text; a strict one refuses it.
            """,
        checks: ["Look at how the client makes its key: 16 new random bytes for each connection."])

    /// `missing-accept`: Sec-WebSocket-Accept is missing.
    public static let missingAccept = NoticeKind(
        "missing-accept", .handshake, "Sec-WebSocket-Accept is missing",
        means: "The client must fail the connection (RFC 6455 §4.1): nothing proves that the server understood it.",
        checks: [
            "Look at how the server makes its 101 response, and at proxies that drop headers they do not know."
        ])

    /// `wrong-accept`: Sec-WebSocket-Accept does not fit the request's key.
    public static let wrongAccept = NoticeKind(
        "wrong-accept", .handshake, "Sec-WebSocket-Accept does not fit the request's key",
        means: """
            It must be the Base64 of the SHA-1 of the key and a fixed text (RFC 6455 §4.2.2). The client must fail the \
            connection.
            """,
        checks: [
            "Check how the server computes it: the key exactly as in the header, not decoded, without white space.",
            "See whether a cache, or a proxy that reuses connections, gave the answer to another request.",
        ])

    /// `unknown-extension`: an extension was agreed that this tool does not know.
    public static let unknownExtension = NoticeKind(
        "unknown-extension", .handshake, "an extension was agreed on that this tool does not know",
        means: """
            Only permessage-deflate is known. What another extension claims is not, so RSV bits are not judged, and what \
            it changes in payloads is not judged.
            """,
        checks: ["Switch the extension off for the test, at either end."])

    /// `unoffered-extension`: the server agreed to an extension that was not offered.
    public static let unofferedExtension = NoticeKind(
        "unoffered-extension", .handshake, "the server agreed to an extension that was not offered",
        means: "The client must fail the connection (RFC 6455 §4.1).",
        checks: [
            "Compare Sec-WebSocket-Extensions on both sides of every proxy: one may drop it from the request only.",
            "Check that the server answers what the request offers, and not what it is set up with.",
        ])

    /// `unoffered-subprotocol`: the server agreed to a subprotocol that was not offered.
    public static let unofferedSubprotocol = NoticeKind(
        "unoffered-subprotocol", .handshake, "the server agreed to a subprotocol that was not offered",
        means: "The client must fail the connection (RFC 6455 §4.1).",
        checks: [
            "Give the client the subprotocol by name, or let the server leave Sec-WebSocket-Protocol out.",
            "Compare the names letter by letter: they differ where their case differs.",
        ])

}
