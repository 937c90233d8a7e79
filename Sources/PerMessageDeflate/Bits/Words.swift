/// Returns eight bytes as one little-endian word; the compiler turns this into a single load.
@inline(__always)
func load8(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
    let eight = bytes.extracting(index..<(index &+ 8))
    let low =
        UInt32(eight[0]) | UInt32(eight[1]) << 8 | UInt32(eight[2]) << 16 | UInt32(eight[3]) << 24
    let high =
        UInt32(eight[4]) | UInt32(eight[5]) << 8 | UInt32(eight[6]) << 16 | UInt32(eight[7]) << 24
    return UInt64(low) | UInt64(high) << 32
}

/// Returns four bytes as one little-endian word.
@inline(__always)
func load4(_ bytes: Span<UInt8>, at index: Int) -> UInt32 {
    let four = bytes.extracting(index..<(index &+ 4))
    return UInt32(four[0]) | UInt32(four[1]) << 8 | UInt32(four[2]) << 16 | UInt32(four[3]) << 24
}

/// Writes eight bytes as one little-endian word, in a single store.
@inline(__always)
func store8(_ word: UInt64, _ bytes: inout MutableSpan<UInt8>, at index: Int) {
    precondition(index >= 0 && index <= bytes.count &- 8)
    (bytes[index], bytes[index &+ 1]) = (UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8))
    (bytes[index &+ 2], bytes[index &+ 3]) = (
        UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 24)
    )
    (bytes[index &+ 4], bytes[index &+ 5]) = (
        UInt8(truncatingIfNeeded: word >> 32), UInt8(truncatingIfNeeded: word >> 40)
    )
    (bytes[index &+ 6], bytes[index &+ 7]) = (
        UInt8(truncatingIfNeeded: word >> 48), UInt8(truncatingIfNeeded: word >> 56)
    )
}
