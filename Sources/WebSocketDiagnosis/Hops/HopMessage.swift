public import WebSocketCaptures
public import WebSocketFrames

/// What is kept of a message, or of a ping, to find it again on another connection. 56 bytes.
public struct HopMessage: Sendable, Hashable {
    /// The 64-bit hash of its content: inflated if that was possible.
    public let digest: UInt64
    /// Its length in the upper bits; then its index, whether it is opaque and was compressed, and its opcode.
    private let lengthAndKind: UInt64
    /// Its first 16 bytes, the first in the lowest bits of `first`; missing bytes are 0.
    let first: UInt64
    let second: UInt64
    /// The packet of its first byte.
    private let packet: UInt64
    private let nanoseconds: UInt64
    /// The number of its frames.
    public let frameCount: UInt32
    /// The first frame's masking key; 0 if it has none.
    let maskingKey: UInt32

    // An index is below 2^14 (``HopBudget/maximumMessagesPerStream``); no capture contains a message of 2^44 bytes.

    init(
        _ message: DigestedMessage, opcode: Opcode, index: UInt32, frameCount: UInt32, maskingKey: UInt32,
        at packetPosition: PacketPosition?
    ) {
        digest = message.content.value
        let flags: UInt32 = (message.isCompressed ? 0x10 : 0) | (message.isOpaque ? 0x20 : 0)
        lengthAndKind =
            message.content.count << 20 | UInt64(index & 0x3FFF) << 6 | UInt64(flags | UInt32(opcode.rawValue))
        (first, second) = message.content.prefixWords
        packet = packetPosition?.packet ?? .max
        nanoseconds = packetPosition?.time?.nanoseconds ?? .max
        self.frameCount = frameCount
        self.maskingKey = maskingKey
    }

    /// The length of its content in bytes.
    public var length: UInt64 { lengthAndKind >> 20 }
    /// Its index among the messages, or the pings, of its sender, from 0.
    public var index: UInt32 { UInt32(truncatingIfNeeded: lengthAndKind >> 6) & 0x3FFF }
    /// Text, binary or ping.
    public var opcode: Opcode { Opcode(rawValue: UInt8(truncatingIfNeeded: lengthAndKind & 0x0F)) }
    /// Whether it was sent compressed.
    public var isCompressed: Bool { lengthAndKind & 0x10 != 0 }
    /// Whether an extension has changed it, so that its content is not known and can only be compared.
    public var isOpaque: Bool { lengthAndKind & 0x20 != 0 }
    /// When its first byte was captured; nil if the input does not say.
    public var time: CaptureTime? { nanoseconds == .max ? nil : CaptureTime(nanoseconds: nanoseconds) }
    /// The position of its first byte; nil if the input is not a capture.
    public var packetPosition: PacketPosition? {
        packet == .max ? nil : PacketPosition(packet: packet, time: time)
    }

    /// Its first 16 bytes, or all if there are fewer.
    public var prefix: [UInt8] {
        (0..<Int(min(length, UInt64(ContentDigest.prefixCount)))).map { index in
            UInt8(truncatingIfNeeded: (index < 8 ? first : second) >> (UInt64(index & 7) &* 8))
        }
    }

    /// Returns whether it has the same content.
    func isSame(as other: HopMessage) -> Bool {
        digest == other.digest && length == other.length && isOpaque == other.isOpaque
    }

    /// Returns whether the first bytes of both are equal, as far as they are known.
    func beginsLike(_ other: HopMessage) -> Bool {
        let count = min(length, other.length, UInt64(ContentDigest.prefixCount))
        func mask(_ count: UInt64) -> UInt64 { count >= 8 ? .max : (1 << (count &* 8)) &- 1 }
        return (first ^ other.first) & mask(count) == 0
            && (second ^ other.second) & mask(count > 8 ? count &- 8 : 0) == 0
    }
}
