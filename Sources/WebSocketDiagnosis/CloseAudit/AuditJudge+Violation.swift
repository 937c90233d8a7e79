import WebSocketCaptures
import WebSocketFrames

/// What became of the conversation's first violation.
struct ViolationAnswer {
    enum Outcome: Equatable {
        /// A Close with the rule's own code.
        case proper
        /// A Close with another code, or without one.
        case improper(CloseCode?)
        /// The receiver went on as if nothing were wrong.
        case unnoticed
        /// The receiver ended the TCP connection without a Close.
        case dropped
        /// No answer was seen, and none can be claimed to be missing.
        case unseen
    }

    /// The endpoint that broke the rule.
    var breaker: Endpoint
    var seen: SeenViolation
    var outcome: Outcome

    var receiver: Endpoint { breaker.peer }
    var rule: Rule { seen.violation.rule }
}

// RFC 6455 §7.1.7: an endpoint that receives what is not legal fails the connection, with a Close that says why.
extension AuditJudge {
    /// The answer to the first violation; nil if there is none, or none that asks for an answer: when either had
    /// sent its Close by then, and where a limit was crossed that the user has set and the receiver need not have.
    var violationAnswer: ViolationAnswer? {
        guard let breaker = firstBreaker, let seen = self[breaker].violation else { return nil }
        let receiver = breaker.peer
        if let close = self[breaker].close, close.place.order < seen.place.order { return nil }
        if let close = self[receiver].close, close.place.order < seen.place.order { return nil }
        if seen.isLimit, self[receiver].close?.code != .messageTooBig { return nil }
        return ViolationAnswer(breaker: breaker, seen: seen, outcome: outcome(of: seen, breaker: breaker))
    }

    private var firstBreaker: Endpoint? {
        guard let client = self[.client].violation else { return self[.server].violation.map { _ in .server } }
        guard let server = self[.server].violation else { return .client }
        return client.place.order < server.place.order ? .client : .server
    }

    private func outcome(of seen: SeenViolation, breaker: Endpoint) -> ViolationAnswer.Outcome {
        let receiver = breaker.peer
        let facts = self[receiver]
        guard !self[breaker].isContradicted, !facts.isContradicted else { return .unseen }
        // Missing bytes before the violation, or before its answer, may hold another one, or the answer.
        guard isSeen(breaker, upTo: seen.place), facts.close.map({ isSeen(receiver, upTo: $0.place) }) ?? true else {
            return facts.close.map { isRight($0, for: seen) } == true ? .proper : .unseen
        }
        let isUnnoticed = seen.wasPassed || wentOn(receiver, after: seen.place)
        if let close = facts.close {
            if isRight(close, for: seen) { return .proper }
            // The answer to a Close that came after the violation shows that the violation was skipped.
            if isUnnoticed || answersLaterClose(close, of: breaker) { return .unnoticed }
            // An endpoint that sent more, or let time pass, and then closed, may have done so for a reason of its own: only
            // a Close that comes at once is about the violation, and none for a size is.
            let isLate = wasLong(from: seen.place, to: close.place.packetPosition)
            if !tellsOfError(close.code) {
                if isLate { return .unnoticed }
                if let last = facts.lastMessage, last.order > seen.place.order { return .unseen }
            } else if close.code == .messageTooBig || isLate && close.code == .internalError {
                return .unseen
            }
            return .improper(close.code)
        }
        if facts.gap != nil { return .unseen }
        if let own = facts.violation?.violation {
            if own.rule == .invalidCloseCode, own.value == seen.violation.value,
                seen.violation.rule == .invalidCloseCode
            {
                return .unnoticed
            }
            return own.rule == .invalidCloseCode ? .improper(CloseCode(rawValue: own.value)) : .unseen
        }
        if isUnnoticed { return .unnoticed }
        guard let end = facts.end else { return .unseen }
        if let other = self[breaker].end, other.place.order < end.place.order { return .unseen }
        return .dropped
    }

    /// Whether a Close says what the violation asks for. What does not inflate is no UTF-8 and no DEFLATE either, so
    /// 1002 says as much as 1007; and who looks at text only when its message ends may find a later violation first.
    private func isRight(_ close: SeenClose, for seen: SeenViolation) -> Bool {
        if close.code == seen.violation.closeCode { return true }
        if seen.violation.rule.name == "invalid-deflate", close.code == .protocolError { return true }
        return seen.violation.closeCode == .invalidPayload
            && seen.further.contains { $0.code == close.code && $0.place.order < close.place.order }
    }

    /// The breaker had sent a Close, a broken one perhaps, before the receiver sent its own.
    private func answersLaterClose(_ close: SeenClose, of breaker: Endpoint) -> Bool {
        if self[breaker].close != nil, isReply(close, of: breaker.peer) { return true }
        guard let broken = self[breaker].brokenClose, broken.order < close.place.order,
            let violation = self[breaker].violation
        else { return false }
        // Its code is known where the code itself is what is wrong.
        return violation.violation.rule != .invalidCloseCode && !tellsOfError(close.code)
    }

    /// What is wrong with the answer to a violation. (A connection that was dropped is for ``missingClose``.)
    func note(on answer: ViolationAnswer) -> Notice? {
        let receiver = answer.receiver
        let own = answer.rule.closeCode
        let fault =
            "the \(answer.breaker.name)'s violation (\(answer.rule.name)\(AuditWords.packet(answer.seen.place)))"
        switch answer.outcome {
        case .improper(let code):
            let close = self[receiver].close
            let place = close?.place ?? self[receiver].violation?.place
            var message = "The \(receiver.name) answered \(fault) with a Close"
            message += code.map { " of code \(AuditWords.code($0))" } ?? " without a code"
            message += AuditWords.inPacket(place)
            message += ", and \(AuditWords.code(own)) is the code for it (RFC 6455 §7.4.1)."
            message += AuditWords.reason(close)
            message += explanation(of: code, sent: receiver)
            return Notice(.wrongCloseCode, about: receiver, message, at: place?.packetPosition)
        case .unnoticed:
            var message = "The \(receiver.name) took no notice of \(fault): it went on"
            if let close = self[receiver].close {
                message += ", and closed \(AuditWords.with(close.code))\(AuditWords.inPacket(close.place)) only"
                message += isReply(close, of: receiver) ? " when the \(answer.breaker.name) did" : " later"
            }
            message += ". It must fail the connection (RFC 6455 §7.1.7) with \(AuditWords.code(own)): "
            message += "its parser does not seem to check this rule."
            return Notice(.violationUnnoticed, about: receiver, message, at: answer.seen.place.packetPosition)
        case .proper, .dropped, .unseen: return nil
        }
    }

    private func explanation(of code: CloseCode?, sent endpoint: Endpoint) -> String {
        switch code {
        case .internalError?:
            " 1011 says that the \(endpoint.name) itself failed, but it was the \(endpoint.peer.name) that broke the rule."
        case .normalClosure?, .goingAway?:
            " Unless the two crossed on the wire, nobody can tell from that code that a rule was broken."
        default: ""
        }
    }
}
