/// The order of the bytes of a number: that of the machine that wrote the file.
enum ByteOrder: Sendable {
    /// Most significant byte first.
    case big
    /// Least significant byte first.
    case little
}

extension Span<UInt8> {
    // Bounds are checked once: the compiler then makes a single load of the bytes.

    /// Returns the number in the two bytes from `index` on, which must exist.
    @inline(__always)
    func uint16(at index: Int, _ order: ByteOrder = .big) -> UInt16 {
        let two = extracting(index..<(index &+ 2))
        let value = UInt16(two[0]) << 8 | UInt16(two[1])
        return order == .big ? value : value.byteSwapped
    }

    /// Returns the number in the four bytes from `index` on, which must exist.
    @inline(__always)
    func uint32(at index: Int, _ order: ByteOrder = .big) -> UInt32 {
        let four = extracting(index..<(index &+ 4))
        let high = UInt32(four[0]) << 24 | UInt32(four[1]) << 16
        let value = high | UInt32(four[2]) << 8 | UInt32(four[3])
        return order == .big ? value : value.byteSwapped
    }

    /// Returns the number in the eight bytes from `index` on, which must exist.
    @inline(__always)
    func uint64(at index: Int, _ order: ByteOrder = .big) -> UInt64 {
        let eight = extracting(index..<(index &+ 8))
        let value = UInt64(eight.uint32(at: 0)) << 32 | UInt64(eight.uint32(at: 4))
        return order == .big ? value : value.byteSwapped
    }
}
