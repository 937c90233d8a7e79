/// The four bytes that a client's payload is XORed with (RFC 6455 §5.3).
///
/// Payload byte `i` is masked with key byte `i % 4`, and unmasked in the same way.
public struct MaskingKey: Sendable, Hashable {
    /// The key's bytes in header order, the first in the lowest 8 bits.
    @usableFromInline let bytes: UInt32

    init(bytes: UInt32) {
        self.bytes = bytes
    }

    /// Creates a key from its four bytes, in header order.
    ///
    /// For sending, the bytes must be unpredictable, and fresh for every frame (§5.3).
    public init(_ byte0: UInt8, _ byte1: UInt8, _ byte2: UInt8, _ byte3: UInt8) {
        self.bytes = UInt32(byte0) | UInt32(byte1) << 8 | UInt32(byte2) << 16 | UInt32(byte3) << 24
    }

    /// The key byte for payload byte `index`, counted from the payload's start: key byte `index % 4`.
    public subscript(index: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: bytes >> (UInt32(truncatingIfNeeded: index & 3) &* 8))
    }

    /// The key as it applies from payload byte `index` on, repeated twice: 8 key bytes, the first in the lowest 8 bits.
    @inline(__always)
    package func repeated(from index: UInt64) -> UInt64 {
        let turn = UInt32(truncatingIfNeeded: index & 3) &* 8
        let rotated = (bytes >> turn) | (bytes << ((32 &- turn) & 31))
        return UInt64(turn == 0 ? bytes : rotated) &* 0x1_0000_0001
    }
}
