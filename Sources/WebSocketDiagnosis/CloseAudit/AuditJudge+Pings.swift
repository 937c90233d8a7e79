import WebSocketCaptures
import WebSocketFrames

// RFC 6455 §5.5.2 and §5.5.3: a ping is answered by a pong with the same payload, unless a Close has come.
extension AuditJudge {
    func unansweredPing(pinger: Endpoint) -> Notice? {
        let silent = pinger.peer
        let facts = self[pinger]
        let peer = self[silent]
        guard let first = facts.pings.first, facts.gap == nil, facts.violation == nil, peer.gap == nil,
            peer.violation == nil
        else { return nil }
        let deadline = deadline(after: first)
        let hadTime =
            first.nanoseconds(to: deadline).map { $0 >= Self.gapTolerance }
            ?? (messages(of: silent, since: first) >= Self.messagesOnTheWay)
        if let pong = facts.pings.foreignPong, !facts.pings.peerSendsUnasked, !audit.startsInTheMiddle,
            hadTime || hasAnsweredClose(silent)
        {
            return differingPong(pong, first: first, pinger: pinger)
        }
        guard hadTime else { return nil }
        var message =
            facts.pings.count == 1
            ? "The \(pinger.name)'s ping\(AuditWords.inPacket(first)) was not answered"
            : "None of the \(pinger.name)'s last \(facts.pings.count) pings was answered"
        if facts.pings.count > 1, let packet = first.packetPosition?.packet {
            message += " (the first is packet \(packet))"
        }
        if let duration = AuditWords.duration(first.nanoseconds(to: deadline)) { message += " within \(duration)" }
        message += " (RFC 6455 §5.5.2). "
        if let last = peer.lastFrame, last.order > first.order {
            message += "The \(silent.name) was alive and sent frames: look at why it sends no pongs."
        } else {
            message += "No frame came from the \(silent.name) either: it is stuck or gone, or something between is."
        }
        return Notice(
            .pingUnanswered, about: silent, message, at: first.packetPosition)
    }

    private func differingPong(_ pong: Place, first: Place, pinger: Endpoint) -> Notice {
        let message = """
            The \(pinger.peer.name)'s pong\(AuditWords.inPacket(pong)) does not carry the payload of the \
            \(pinger.name)'s ping\(AuditWords.inPacket(first)), so it answers nothing (RFC 6455 §5.5.3). Look at how \
            the \(pinger.peer.name) makes its pongs.
            """
        return Notice(
            .pongPayloadDiffers, about: pinger.peer, message, at: pong.packetPosition ?? first.packetPosition)
    }

    /// The end of the time in which a pong was owed: the first Close, FIN or RST after the ping, or the end.
    private func deadline(after ping: Place) -> PacketPosition? {
        let places = Endpoint.allCases.flatMap { [self[$0].close?.place, self[$0].end?.place] }
        let later = places.compactMap { $0 }.filter { $0.order > ping.order }
        guard let first = later.min(by: { $0.order < $1.order }) else { return end }
        return first.packetPosition
    }

    /// `endpoint` answered its peer's Close, so it has read all that its peer sent before that.
    private func hasAnsweredClose(_ endpoint: Endpoint) -> Bool {
        self[endpoint].close.map { isReply($0, of: endpoint) } ?? false
    }
}
