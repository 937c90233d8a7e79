public import WebSocketCaptures
public import WebSocketFrames

/// A whole message: the payloads of its frames, unmasked, concatenated, and inflated if possible.
public struct MessageFinding: Sendable {
    /// The stream it belongs to.
    public var origin: StreamOrigin
    /// The message's index in the stream, from 0.
    public var index: UInt64
    /// `text` or `binary`.
    public var opcode: Opcode
    /// Whether RSV1 was set on its first frame.
    public var isCompressed: Bool
    /// Whether ``bytes`` are inflated. False if the agreement, or an earlier message, is not known.
    public var isInflated: Bool
    /// Its bytes: all of them unless ``isCut``.
    public var bytes: [UInt8]
    /// The number of its bytes, after inflating if it ``isInflated``.
    public var count: UInt64
    /// The index of its first frame in the stream.
    public var firstFrame: UInt64
    /// The index of its last frame in the stream.
    public var lastFrame: UInt64
    /// The position in the capture where its first frame begins; nil if the input is not a capture.
    public var packetPosition: PacketPosition?

    /// Creates a finding about a message, without any of its bytes.
    public init(origin: StreamOrigin, index: UInt64, opcode: Opcode, isCompressed: Bool, frame: UInt64) {
        self.origin = origin
        self.index = index
        self.opcode = opcode
        self.isCompressed = isCompressed
        isInflated = false
        bytes = []
        count = 0
        firstFrame = frame
        lastFrame = frame
    }

    /// Whether it has more bytes than ``maximumByteCount``, of which the rest is not kept.
    public var isCut: Bool { count > UInt64(bytes.count) }

    /// The most bytes of a message that are kept.
    public static let maximumByteCount = 16 << 20
}
