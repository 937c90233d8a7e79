public import PerMessageDeflate
public import WebSocketFrames

/// What the two endpoints agreed on, which determines which frames are legal: this is the one place that decides it.
public struct Agreement: Sendable, Hashable {
    /// The extensions that were agreed, or are assumed to be.
    public let extensions: AgreedExtensions
    /// Whether permessage-deflate is only assumed: whether it was agreed is not known, since the response was not
    /// captured.
    public let isAssumed: Bool
    /// Whether the request is known to have offered permessage-deflate.
    public let wasOffered: Bool
    /// Whether there is a request and no response to it: the server may have refused it.
    public let isUnanswered: Bool

    /// Creates the agreement of a conversation in a capture. If it began before the capture, RSV1 may be legal.
    ///
    /// - Parameters:
    ///   - head: how the conversation began.
    ///   - said: what the user says about permessage-deflate; nil for nothing.
    public init(of head: ConversationHead, said: Bool?) {
        let isAskedFor = if case .middle = head.opening { true } else { head.method == nil || head.offeredDeflate }
        self.init(
            said: said, agreed: head.agreedDeflate, isAskedFor: isAskedFor, parameters: head.deflate,
            wasOffered: head.offeredDeflate, isUnanswered: head.method != nil && head.agreedDeflate == nil,
            others: !head.otherExtensions.isEmpty)
    }

    /// Creates the agreement of a dump. Without a handshake nothing was agreed.
    ///
    /// - Parameters:
    ///   - handshake: the handshake that the dump begins with; nil if there is none.
    ///   - said: what the user or the dump says about permessage-deflate; nil for nothing.
    ///   - parameters: the parameters that the dump gives for it; nil if it gives none.
    public init(of handshake: Handshake?, said: Bool?, parameters: DeflateParameters? = nil) {
        self.init(
            said: said ?? parameters.map { _ in true },
            agreed: handshake?.status == nil ? nil : handshake?.agreedDeflate,
            isAskedFor: handshake?.offeredDeflate ?? false, parameters: parameters ?? handshake?.deflate,
            wasOffered: handshake?.offeredDeflate ?? false,
            isUnanswered: handshake?.hasRequest == true && handshake?.status == nil,
            others: !(handshake?.otherExtensions.isEmpty ?? true))
    }

    /// - Parameters:
    ///   - agreed: what the response says; nil if it is not known.
    ///   - isAskedFor: whether the request offers permessage-deflate, or is not known and may have.
    ///   - parameters: the agreed parameters, with which messages can be inflated; nil if they are not known, or not
    ///     legal.
    ///   - others: whether the response agrees to an unknown extension, which may use any RSV bit.
    private init(
        said: Bool?, agreed: Bool?, isAskedFor: Bool, parameters: DeflateParameters?, wasOffered: Bool,
        isUnanswered: Bool, others: Bool
    ) {
        self.wasOffered = wasOffered
        self.isUnanswered = isUnanswered
        isAssumed = said == nil && agreed == nil && isAskedFor
        let deflate = said ?? agreed ?? isAskedFor
        let known = parameters.map { AgreedExtensions.permessageDeflate($0) } ?? .permessageDeflate
        extensions = others ? AgreedExtensions.none.claiming([.rsv1, .rsv2, .rsv3]) : deflate ? known : .none
    }
}
