public import WebSocketCaptures
public import WebSocketFrames

/// A whole message: the payloads of its frames, unmasked, put together, and inflated where that is possible.
public struct MessageFinding: Sendable {
    /// The stream it belongs to.
    public var origin: StreamOrigin
    /// The message's index in the stream, from 0.
    public var index: UInt64
    /// `text` or `binary`.
    public var opcode: Opcode
    /// RSV1 was set on its first frame.
    public var isCompressed: Bool
    /// ``bytes`` are what was compressed. False where what was agreed on, or an earlier message, is not known.
    public var isInflated: Bool
    /// Its bytes: all of them unless ``isCut``.
    public var bytes: [UInt8]
    /// How many bytes it has, inflated where it ``isInflated``.
    public var count: UInt64
    /// The index of its first frame in the stream.
    public var firstFrame: UInt64
    /// The index of its last frame in the stream.
    public var lastFrame: UInt64
    /// Where in the capture its first frame begins; nil if the input is none.
    public var packetPosition: PacketPosition?

    /// Creates a finding about a message, without a byte of it.
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

    /// It has more bytes than are kept of one: ``mostBytes``.
    public var isCut: Bool { count > UInt64(bytes.count) }

    /// No more bytes of a message are kept.
    public static let mostBytes = 16 << 20
}
