import WebSocketCaptures
import WebSocketFrames

extension NoticeKind {
    /// The faults of a handshake for which its receiver must, or may, refuse the connection (RFC 6455 §4.1, §4.2). A
    /// refusal needs no Close and has no code of its own.
    static let reasonsToRefuse: Set<NoticeKind> = [
        .tooEarly, .requestNotGet, .oldHttpVersion, .missingHost, .missingUpgrade, .missingConnectionUpgrade,
        .wrongVersion, .missingKey, .wrongKey, .missingAccept, .wrongAccept, .unofferedExtension, .unofferedSubprotocol,
        .subprotocolNotChosen, .repeatedHeader, .emptyHeader, .invalidExtensionParameters, .malformedHeader, .bodyIn101,
        .secondResponse,
    ]
}

// An end that a faulty handshake explains.
extension AuditJudge {
    /// Returns what was wrong with the peer's handshake, if `endpoint` left without having taken part in the
    /// conversation.
    func handshakeFault(metBy endpoint: Endpoint) -> NoticeKind? {
        guard !self[endpoint].hasSentData else { return nil }
        return audit.handshakeFaults.first { $0.endpoint == endpoint.peer }?.kind
    }

    /// Returns a sentence about a fault of the leaver's own handshake, if nothing had been sent by then; nil
    /// otherwise.
    func faultOfOwnHandshake(_ leaver: Endpoint) -> String? {
        guard Endpoint.allCases.allSatisfy({ !self[$0].hasSentData }),
            let fault = audit.handshakeFaults.first(where: { $0.endpoint == leaver })?.kind
        else { return nil }
        return
            "Nothing had been sent by then, and the \(leaver.name)'s own handshake has the fault \(fault.name): look there "
            + "first."
    }

    /// Returns ` The fault of the server's handshake, wrong-accept, may be the reason.`, or nothing.
    func handshakeReason(of endpoint: Endpoint) -> String {
        handshakeFault(metBy: endpoint).map {
            " The fault of the \(endpoint.peer.name)'s handshake, \($0.name), may be the reason."
        } ?? ""
    }
}
