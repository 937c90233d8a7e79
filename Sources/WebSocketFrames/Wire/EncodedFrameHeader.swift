/// The bytes of one frame header as they arrived: 0…14 of them; the last field may be incomplete.
///
///     byte 0        FIN, RSV1, RSV2, RSV3, opcode (4 bits)
///     byte 1        MASK, payload length (7 bits)
///     2 or 8 bytes  extended payload length, if the 7 bits are 126 or 127
///     4 bytes       masking key, if MASK is set
///
/// It is a plain value of 16 bytes: kept in each connection's state and in each violation, never on the heap.
public struct EncodedFrameHeader: Sendable, Hashable, RandomAccessCollection {
    /// The longest header in bytes: 2, 8 of an extended length, and 4 of a masking key (RFC 6455 §5.2).
    public static let maximumCount = 14

    // Byte i occupies bits 8·(i % 8) of `low` (i < 8) or `high` (i ≥ 8). The top byte of `high` is the count.
    // Invariant: every byte at or after `count` is zero, so equal headers are equal values.
    @usableFromInline var low: UInt64
    @usableFromInline var high: UInt64

    /// Creates an empty header.
    @inlinable
    public init() {
        self.init(low: 0, high: 0, count: 0)
    }

    /// Creates a header from the first `count` of 16 bytes that were loaded in little-endian order.
    @inlinable @inline(__always)
    init(low: UInt64, high: UInt64, count: Int) {
        let lowBits = UInt64(truncatingIfNeeded: Swift.min(count, 8) &* 8)
        let highBits = UInt64(truncatingIfNeeded: Swift.max(count &- 8, 0) &* 8)
        self.low = low & ~(~0 << lowBits)
        self.high = (high & ~(~0 << highBits)) | UInt64(truncatingIfNeeded: count) << 56
    }

    /// Creates a complete header from the first of 16 bytes that were loaded in little-endian order.
    @inline(__always)
    init(low: UInt64, high: UInt64) {
        let start = EncodedFrameHeader(low: low, high: 0, count: 2)
        self.init(low: low, high: high, count: start.expectedCount)
    }

    /// The number of bytes that have arrived, 0…14.
    @inlinable
    public var count: Int { Int(truncatingIfNeeded: high >> 56) }

    /// The index of byte 0 of the frame: 0.
    public var startIndex: Int { 0 }
    /// The index after the last byte that arrived: ``count``.
    public var endIndex: Int { count }

    /// The byte at `index`; 0 if it has not arrived, and for any index outside 0…13.
    public subscript(index: Int) -> UInt8 {
        switch index {
        case 0..<8: UInt8(truncatingIfNeeded: low >> (UInt64(truncatingIfNeeded: index) &* 8))
        case 8..<Self.maximumCount: UInt8(truncatingIfNeeded: high >> (UInt64(truncatingIfNeeded: index &- 8) &* 8))
        default: 0
        }
    }

    /// Appends the next byte. A full header is left unchanged.
    public mutating func append(_ byte: UInt8) {
        let index = count
        guard index < Self.maximumCount else { return }
        if index < 8 {
            low |= UInt64(byte) << (UInt64(truncatingIfNeeded: index) &* 8)
        } else {
            high |= UInt64(byte) << (UInt64(truncatingIfNeeded: index &- 8) &* 8)
        }
        high &+= 1 << 56
    }

    /// The bytes as lower-case hex digits without spaces, as reports print them.
    public var hex: String {
        var text = ""
        for byte in self {
            text += String(byte >> 4, radix: 16) + String(byte & 0xF, radix: 16)
        }
        return text
    }
}

extension EncodedFrameHeader {
    /// Creates the header of a frame to be sent, with its length in the shortest form (§5.2).
    ///
    /// The fields are written as given: the caller is responsible for whether such a frame is legal and may be sent
    /// now.
    ///
    /// - Parameters:
    ///   - opcode: what the payload is; `continuation` for every fragment of a message after the first.
    ///   - isFinal: FIN: whether this is the last frame of its message. Control frames are always final (§5.4).
    ///   - reservedBits: bits that belong to an agreed extension; none by default.
    ///   - payloadLength: bytes of payload, below 2⁶³.
    ///   - maskingKey: the key that the payload is masked with, which a client must do (§5.3); nil if it is not masked.
    public init(
        opcode: Opcode, isFinal: Bool = true, reservedBits: ReservedBits = ReservedBits(), payloadLength: UInt64,
        maskingKey: MaskingKey? = nil
    ) {
        let byte0: UInt8 = (isFinal ? 0x80 : 0) | reservedBits.rawValue | opcode.rawValue
        let maskBit: UInt64 = maskingKey == nil ? 0 : 0x8000
        let key = UInt64(maskingKey?.bytes ?? 0)
        let keyCount = maskingKey == nil ? 0 : 4
        let start = UInt64(byte0) | maskBit
        switch payloadLength {
        case 0..<126: self.init(low: start | payloadLength << 8 | key << 16, high: 0, count: 2 &+ keyCount)
        case 126..<65_536:
            let length = UInt64(UInt16(truncatingIfNeeded: payloadLength).byteSwapped)
            self.init(low: start | 126 << 8 | length << 16 | key << 32, high: 0, count: 4 &+ keyCount)
        default:
            let length = payloadLength.byteSwapped
            self.init(
                low: start | 127 << 8 | length << 16, high: length >> 48 | key << 16, count: 10 &+ keyCount)
        }
    }

    /// Creates the header of a control frame to be sent, whose length always fits into byte 1 (§5.5).
    @inlinable @inline(__always)
    init(control opcode: Opcode, payload: Span<UInt8>, maskingKey: MaskingKey?) {
        let start = 0x80 | UInt64(opcode.rawValue) | UInt64(truncatingIfNeeded: payload.count) << 8
        low = if let maskingKey { start | 0x8000 | UInt64(maskingKey.bytes) << 16 } else { start }
        high = (maskingKey == nil ? 2 : 6) << 56
    }
}

// What the bits mean. Each property is valid once its bytes have arrived; bytes that have not arrived are read as
// zero.
extension EncodedFrameHeader {
    /// FIN: this is the last frame of its message (§5.2).
    @inlinable public var isFinal: Bool { low & 0x80 != 0 }

    /// The RSV bits (§5.2).
    @inlinable public var reservedBits: ReservedBits { ReservedBits(rawValue: UInt8(truncatingIfNeeded: low)) }

    /// The opcode (§5.2).
    @inlinable public var opcode: Opcode { Opcode(rawValue: UInt8(truncatingIfNeeded: low)) }

    /// MASK: the payload is masked, and the header contains a masking key (§5.1).
    @inlinable public var isMasked: Bool { low & 0x8000 != 0 }

    /// The 7-bit length of byte 1: the payload's length up to 125; 126 and 127 announce an extended length.
    var shortLength: UInt8 { UInt8(truncatingIfNeeded: low >> 8) & 0x7F }

    /// The offset in the header at which the length ends: 2, 4 or 10 bytes.
    @inline(__always)
    var lengthEnd: Int {
        switch shortLength {
        case 126: 4
        case 127: 10
        default: 2
        }
    }

    /// The size of the whole header in bytes: 2, 4 or 10, and 4 more if it is masked (§5.2). Valid once byte 1 has
    /// arrived.
    public var expectedCount: Int { lengthEnd &+ (isMasked ? 4 : 0) }

    /// Whether every byte before the payload has arrived.
    public var isComplete: Bool { count >= 2 && count >= expectedCount }

    /// The declared length of the payload in bytes, 0…2⁶⁴−1; a legal one is below 2⁶³ (§5.2).
    @inline(__always)
    public var payloadLength: UInt64 {
        switch shortLength {
        case 126: UInt64(UInt16(truncatingIfNeeded: low >> 16).byteSwapped)
        case 127: ((low >> 16) | (high << 48)).byteSwapped
        default: UInt64(shortLength)
        }
    }

    /// The masking key; nil if MASK is not set (§5.3).
    @inline(__always)
    public var maskingKey: MaskingKey? {
        guard isMasked else { return nil }
        let bytes =
            switch shortLength {
            case 126: low >> 32
            case 127: high >> 16
            default: low >> 16
            }
        return MaskingKey(bytes: UInt32(truncatingIfNeeded: bytes))
    }
}
