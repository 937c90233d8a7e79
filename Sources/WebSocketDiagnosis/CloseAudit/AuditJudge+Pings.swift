import WebSocketCaptures
import WebSocketFrames

// RFC 6455 §5.5.2 and §5.5.3: a ping is answered with a pong that has the same payload, unless a Close has been
// received.
extension AuditJudge {
    func unansweredPing(pinger: Endpoint) -> Notice? {
        let silent = pinger.peer
        let facts = self[pinger]
        let peer = self[silent]
        guard areJudged(pinger, silent) else { return nil }
        guard let first = facts.pings.first else { return slowPong(pinger: pinger) }
        let deadline = deadline(after: first)
        let isInFrame = wasInsideOneFrame(silent, since: first, to: deadline)
        let hadTime = hadTime(from: first, to: deadline?.packetPosition, silent)
        if let pong = facts.pings.foreignPong, !facts.pings.peerSendsUnasked, !audit.startsInTheMiddle,
            hadTime || hasAnsweredClose(silent)
        {
            return differingPong(pong, first: first, pinger: pinger)
        }
        guard hadTime || isInFrame && facts.pings.count > 1 && leftFirst(pinger) else { return nil }
        var message =
            facts.pings.count == 1
            ? "The \(pinger.name)'s ping\(AuditWording.inPacket(first)) was not answered"
            : "None of the \(pinger.name)'s last \(facts.pings.count) pings was answered"
        let duration = AuditWording.duration(first.nanoseconds(to: deadline?.packetPosition ?? end))
        if let duration { message += " within \(duration)" }
        if facts.pings.count > 1, let packet = first.packetPosition?.packet {
            message += (duration == nil ? ", the first of them" : " of the first,") + " in packet \(packet)"
        }
        message += " (RFC 6455 §5.5.2). "
        if isInFrame {
            message += "The \(silent.name) could not answer: it was inside one frame all that time, and a pong can "
            message += "only be sent between frames (§5.4). Send large messages in fragments, or let the "
            message += "\(pinger.name) take any byte as a sign of life."
        } else if let late = facts.pings.latePong {
            message += "The pong came only\(AuditWording.inPacket(late)), after the \(pinger.name) had closed: look at "
            message += "what kept the \(silent.name) busy, and at the \(pinger.name)'s time limit."
        } else if let last = peer.lastFrame, last.order > first.order {
            message += "The \(silent.name) was alive and sent frames: look at why it sends no pongs."
            if let text = facts.pings.promptText {
                message +=
                    " If the text message in packet \(text.packet), right after the ping, is meant as one: a pong is "
                message += "a frame of its own (opcode A), and no message."
            }
        } else {
            message += "No frame came from the \(silent.name) either: it is stuck or gone, or something on the path is."
        }
        return Notice(.pingUnanswered, about: silent, message, at: first.packetPosition)
    }

    /// Returns whether the pings of an endpoint explain why it closed or left: they were unanswered, or the last
    /// answer took long.
    func timedOut(_ pinger: Endpoint, at position: EventPosition) -> Bool {
        let facts = self[pinger]
        guard areJudged(pinger, pinger.peer) else { return false }
        guard let first = facts.pings.first else { return isSlow(pinger: pinger, at: position) }
        guard first.order < position.order else { return false }
        return hadTime(from: first, to: position.packetPosition, pinger.peer)
            || facts.pings.count > 1 && wasInsideOneFrame(pinger.peer, since: first, to: position)
    }

    /// Returns whether no ping or pong of the two can be missing or broken.
    private func areJudged(_ pinger: Endpoint, _ silent: Endpoint) -> Bool {
        self[pinger].gap == nil && self[silent].gap == nil && self[pinger].violation == nil
            && self[silent].violation == nil && !self[pinger].isContradicted && !self[silent].isContradicted
    }

    private func hadTime(from first: EventPosition, to packetPosition: PacketPosition?, _ silent: Endpoint) -> Bool {
        first.nanoseconds(to: packetPosition ?? end).map { $0 >= Self.gapTolerance }
            ?? (messages(of: silent, since: first) >= Self.messagesOnTheWay)
    }

    /// Returns a notice if the pinger closed with 1011 as soon as a pong arrived that took long.
    private func slowPong(pinger: Endpoint) -> Notice? {
        guard let close = self[pinger].close, close.code == .internalError, isSlow(pinger: pinger, at: close.position),
            let (ping, pong) = self[pinger].pings.lastWait,
            let wait = AuditWording.duration(
                ping.nanoseconds(to: pong.packetPosition))
        else { return nil }
        let message = """
            The \(pinger.name)'s ping\(AuditWording.inPacket(ping)) was answered only after \(wait), and the \
            \(pinger.name) closed with 1011\(AuditWording.inPacket(close.position)) without waiting for more \
            (RFC 6455 §5.5.2: as soon as is practical). Look at what kept the \(pinger.peer.name) busy, and at the \
            \(pinger.name)'s time limit.
            """
        return Notice(.pingUnanswered, about: pinger.peer, message, at: ping.packetPosition)
    }

    private func isSlow(pinger: Endpoint, at position: EventPosition) -> Bool {
        guard let (ping, pong) = self[pinger].pings.lastWait, pong.order < position.order,
            let wait = ping.nanoseconds(to: pong.packetPosition),
            let rest = pong.nanoseconds(to: position.packetPosition)
        else { return false }
        return wait >= Self.gapTolerance && rest < 1_000_000_000
    }

    private func differingPong(_ pong: EventPosition, first: EventPosition, pinger: Endpoint) -> Notice {
        let message = """
            The \(pinger.peer.name)'s pong\(AuditWording.inPacket(pong)) does not carry the payload of the \
            \(pinger.name)'s ping\(AuditWording.inPacket(first)), so it answers nothing (RFC 6455 §5.5.3). Look at how \
            the \(pinger.peer.name) makes its pongs.
            """
        return Notice(
            .pongPayloadDiffers, about: pinger.peer, message, at: pong.packetPosition ?? first.packetPosition)
    }

    /// Returns whether `endpoint` was in the middle of a frame at `first` that had not ended by the deadline.
    private func wasInsideOneFrame(_ endpoint: Endpoint, since first: EventPosition, to deadline: EventPosition?)
        -> Bool
    {
        let began: PacketPosition?
        if let next = self[endpoint.peer].pings.nextFrame {
            guard let deadline, next.order > deadline.order else { return false }
            began = next.began
        } else {
            began = unfinishedFrames[endpoint]?.packetPosition
        }
        guard let began, let asked = first.packetPosition else { return false }
        return began.packet < asked.packet
    }

    /// Returns whether `endpoint` closed, or ended the TCP connection, before its peer did.
    private func leftFirst(_ endpoint: Endpoint) -> Bool {
        func left(_ endpoint: Endpoint) -> UInt64 {
            min(self[endpoint].close?.position.order ?? .max, self[endpoint].end?.position.order ?? .max)
        }
        return left(endpoint) < left(endpoint.peer)
    }

    /// Returns the end of the time in which a pong was owed: the first Close, FIN or RST after the ping; nil if there
    /// was none.
    private func deadline(after ping: EventPosition) -> EventPosition? {
        let positions = Endpoint.allCases.flatMap { [self[$0].close?.position, self[$0].end?.position] }
        let later = positions.compactMap { $0 }.filter { $0.order > ping.order }
        return later.min { $0.order < $1.order }
    }

    /// Returns whether `endpoint` answered its peer's Close, so that it has read everything its peer sent before
    /// that.
    private func hasAnsweredClose(_ endpoint: Endpoint) -> Bool {
        self[endpoint].close.map { isReply($0, of: endpoint) } ?? false
    }
}
