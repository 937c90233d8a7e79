/// The literals and matches of a block, each a word:
///
///     a literal   its byte
///     a match     bit 31, its length minus 3 in bits 16…23, its distance minus 1 in bits 0…14
enum Tokens {
    /// The most tokens of a block.
    static let capacity = 8192
    static let isMatch: UInt32 = 0x8000_0000

    @inline(__always)
    static func match(length: Int, distance: Int) -> UInt32 {
        isMatch | UInt32(truncatingIfNeeded: length &- 3) << 16 | UInt32(truncatingIfNeeded: distance &- 1)
    }

    /// Returns the symbol of a match's length, its extra bits, and their number (RFC 1951 §3.2.5).
    @inline(__always)
    static func length(_ token: UInt32) -> (symbol: Int, extra: UInt64, bits: Int) {
        let value = Int(truncatingIfNeeded: token >> 16 & 0xFF)
        if value < 8 { return (257 &+ value, 0, 0) }
        // The longest length has a symbol of its own.
        if value == 255 { return (285, 0, 0) }
        let log = Int.bitWidth &- 1 &- value.leadingZeroBitCount
        let bits = log &- 2
        return (257 &+ 4 &* (log &- 1) &+ value >> bits & 3, UInt64(value & (1 << bits &- 1)), bits)
    }

    /// Returns the symbol of a match's distance, its extra bits, and their number.
    @inline(__always)
    static func distance(_ token: UInt32) -> (symbol: Int, extra: UInt64, bits: Int) {
        let value = Int(truncatingIfNeeded: token & 0x7FFF)
        if value < 4 { return (value, 0, 0) }
        let log = Int.bitWidth &- 1 &- value.leadingZeroBitCount
        let bits = log &- 1
        return (2 &* log &+ value >> bits & 1, UInt64(value & (1 << bits &- 1)), bits)
    }
}
