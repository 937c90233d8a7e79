public import WebSocketFrames

/// What is known around a violation, or around a frame that never ended.
public struct Evidence: Sendable {
    /// What asks for an explanation.
    public enum Cause: Sendable {
        /// A rule was broken.
        case violation(Violation)
        /// The stream ended inside this frame.
        case unfinishedFrame(FrameRecord)
    }

    /// What asks for an explanation.
    public var cause: Cause
    /// Who sent the stream; nil if that is not known.
    public var sender: Endpoint?
    /// Bytes of the stream around the offending frame, as they arrived.
    public var bytes: [UInt8]
    /// The offset in the stream of the first of `bytes`.
    public var offset: UInt64
    /// The stream ends where `bytes` end.
    public var reachesEnd: Bool
    /// The last frame that was complete before the offending one; nil if there is none.
    public var lastGoodFrame: FrameRecord?
    /// What the handshake agreed on, or the user said.
    public var extensions: AgreedExtensions
    /// The request offered permessage-deflate.
    public var offeredDeflate: Bool

    /// Creates evidence.
    public init(
        cause: Cause, sender: Endpoint?, bytes: [UInt8], offset: UInt64, reachesEnd: Bool,
        lastGoodFrame: FrameRecord? = nil, extensions: AgreedExtensions = .none, offeredDeflate: Bool = false
    ) {
        self.cause = cause
        self.sender = sender
        self.bytes = bytes
        self.offset = offset
        self.reachesEnd = reachesEnd
        self.lastGoodFrame = lastGoodFrame
        self.extensions = extensions
        self.offeredDeflate = offeredDeflate
    }
}
