import WebSocketCaptures
import WebSocketFrames

// A Close that reports an error, and a Close that is missing.
extension AuditJudge {
    /// Returns a notice if an endpoint closed because of an error: one of its peer's, although nothing is wrong, or
    /// one of its own.
    func failure(closer: Endpoint) -> Notice? {
        guard let close = self[closer].close, let code = close.code, !isReply(close, of: closer) else { return nil }
        switch code {
        case .protocolError, .invalidPayload: return unfoundedClose(close, code, closer: closer)
        case .internalError: return ownFailure(close, closer: closer)
        default: return nil
        }
    }

    private func unfoundedClose(_ close: SeenClose, _ code: CloseCode, closer: Endpoint) -> Notice? {
        let peer = self[closer.peer]
        // A violation that comes after the Close in the capture may still have been sent before it.
        guard isKnown(closer.peer, upTo: close.position), isKnown(closer, upTo: close.position), peer.violation == nil,
            handshakeFault(metBy: closer) == nil, !peer.hasSentOpaque
        else { return nil }
        var message =
            "The \(closer.name) closed with \(AuditWording.code(code))\(AuditWording.inPacket(close.position))"
        if code == .protocolError {
            message += ", although no frame of the \(closer.peer.name) breaks a rule up to there"
            if peer.hasSentInflated { message += ", and its compressed messages inflate" }
        } else if peer.hasSentInflated {
            message += ", although all messages of the \(closer.peer.name) inflate, and its text is UTF-8 up to there"
        } else {
            message += ", although all text of the \(closer.peer.name) is UTF-8 up to there"
        }
        message += " (RFC 6455 §7.4.1)." + AuditWording.reason(close)
        message +=
            " Look at the \(closer.name)'s log" + (peer.hasSentInflated ? ", and at how it inflates" : "")
        message += "; for errors of an application's own protocol there are the codes 4000–4999."
        return Notice(
            code == .protocolError ? .unfounded1002 : .unfounded1007, about: closer, message,
            at: close.position.packetPosition)
    }

    private func ownFailure(_ close: SeenClose, closer: Endpoint) -> Notice? {
        let peer = closer.peer
        // Unanswered pings explain it; and nothing else is claimed if bytes are missing.
        guard !timedOut(closer, at: close.position), isKnown(closer, upTo: close.position),
            isKnown(peer, upTo: close.position),
            handshakeFault(metBy: closer) == nil
        else { return nil }
        var message = "The \(closer.name) closed with 1011 (internal error)"
        message += AuditWording.inPacket(close.position) + ", which says that it failed itself (RFC 6455 §7.4.1)"
        if let violation = self[peer].violation {
            // A 1011 in answer to the violation is reported as the wrong code for it; a limit that the user has set
            // need not be the receiver's reason.
            guard violation.position.order > close.position.order || violation.isLimit else { return nil }
            message += "."
        } else {
            message += ": the \(peer.name)'s frames are legal up to there."
        }
        message += AuditWording.reason(close) + " Look at the \(closer.name)'s log."
        return Notice(
            closer == .server ? .serverFailed1011 : .clientFailed1011, about: closer, message,
            at: close.position.packetPosition)
    }

    /// Returns whether every byte of `endpoint` up to `position` has been judged as its peer has read it.
    func isKnown(_ endpoint: Endpoint, upTo position: EventPosition) -> Bool {
        !audit.startsInTheMiddle && !self[endpoint].isContradicted && isSeen(endpoint, upTo: position)
    }

    /// Returns whether no byte of `endpoint` before `position` is missing.
    func isSeen(_ endpoint: Endpoint, upTo position: EventPosition) -> Bool {
        self[endpoint].gap.map { $0.order >= position.order } ?? true
    }

    /// Returns a notice if a Close was not answered with a Close (RFC 6455 §5.5.1).
    func unansweredClose(closer: Endpoint) -> Notice? {
        let silent = closer.peer
        let facts = self[silent]
        guard let close = self[closer].close, facts.close == nil, facts.gap == nil, facts.violation == nil,
            !mayHaveClosedBefore(silent)
        else { return nil }
        // A peer that regards this Close as the end of a broken stream need not wait for an answer.
        if let violation = self[closer].violation, violation.position.order < self[silent].end?.position.order ?? .max {
            return nil
        }
        // No answer can be expected from an endpoint that answers no pings, which is reported. And a faulty handshake
        // explains everything after it.
        guard !timedOut(closer, at: close.position), handshakeFault(metBy: closer) == nil else { return nil }
        guard let instead = insteadOfAnswering(close.position, closer: closer) else { return nil }
        var message =
            "The \(closer.name)'s Close \(AuditWording.with(close.code))\(AuditWording.inPacket(close.position)) "
        message += "was never answered: the \(silent.name) \(instead.words). It must send a Close in return "
        message += "(RFC 6455 §5.5.1); without one the \(closer.name)'s application may see 1006."
        return Notice(
            .closeUnanswered, about: silent, message, at: instead.packetPosition ?? close.position.packetPosition)
    }

    /// Returns what the peer of `closer` did instead of sending its Close; nil if it had no time to send one.
    private func insteadOfAnswering(_ close: EventPosition, closer: Endpoint) -> (
        words: String, packetPosition: PacketPosition?
    )? {
        let silent = closer.peer
        let reset = self[closer].reset
        if let end = self[silent].end, reset == nil || end.position.order < reset?.order ?? 0 {
            guard end.position.order > close.order else { return nil }
            return ("\(end.words) instead\(AuditWording.inPacket(end.position))", end.position.packetPosition)
        }
        let last = reset?.packetPosition ?? end
        // A Close may have to wait until the message that is being sent has ended.
        guard reset != nil || state(of: silent) == .complete else { return nil }
        let continuedSending = continuedSending(silent, after: close)
        guard continuedSending || wasLong(from: close, to: last) else { return nil }
        let wait = AuditWording.duration(close.nanoseconds(to: last)).map { " in the \($0) that followed" } ?? ""
        return ((continuedSending ? "continued to send messages" : "sent no answer") + wait, nil)
    }

    /// Returns a notice if an endpoint ended the TCP connection when neither of the two had sent a Close (RFC 6455
    /// §7.1.5).
    func missingClose(leaver: Endpoint, answer: ViolationAnswer?) -> Notice? {
        let facts = self[leaver]
        let peer = self[leaver.peer]
        guard let end = facts.end, facts.close == nil, facts.gap == nil, facts.violation == nil, peer.gap == nil,
            !mayHaveClosedBefore(leaver), !mayHaveClosedBefore(leaver.peer)
        else { return nil }
        if let close = peer.close, close.position.order < end.position.order { return nil }
        if let other = peer.end, other.position.order < end.position.order { return nil }
        if peer.violation != nil {
            return answer?.outcome == .dropped && answer?.receiver == leaver
                ? droppedViolation(end, leaver: leaver, answer: answer) : nil
        }
        // An endpoint that refuses a handshake owes no Close: from its view the connection was never open (RFC 6455
        // §4.1).
        guard handshakeFault(metBy: leaver) == nil else { return nil }
        return cutFrame(end, leaver: leaver) ?? plainEnd(end, leaver: leaver)
    }

    private func droppedViolation(_ end: TCPEnd, leaver: Endpoint, answer: ViolationAnswer?) -> Notice? {
        guard let answer else { return nil }
        let code = AuditWording.code(answer.rule.closeCode)
        let message = """
            The \(leaver.name) \(AuditWording.ended(end)) after the \(answer.breaker.name)'s violation \
            (\(answer.rule.name)\(AuditWording.packet(answer.seen.position))) without a Close. It should send one with \
            \(code) first (RFC 6455 §7.1.7), so that the \(answer.breaker.name) learns why.
            """
        return Notice(.noClose, about: leaver, message, at: end.position.packetPosition)
    }

    private func cutFrame(_ end: TCPEnd, leaver: Endpoint) -> Notice? {
        let kind: NoticeKind
        let position: String
        switch (state(of: leaver), state(of: leaver.peer)) {
        case (.incompleteFrame, _):
            kind = end.isReset ? .resetInFrame : .endInFrame
            position = "in the middle of a frame of its own"
        case (_, .incompleteFrame) where end.isReset:
            kind = .resetInFrame
            position = "in the middle of a frame of the \(leaver.peer.name)"
        case (.incompleteMessage, _) where !end.isReset:
            kind = .endInMessage
            position = "between two frames of a message of its own"
        default: return nil
        }
        let why =
            reason(of: leaver, at: end)
            ?? "Look at why it went away: a crash, a timeout while writing, or something on the path that cut the connection."
        let message = """
            The \(leaver.name) \(AuditWording.ended(end)) \(position), without a Close (RFC 6455 §5.5.1): an application \
            sees 1006 (§7.1.5). \(why)
            """
        return Notice(kind, about: leaver, message, at: end.position.packetPosition)
    }

    private func plainEnd(_ end: TCPEnd, leaver: Endpoint) -> Notice {
        let why =
            reason(of: leaver, at: end) ?? faultOfOwnHandshake(leaver)
            ?? "Look at why the \(leaver.name) went away: a crash, a killed process, or a proxy that gave up."
        let message = """
            The \(leaver.name) \(AuditWording.ended(end)), and neither side had sent a Close (RFC 6455 §5.5.1): an \
            application sees 1006 (§7.1.5). \(why)
            """
        return Notice(.noClose, about: leaver, message, at: end.position.packetPosition)
    }
}
