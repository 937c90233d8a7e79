/// Writes bits in the order of RFC 1951 §3.1.1 to memory that is lent to each call.
struct BitOutput: Sendable {
    /// The number of whole bytes that were written.
    var count = 0
    private var bits: UInt64 = 0
    private var bitCount = 0

    /// Appends at most 48 bits.
    @inline(__always)
    mutating func put(_ value: UInt64, _ width: Int, _ bytes: inout MutableSpan<UInt8>) {
        bits |= value &<< UInt64(truncatingIfNeeded: bitCount)
        bitCount &+= width
        guard count <= bytes.count &- 8 else { return putAtEnd(&bytes) }
        // In a single store, of which only the whole bytes count.
        store8(bits, &bytes, at: count)
        count &+= bitCount >> 3
        bits &>>= UInt64(truncatingIfNeeded: bitCount & ~7)
        bitCount &= 7
    }

    private mutating func putAtEnd(_ bytes: inout MutableSpan<UInt8>) {
        while bitCount >= 8 {
            bytes[count] = UInt8(truncatingIfNeeded: bits)
            count &+= 1
            bits >>= 8
            bitCount &-= 8
        }
    }

    mutating func fillByte(_ bytes: inout MutableSpan<UInt8>) {
        if bitCount > 0 { put(0, 8 &- bitCount, &bytes) }
    }

    mutating func append(_ piece: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>) {
        let start = count
        count &+= piece.count
        precondition(start >= 0 && start <= bytes.count &- piece.count)
        for index in 0..<piece.count { bytes[start &+ index] = piece[index] }
    }
}
