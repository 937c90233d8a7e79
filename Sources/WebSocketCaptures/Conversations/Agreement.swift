public import PerMessageDeflate
public import WebSocketFrames

/// What the two endpoints agreed on, which decides what frames are legal: this is the one place that determines it.
public struct Agreement: Sendable, Hashable {
    /// What was agreed, or is taken as agreed.
    public let extensions: AgreedExtensions
    /// permessage-deflate is taken as agreed, and whether it was is not known: the response was not captured.
    public let isAssumed: Bool
    /// The request is known to have offered permessage-deflate.
    public let wasOffered: Bool

    /// Of a conversation of a capture. Where it began before the capture, RSV1 may be legal.
    ///
    /// - Parameters:
    ///   - head: how the conversation began.
    ///   - said: what the user says about permessage-deflate; nil for nothing.
    public init(of head: ConversationHead, said: Bool?) {
        let isAskedFor = if case .middle = head.opening { true } else { head.method == nil || head.offeredDeflate }
        self.init(
            said: said, agreed: head.agreedDeflate, isAskedFor: isAskedFor, parameters: head.deflate,
            wasOffered: head.offeredDeflate,
            others: !head.otherExtensions.isEmpty)
    }

    /// Of a dump. Without a handshake nothing was agreed.
    ///
    /// - Parameters:
    ///   - handshake: what the dump begins with; nil if that is no handshake.
    ///   - said: what the user or the dump says about permessage-deflate; nil for nothing.
    ///   - parameters: what the dump says that was agreed on for it; nil for nothing.
    public init(of handshake: Handshake?, said: Bool?, parameters: DeflateParameters? = nil) {
        self.init(
            said: said ?? parameters.map { _ in true },
            agreed: handshake?.status == nil ? nil : handshake?.agreedDeflate,
            isAskedFor: handshake?.offeredDeflate ?? false, parameters: parameters ?? handshake?.deflate,
            wasOffered: handshake?.offeredDeflate ?? false,
            others: !(handshake?.otherExtensions.isEmpty ?? true))
    }

    /// - Parameters:
    ///   - agreed: what the response says; nil if it is not known.
    ///   - isAskedFor: the request offers permessage-deflate, or is not known and may have.
    ///   - parameters: what was agreed on, so that messages can be inflated; nil if it is not known, or not legal.
    ///   - others: the response agrees to an unknown extension, which may claim any RSV bit.
    private init(
        said: Bool?, agreed: Bool?, isAskedFor: Bool, parameters: DeflateParameters?, wasOffered: Bool, others: Bool
    ) {
        self.wasOffered = wasOffered
        isAssumed = said == nil && agreed == nil && isAskedFor
        let deflate = said ?? agreed ?? isAskedFor
        let known = parameters.map { AgreedExtensions.permessageDeflate($0) } ?? .permessageDeflate
        extensions = others ? AgreedExtensions.none.claiming([.rsv1, .rsv2, .rsv3]) : deflate ? known : .none
    }
}
