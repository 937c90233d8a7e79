/// Bits in the order of RFC 1951 §3.1.1, collected until a block is complete.
struct BitOutput: Sendable {
    // A block is never longer than a stored one.
    private(set) var bytes = [UInt8](repeating: 0, count: MatchFinder.blockSize + 1024)
    private(set) var count = 0
    private var bits: UInt64 = 0
    private var bitCount = 0

    /// Appends at most 48 bits.
    @inline(__always)
    mutating func put(_ value: UInt64, _ width: Int) {
        bits |= value << UInt64(truncatingIfNeeded: bitCount)
        bitCount &+= width
        while bitCount >= 8 {
            bytes[count] = UInt8(truncatingIfNeeded: bits)
            count &+= 1
            bits >>= 8
            bitCount &-= 8
        }
    }

    mutating func fillByte() {
        if bitCount > 0 { put(0, 8 &- bitCount) }
    }

    mutating func append(_ piece: Span<UInt8>) {
        let start = count
        count &+= piece.count
        var target = bytes.mutableSpan
        precondition(start >= 0 && start <= target.count &- piece.count)
        for index in 0..<piece.count { target[start &+ index] = piece[index] }
    }

    mutating func hand(_ give: (Span<UInt8>) -> Void) {
        guard count > 0 else { return }
        give(bytes.span.extracting(0..<count))
        count = 0
    }
}
