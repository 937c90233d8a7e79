public import WebSocketFrames

/// What is known about a violation, or about a frame that never ended.
public struct Evidence: Sendable {
    /// What is to be explained.
    public enum Cause: Sendable {
        /// A rule was broken.
        case violation(Violation)
        /// The stream ended inside this frame.
        case unfinishedFrame(FrameRecord)
    }

    /// What is to be explained.
    public var cause: Cause
    /// Who sent the stream; nil if that is not known.
    public var sender: Endpoint?
    /// The stream, or the part of it that is known around the offending frame: see ``StreamBytes/Reach``.
    public var stream: StreamBytes
    /// The last frame that was complete before the offending one; nil if there is none.
    public var lastGoodFrame: FrameRecord?
    /// The last frames before the offending one, in order, including ``lastGoodFrame``, as far as the caller knows
    /// them. None are needed if ``stream`` starts at the stream's beginning: they are found again.
    public var earlierFrames: [FrameRecord]
    /// The peer's bytes, as far as they are known; nil if the other direction was not captured.
    public var peer: StreamBytes?
    /// The extensions that the handshake agreed on, or that the user specified.
    public var extensions: AgreedExtensions
    /// Whether the request offered permessage-deflate.
    public var offeredDeflate: Bool
    /// Whether the stream follows a request whose response is not known: the server may have refused it.
    public var isUnanswered: Bool

    /// Creates evidence.
    public init(
        cause: Cause, sender: Endpoint?, stream: StreamBytes, lastGoodFrame: FrameRecord? = nil,
        earlierFrames: [FrameRecord] = [], peer: StreamBytes? = nil, extensions: AgreedExtensions = .none,
        offeredDeflate: Bool = false, isUnanswered: Bool = false
    ) {
        self.cause = cause
        self.sender = sender
        self.stream = stream
        self.lastGoodFrame = lastGoodFrame
        self.earlierFrames = earlierFrames
        self.peer = peer
        self.extensions = extensions
        self.offeredDeflate = offeredDeflate
        self.isUnanswered = isUnanswered
    }

    /// Creates evidence from the bytes around the offending frame.
    public init(
        cause: Cause, sender: Endpoint?, bytes: [UInt8], offset: UInt64, reachesEnd: Bool,
        lastGoodFrame: FrameRecord? = nil, extensions: AgreedExtensions = .none, offeredDeflate: Bool = false
    ) {
        self.init(
            cause: cause, sender: sender, stream: StreamBytes(bytes: bytes, offset: offset, reachesEnd: reachesEnd),
            lastGoodFrame: lastGoodFrame, extensions: extensions, offeredDeflate: offeredDeflate)
    }

    /// Bytes of the stream around the offending frame, as they arrived.
    public var bytes: [UInt8] {
        get { stream.bytes }
        set { stream.bytes = newValue }
    }
    /// The offset in the stream of the first of ``bytes``.
    public var offset: UInt64 {
        get { stream.offset }
        set { stream.offset = newValue }
    }
    /// Whether the stream ends where ``bytes`` end.
    public var reachesEnd: Bool {
        get { stream.reachesEnd }
        set { stream.reachesEnd = newValue }
    }
}
