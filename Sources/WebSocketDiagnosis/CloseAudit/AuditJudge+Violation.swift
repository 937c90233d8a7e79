import WebSocketCaptures
import WebSocketFrames

/// How the conversation's first violation was answered.
struct ViolationAnswer {
    enum Outcome: Equatable {
        /// A Close with the rule's own code.
        case proper
        /// A Close with another code, or without one.
        case improper(CloseCode?)
        /// The receiver continued as if nothing were wrong.
        case unnoticed
        /// The receiver ended the TCP connection without a Close.
        case dropped
        /// No answer was seen, but it cannot be claimed that there was none.
        case unseen
    }

    /// The endpoint that broke the rule.
    var breaker: Endpoint
    var seen: SeenViolation
    var outcome: Outcome

    var receiver: Endpoint { breaker.peer }
    var rule: Rule { seen.violation.rule }
}

// RFC 6455 §7.1.7: an endpoint that receives something illegal fails the connection, with a Close that says why.
extension AuditJudge {
    /// The answer to the first violation. Nil if there is no violation, or none that requires an answer: either
    /// endpoint had already sent its Close, or a limit was exceeded that the user has set and the receiver need not
    /// have.
    var violationAnswer: ViolationAnswer? {
        guard let breaker = firstBreaker, let seen = self[breaker].violation else { return nil }
        let receiver = breaker.peer
        if let close = self[breaker].close, close.position.order < seen.position.order { return nil }
        if let close = self[receiver].close, close.position.order < seen.position.order { return nil }
        if seen.isLimit, self[receiver].close?.code != .messageTooBig { return nil }
        return ViolationAnswer(breaker: breaker, seen: seen, outcome: outcome(of: seen, breaker: breaker))
    }

    private var firstBreaker: Endpoint? {
        guard let client = self[.client].violation else { return self[.server].violation.map { _ in .server } }
        guard let server = self[.server].violation else { return .client }
        return client.position.order < server.position.order ? .client : .server
    }

    private func outcome(of seen: SeenViolation, breaker: Endpoint) -> ViolationAnswer.Outcome {
        let receiver = breaker.peer
        let facts = self[receiver]
        guard !self[breaker].isContradicted, !facts.isContradicted else { return .unseen }
        // Bytes missing before the violation, or before its answer, may contain an earlier violation, or the answer.
        guard isSeen(breaker, upTo: seen.position), facts.close.map({ isSeen(receiver, upTo: $0.position) }) ?? true
        else {
            return facts.close.map { isRight($0, for: seen) } == true ? .proper : .unseen
        }
        let isUnnoticed = seen.wasPassed || continuedSending(receiver, after: seen.position)
        if let close = facts.close {
            if isRight(close, for: seen) { return .proper }
            // An answer to a Close that came after the violation shows that the violation was ignored.
            if isUnnoticed || answersLaterClose(close, of: breaker) { return .unnoticed }
            // An endpoint that sent more, or let time pass, before it closed may have had its own reason: only a
            // Close that follows at once is about the violation, and one for a size never is.
            let isLate = wasLong(from: seen.position, to: close.position.packetPosition)
            if !signalsError(close.code) {
                if isLate { return .unnoticed }
                if let last = facts.lastMessage, last.order > seen.position.order { return .unseen }
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
        if let other = self[breaker].end, other.position.order < end.position.order { return .unseen }
        return .dropped
    }

    /// Returns whether a Close has the code that the violation requires. Data that does not inflate is neither UTF-8
    /// nor DEFLATE, so 1002 is as good as 1007; and a receiver that checks text only at the end of a message may find
    /// a later violation first.
    private func isRight(_ close: SeenClose, for seen: SeenViolation) -> Bool {
        if close.code == seen.violation.closeCode { return true }
        if seen.violation.rule.name == "invalid-deflate", close.code == .protocolError { return true }
        return seen.violation.closeCode == .invalidPayload
            && seen.further.contains { $0.code == close.code && $0.position.order < close.position.order }
    }

    /// Returns whether the breaker had sent a Close, perhaps a broken one, before the receiver sent its own.
    private func answersLaterClose(_ close: SeenClose, of breaker: Endpoint) -> Bool {
        if self[breaker].close != nil, isReply(close, of: breaker.peer) { return true }
        guard let broken = self[breaker].brokenClose, broken.order < close.position.order,
            let violation = self[breaker].violation
        else { return false }
        // The breaker's code is known if the code itself is at fault.
        return violation.violation.rule != .invalidCloseCode && !signalsError(close.code)
    }

    /// Returns what is wrong with the answer to a violation. (A dropped connection is left to ``missingClose``.)
    func note(on answer: ViolationAnswer) -> Notice? {
        let receiver = answer.receiver
        let own = answer.rule.closeCode
        let fault =
            "the \(answer.breaker.name)'s violation (\(answer.rule.name)\(AuditWording.packet(answer.seen.position)))"
        switch answer.outcome {
        case .improper(let code):
            let close = self[receiver].close
            let position = close?.position ?? self[receiver].violation?.position
            var message = "The \(receiver.name) answered \(fault) with a Close"
            message += code.map { " of code \(AuditWording.code($0))" } ?? " without a code"
            message += AuditWording.inPacket(position)
            message += ", and \(AuditWording.code(own)) is the code for it (RFC 6455 §7.4.1)."
            message += AuditWording.reason(close)
            message += explanation(of: code, sent: receiver)
            return Notice(.wrongCloseCode, about: receiver, message, at: position?.packetPosition)
        case .unnoticed:
            var message = "The \(receiver.name) ignored \(fault): it continued"
            if let close = self[receiver].close {
                message += ", and closed \(AuditWording.with(close.code))\(AuditWording.inPacket(close.position)) only"
                message += isReply(close, of: receiver) ? " when the \(answer.breaker.name) did" : " later"
            }
            message += ". It must fail the connection (RFC 6455 §7.1.7) with \(AuditWording.code(own)): "
            message += "its parser does not seem to check this rule."
            return Notice(.violationUnnoticed, about: receiver, message, at: answer.seen.position.packetPosition)
        case .proper, .dropped, .unseen: return nil
        }
    }

    private func explanation(of code: CloseCode?, sent endpoint: Endpoint) -> String {
        switch code {
        case .internalError?:
            " 1011 says that the \(endpoint.name) itself failed, but it was the \(endpoint.peer.name) that broke the rule."
        case .normalClosure?, .goingAway?:
            " Unless the two crossed on the wire, that code does not show that a rule was broken."
        default: ""
        }
    }
}
