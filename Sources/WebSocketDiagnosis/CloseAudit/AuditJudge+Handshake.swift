import WebSocketCaptures
import WebSocketFrames

extension NoticeKind {
    /// What is wrong with a handshake so that who meets it must, or may, refuse the connection (RFC 6455 §4.1, §4.2):
    /// neither needs a Close for that, nor has a code of its own.
    static let reasonsToRefuse: Set<NoticeKind> = [
        .tooEarly, .requestNotGet, .oldHttpVersion, .missingHost, .missingUpgrade, .missingConnectionUpgrade,
        .wrongVersion, .missingKey, .wrongKey, .missingAccept, .wrongAccept, .unofferedExtension, .unofferedSubprotocol,
        .subprotocolNotChosen, .repeatedHeader, .emptyHeader, .invalidExtensionParameters, .malformedHeader, .bodyIn101,
        .secondResponse,
    ]
}

// A connection that was refused over its handshake is no riddle.
extension AuditJudge {
    /// What was wrong with the handshake of its peer, where `endpoint` left without having taken part in the conversation.
    func handshakeFault(metBy endpoint: Endpoint) -> NoticeKind? {
        guard !self[endpoint].hasSentData else { return nil }
        return audit.handshakeFaults.first { $0.endpoint == endpoint.peer }?.kind
    }

    /// ` It had reason to: the server's handshake has the fault wrong-accept.`, or nothing.
    func handshakeReason(of endpoint: Endpoint) -> String {
        handshakeFault(metBy: endpoint).map {
            " The fault of the \(endpoint.peer.name)'s handshake, \($0.name), explains that."
        } ?? ""
    }
}
