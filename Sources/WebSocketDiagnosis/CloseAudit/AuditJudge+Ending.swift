import WebSocketCaptures
import WebSocketFrames

// How the conversation ended: by the answer to a violation, else by the first Close, else by the end of the TCP
// connection.
extension AuditJudge {
    /// - Parameter isWrong: whether something wrong with the ending was found.
    func ending(answer: ViolationAnswer?, isWrong: Bool) -> Ending {
        var ending = answer.map(ending(by:)) ?? closing ?? leaving ?? stop
        if isWrong { ending.isRight = false }
        return ending
    }

    private func ending(by answer: ViolationAnswer) -> Ending {
        let receiver = answer.receiver.name
        // A Close with a code that must not be sent is itself a violation.
        let close = self[answer.receiver].close?.position ?? self[answer.receiver].violation?.position
        var message = "The \(answer.breaker.name) broke the rule \(answer.rule.name)"
        message += AuditWording.inPacket(answer.seen.position)
        switch answer.outcome {
        case .proper:
            // A code other than the rule's own may be just as right.
            let code = self[answer.receiver].close?.code ?? answer.rule.closeCode
            message += ", and the \(receiver) closed with \(AuditWording.code(code))\(AuditWording.inPacket(close))"
            message += code == answer.rule.closeCode ? ", as it must." : ", which is right as well."
            return Ending(
                kind: .violationAnswered, isRight: true, message: message, packetPosition: close?.packetPosition)
        case .improper(let code):
            message += ", and the \(receiver) closed \(AuditWording.with(code))\(AuditWording.inPacket(close)) "
            message += "instead of \(answer.rule.closeCode.rawValue)."
            return Ending(
                kind: .violationMisanswered, isRight: false, message: message, packetPosition: close?.packetPosition)
        case .unnoticed:
            message += ", and the \(receiver) took no notice."
            return Ending(
                kind: .violationUnnoticed, isRight: false, message: message,
                packetPosition: answer.seen.position.packetPosition)
        case .dropped:
            let end = self[answer.receiver].end
            message += ", and the \(receiver) \(end.map(AuditWording.ended) ?? "went away") without a Close."
            return Ending(
                kind: .violationDropped, isRight: nil, message: message, packetPosition: end?.position.packetPosition)
        case .unseen:
            if let close = self[answer.receiver].close {
                message +=
                    ". The \(receiver) closed \(AuditWording.with(close.code))\(AuditWording.inPacket(close.position)): "
                message += "whether because of that is not known."
            } else {
                message += ". No answer of the \(receiver) was seen" + reasonForSilence(of: answer.receiver) + "."
            }
            return Ending(
                kind: .violationUnanswered, isRight: nil, message: message,
                packetPosition: answer.seen.position.packetPosition)
        }
    }

    /// The ending by the first Close, if there was one.
    private var closing: Ending? {
        guard let closer = firstCloser, let close = self[closer].close else { return nil }
        var message =
            "The \(closer.name) closed \(AuditWording.with(close.code))\(AuditWording.inPacket(close.position))"
        guard let reply = self[closer.peer].close else {
            message += ". No Close of the \(closer.peer.name) was seen" + reasonForSilence(of: closer.peer) + "."
            message += handshakeReason(of: closer)
            return Ending(
                kind: .oneClose, isRight: nil, message: message, packetPosition: close.position.packetPosition)
        }
        message += ", and the \(closer.peer.name) answered"
        if reply.code != close.code { message += " \(AuditWording.with(reply.code))" }
        message += AuditWording.inPacket(reply.position) + "."
        if close.code == .messageTooBig {
            message += " Its limit is its own: a capture cannot tell whether the message was too big for it."
        }
        message += handshakeReason(of: closer)
        let isRight: Bool? = signalsError(close.code) || signalsError(reply.code) ? nil : true
        return Ending(kind: .closed, isRight: isRight, message: message, packetPosition: close.position.packetPosition)
    }

    private var firstCloser: Endpoint? {
        guard let client = self[.client].close else { return self[.server].close.map { _ in .server } }
        guard let server = self[.server].close else { return .client }
        return client.position.precedes(server.position) ? .client : .server
    }

    /// Returns whether a code reports an error. Whether such a Close is right depends on more than a capture shows,
    /// unless a notice says that it is wrong.
    func signalsError(_ code: CloseCode?) -> Bool {
        switch code {
        case .protocolError?, .invalidPayload?, .messageTooBig?, .internalError?: true
        default: false
        }
    }

    /// The ending by the end of the TCP connection, if that was seen.
    private var leaving: Ending? {
        let ends = Endpoint.allCases.compactMap { endpoint in self[endpoint].end.map { (endpoint, $0) } }
        guard let (leaver, end) = ends.min(by: { $0.1.position.order < $1.1.position.order }) else { return nil }
        var message = "The \(leaver.name) \(AuditWording.ended(end))"
        if Endpoint.allCases.allSatisfy(isKnownNotToHaveClosed) {
            message += ", and neither side had sent a Close: an application sees 1006." + handshakeReason(of: leaver)
        } else {
            message += ". Whether a Close was sent before is not known: not every frame could be seen."
        }
        return Ending(
            kind: end.isReset ? .reset : .finished, isRight: nil, message: message,
            packetPosition: end.position.packetPosition)
    }

    /// Returns whether the endpoint cannot have sent a Close that was not seen.
    private func isKnownNotToHaveClosed(_ endpoint: Endpoint) -> Bool {
        self[endpoint].gap == nil && self[endpoint].violation == nil && !mayHaveClosedBefore(endpoint)
    }

    /// The ending of a conversation that nothing ended.
    private var stop: Ending {
        if captureEnded {
            return Ending(
                kind: .captureEnded, isRight: nil, message: "The capture ends while the connection is open.",
                packetPosition: end)
        }
        return Ending(
            kind: .unseen, isRight: nil, message: "The end of the connection is not in the capture.",
            packetPosition: nil)
    }

    private func reasonForSilence(of endpoint: Endpoint) -> String {
        let facts = self[endpoint]
        if facts.gap != nil { return ": some of its bytes are missing" }
        if facts.violation != nil { return ": its own frames are broken" }
        if let end = facts.end { return ": it \(AuditWording.ended(end))" }
        if let end = self[endpoint.peer].end {
            return " before the \(endpoint.peer.name) \(AuditWording.ended(end))"
        }
        return " before the capture ends"
    }
}
