import WebSocketCaptures
import WebSocketFrames

/// Differences between the handshakes of both hops that should not exist.
///
/// A proxy that speaks WebSocket itself may agree on different extensions with each side. Whether it does shows in
/// what it passes on: only a proxy that passes on the client's handshake, but not the server's answer, is reported
/// here.
struct HopHandshakes {
    private let front: ConversationHead
    private let back: ConversationHead
    private let directions: [HopDirection]
    private(set) var differences: [HopDifference] = []

    init(front: HopTrace, back: HopTrace, _ directions: [HopDirection]) {
        self.front = front.head
        self.back = back.head
        self.directions = directions
        compareRequests()
        compareAnswers()
        guard self.front.opening == .upgrade, self.back.opening == .upgrade else { return }
        compareAccepts()
        compareExtensions()
        compareSubprotocols()
    }

    private mutating func add(_ kind: HopDifference.Kind, _ message: String) {
        differences.append(
            HopDifference(
                kind: kind, sender: nil, count: 1, message: message, front: front.packetPosition,
                back: back.packetPosition))
    }

    private mutating func compareRequests() {
        guard front.asksForWebSocket == true, back.asksForWebSocket == false else { return }
        add(
            .upgradeNotPassed,
            "The client's request has Upgrade: websocket, and the one that the proxy makes of it has none: the server "
                + "sees plain HTTP. Upgrade and Connection are about one connection, so a proxy passes them on only where "
                + "it is configured to (RFC 9110 §7.8).")
    }

    private mutating func compareAnswers() {
        func words(_ opening: ConversationHead.Opening) -> String? {
            switch opening {
            case .upgrade: "with 101"
            case .refused(let status?): "with \(status)"
            case .refused(nil): "with something other than HTTP"
            case .middle, .extendedConnect: nil
            }
        }
        guard let answer = words(front.opening), let origin = words(back.opening), answer != origin else { return }
        add(
            .answersDiffer,
            "The server answers the handshake \(origin)\(HopWording.inPacket(back.packetPosition)), and the proxy answers the "
                + "client \(answer)\(HopWording.inPacket(front.packetPosition)).")
    }

    private mutating func compareAccepts() {
        guard let accept = front.accept, let key = back.key, key != front.key, let own = front.key,
            AcceptValue.expected(for: key) == accept, AcceptValue.expected(for: own) != accept
        else { return }
        add(
            .acceptOfOtherHop,
            "The proxy asks the server with a key of its own, and passes the answer to that key on to the client, whose "
                + "key asks for another: the client must fail the connection (RFC 6455 §4.1). A proxy either passes key "
                + "and Sec-WebSocket-Accept on, or makes both itself.")
    }

    private mutating func compareExtensions() {
        guard let onFront = front.agreedDeflate, let onBack = back.agreedDeflate, front.key == back.key else { return }
        guard onFront != onBack || front.deflate != back.deflate || front.otherExtensions != back.otherExtensions
        else { return }
        // A proxy that compresses itself is recognised by a message that it has passed on in another form.
        let translates = directions.contains { direction in
            direction.equal.contains { $0.sent.isCompressed != $0.passed.isCompressed }
        }
        guard !translates else { return }
        guard onFront != onBack else {
            return add(
                .extensionsDiffer,
                "Other extensions, or other parameters of permessage-deflate, were agreed on the client's hop than on the "
                    + "server's, with one Sec-WebSocket-Key: the proxy passed the handshake on, and changed the answer."
            )
        }
        let cause =
            onBack
            ? "The proxy passed the client's offer on, and not the server's answer: what the server then compresses "
                + "must be refused by a proxy that reads frames, or by the client."
            : "The proxy announced that to the client, and not to the server, which must refuse what the client compresses."
        add(
            .extensionsDiffer,
            "permessage-deflate was agreed on the \(onBack ? "server's" : "client's") hop, and not on the "
                + "\(onBack ? "client's" : "server's"). \(cause) Sec-WebSocket-Extensions must be passed on both ways, or "
                + "neither way.")
    }

    private mutating func compareSubprotocols() {
        guard front.subprotocol != back.subprotocol, front.agreedDeflate != nil, back.agreedDeflate != nil else {
            return
        }
        func words(_ name: String?) -> String { name.map { Wording.quoted(Array($0.utf8)) } ?? "none" }
        add(
            .subprotocolDiffers,
            "The server agrees to the subprotocol \(words(back.subprotocol)), and the proxy tells the client "
                + "\(words(front.subprotocol)): the two take what follows for different protocols (RFC 6455 §1.9).")
    }
}
