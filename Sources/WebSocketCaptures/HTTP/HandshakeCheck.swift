import WebSocketFrames

/// What is doubtful about a handshake (RFC 6455 §4.2), though its frames are judged all the same.
struct HandshakeCheck {
    /// What was found, and whose doing it is.
    private(set) var notices: [Notice] = []

    /// Checks a request, and the response that belongs to it; at least one of them is known.
    init(
        _ request: RequestHead?, at requestPacketPosition: PacketPosition?, _ response: ResponseHead?,
        at responsePacketPosition: PacketPosition?
    ) {
        if let request { check(request, at: requestPacketPosition) }
        if let response, response.status != 101 {
            add(
                .handshakeRefused,
                "The server answered the handshake with HTTP status \(response.status), not 101: no frames can follow.",
                .server, responsePacketPosition)
        } else if let response {
            check(response, answering: request, at: responsePacketPosition)
        }
        if request == nil {
            add(
                .requestNotCaptured,
                "The capture holds the server's response to the handshake, but not the client's request: whether they "
                    + "fit cannot be checked.", nil, responsePacketPosition)
        }
        if response == nil {
            add(
                .responseNotCaptured,
                "The capture holds the client's request for a WebSocket connection, but no response to it: what was "
                    + "agreed on, and whether anything was, is not known.", nil, requestPacketPosition)
        }
    }

    private mutating func check(_ request: RequestHead, at packetPosition: PacketPosition?) {
        func add(_ kind: NoticeKind, _ message: String) { self.add(kind, message, .client, packetPosition) }
        if request.method != .get {
            add(.requestNotGet, "The request for a WebSocket connection is no GET (RFC 6455 §4.1).")
        }
        if request.minorVersion == 0 {
            add(.oldHttpVersion, "The request is of HTTP/1.0; the handshake needs 1.1 (RFC 6455 §4.1).")
        }
        if !request.asksForWebSocket {
            add(
                .missingUpgrade,
                "The request has a Sec-WebSocket-Key, but no Upgrade: websocket (RFC 6455 §4.1). A proxy before "
                    + "the server takes it away unless it is configured to pass it on.")
        } else if !request.connectionNamesUpgrade {
            add(
                .missingConnectionUpgrade,
                "The request has no Connection: Upgrade (RFC 6455 §4.1). A proxy takes it away unless it is configured to pass "
                    + "it on.")
        }
        if request.version != "13" {
            let found = request.version.map { "says \"\($0)\"" } ?? "is missing"
            add(.wrongVersion, "Sec-WebSocket-Version \(found) in the request; it must be 13 (RFC 6455 §4.1).")
        }
        switch request.key {
        case nil: add(.missingKey, "The request has no Sec-WebSocket-Key (RFC 6455 §4.1).")
        case .some(let key):
            if Base64.decodedCount(of: key) != 16 {
                add(
                    .wrongKey,
                    "Sec-WebSocket-Key is \"\(shown(key))\", which is not the Base64 of 16 bytes (RFC 6455 §4.1).")
            }
        }
    }

    private mutating func check(
        _ response: ResponseHead, answering request: RequestHead?, at packetPosition: PacketPosition?
    ) {
        func add(_ kind: NoticeKind, _ message: String) { self.add(kind, message, .server, packetPosition) }
        if response.minorVersion == 0 {
            add(.oldHttpVersion, "The response is of HTTP/1.0; the handshake needs 1.1 (RFC 6455 §4.1).")
        }
        if !response.namesAnUpgrade {
            add(.missingUpgrade, "The response has no Upgrade: websocket (RFC 6455 §4.2.2).")
        } else if !response.connectionNamesUpgrade {
            add(.missingConnectionUpgrade, "The response has no Connection: Upgrade (RFC 6455 §4.2.2).")
        }
        checkAccept(in: response, answering: request, at: packetPosition)
        for name in response.extensions where name != Self.deflate {
            add(
                .unknownExtension,
                "The handshake agrees to the extension \"\(shown(Array(name.utf8)[...]))\". What it claims is not known "
                    + "here: its RSV bits are judged as claimed by nobody.")
        }
        guard let request else { return }
        // Of more names than these not all were kept.
        let offersAreKnown = request.extensions.count < HTTPHead.maximumExtensionCount
        for name in response.extensions where offersAreKnown && !request.extensions.contains(name) {
            add(
                .unofferedExtension,
                "The response agrees to the extension \"\(shown(Array(name.utf8)[...]))\", which the request did not "
                    + "offer: the client must fail the connection (RFC 6455 §4.1).")
        }
        if let agreed = response.subprotocol, request.subprotocols?.contains(agreed) == false {
            add(
                .unofferedSubprotocol,
                "The response agrees to the subprotocol \"\(shown(agreed))\", which the request did not offer: the "
                    + "client must fail the connection (RFC 6455 §4.1).")
        }
    }

    private mutating func checkAccept(
        in response: ResponseHead, answering request: RequestHead?, at packetPosition: PacketPosition?
    ) {
        guard let accept = response.accept else {
            add(
                .missingAccept,
                "The response has no Sec-WebSocket-Accept: the client must fail the connection (RFC 6455 §4.1).",
                .server, packetPosition)
            return
        }
        guard let key = request?.key else { return }
        let expected = AcceptValue.expected(for: key)
        guard !accept.elementsEqual(expected) else { return }
        add(
            .wrongAccept,
            "Sec-WebSocket-Accept is \"\(shown(accept))\"; the request's key asks for \"\(shown(expected[...]))\": the "
                + "client must fail the connection (RFC 6455 §4.1).", .server, packetPosition)
    }

    private mutating func add(
        _ kind: NoticeKind, _ message: String, _ endpoint: Endpoint?, _ packetPosition: PacketPosition?
    ) {
        notices.append(Notice(kind, about: endpoint, message, at: packetPosition))
    }

    /// A message is to be read: of a value that fills a screen it shows the beginning.
    private func shown(_ bytes: ArraySlice<UInt8>) -> String {
        HTTPHead.printable(bytes, limit: 100)
    }

    private static let deflate = HandshakeReader.deflate
}
