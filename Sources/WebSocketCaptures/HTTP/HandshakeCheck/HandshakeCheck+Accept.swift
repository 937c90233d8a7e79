import WebSocketFrames

// Sec-WebSocket-Accept proves that the server understood the request (RFC 6455 §4.2.2).
extension HandshakeCheck {
    mutating func checkAccept(
        in response: ResponseHead, answering request: RequestHead?, _ otherAccepts: [[UInt8]],
        at packetPosition: PacketPosition?
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
        let origin = AcceptOrigin(accept: Array(accept), key: Array(key), expected: expected, others: otherAccepts)
        add(
            .wrongAccept,
            "Sec-WebSocket-Accept is \"\(Self.shown(accept))\"; the request's key asks for "
                + "\"\(Self.shown(expected[...]))\". \(origin.map { $0.sentence + " " } ?? "")The client must fail the "
                + "connection (RFC 6455 §4.1).", .server, packetPosition)
    }
}
