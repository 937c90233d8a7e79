import WebSocketFrames

// What was offered and agreed in addition to plain frames (RFC 6455 §9.1, RFC 7692 §7.1).
extension HandshakeCheck {
    mutating func checkOffers(of request: RequestHead, at packetPosition: PacketPosition?) {
        if let broken = request.brokenExtensions {
            addMalformed(broken, of: .client, at: packetPosition)
        }
        for offer in request.deflateOffers {
            do {
                _ = try DeflateOffer(offer)
            } catch {
                add(
                    .invalidExtensionParameters,
                    "The request offers \"\(Self.shown(offer))\": \(error.description). The server must decline that "
                        + "offer (RFC 7692 §7.1).", .client, packetPosition)
            }
        }
    }

    mutating func checkExtensions(
        of response: ResponseHead, answering request: RequestHead?, at packetPosition: PacketPosition?
    ) {
        func add(_ kind: NoticeKind, _ message: String) { self.add(kind, message, .server, packetPosition) }
        if let broken = response.brokenExtensions {
            addMalformed(broken, of: .server, at: packetPosition)
        }
        for name in response.extensions where name != DeflateOffer.name {
            add(
                .unknownExtension,
                "The handshake agrees to the extension \"\(Self.shown(name))\"\(Self.kind(of: name)). What it claims is "
                    + "not known here: RSV bits are not judged, and neither is the text of a message that has one.")
        }
        checkAnswer(of: response, answering: request, at: packetPosition)
        guard let request else { return }
        // If there are more names than this, not all were kept.
        let offersAreKnown = request.extensions.count < HTTPHead.maximumExtensionCount
        for name in response.extensions where offersAreKnown && !request.extensions.contains(name) {
            add(
                .unofferedExtension,
                "The response agrees to the extension \"\(Self.shown(name))\", which the request did not offer: the "
                    + "client must fail the connection (RFC 6455 §4.1).")
        }
    }

    /// Checks what the response says about permessage-deflate.
    private mutating func checkAnswer(
        of response: ResponseHead, answering request: RequestHead?, at packetPosition: PacketPosition?
    ) {
        func add(_ element: WebSocketExtension, _ clause: String) {
            self.add(
                .invalidExtensionParameters,
                "The response agrees to \"\(Self.shown(element))\": \(clause). The client must fail the connection "
                    + "(RFC 7692 §7.1).", .server, packetPosition)
        }
        guard let answer = response.deflateAnswers.first else { return }
        if response.deflateAnswers.count > 1 { add(answer, "permessage-deflate comes more than once") }
        do {
            _ = try DeflateOffer.parameters(answered: answer)
            let offers = (request?.deflateOffers ?? []).compactMap { try? DeflateOffer($0) }
            guard let first = offers.first, !offers.contains(where: { (try? $0.parameters(answeredBy: answer)) != nil })
            else { return }
            _ = try first.parameters(answeredBy: answer)
        } catch {
            add(answer, error.description)
        }
    }

    private mutating func addMalformed(
        _ broken: MalformedExtensions, of sender: Endpoint, at packetPosition: PacketPosition?
    ) {
        add(
            .invalidExtensionParameters,
            "\(broken.description) of the field's value. Whoever receives that must fail the connection (RFC 6455 §9.1).",
            sender, packetPosition)
    }

    /// Returns what is known about an extension that never became a standard.
    private static func kind(of name: String) -> String {
        switch name {
        case "x-webkit-deflate-frame", "deflate-frame":
            ", a draft before permessage-deflate, in which RSV1 marks each compressed frame"
        case "permessage-bzip2", "permessage-snappy", "permessage-lz4", "permessage-zstd", "permessage-brotli":
            ", by its name one that compresses messages and marks them with RSV1 (RFC 7692 §6)"
        default: ""
        }
    }

    private static func shown(_ text: some CustomStringConvertible) -> String {
        shown(Array(text.description.utf8)[...])
    }
}
