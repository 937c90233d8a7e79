/// In which order the bytes of a number stand: that of the machine that wrote the file.
enum ByteOrder: Sendable {
    /// The highest byte first.
    case big
    /// The lowest byte first.
    case little
}

extension Span<UInt8> {
    /// The number in the two bytes from `index` on, which must be there.
    @inline(__always)
    func uint16(at index: Int, _ order: ByteOrder = .big) -> UInt16 {
        let value = UInt16(self[index]) << 8 | UInt16(self[index &+ 1])
        return order == .big ? value : value.byteSwapped
    }

    /// The number in the four bytes from `index` on, which must be there.
    @inline(__always)
    func uint32(at index: Int, _ order: ByteOrder = .big) -> UInt32 {
        let high = UInt32(self[index]) << 24 | UInt32(self[index &+ 1]) << 16
        let value = high | UInt32(self[index &+ 2]) << 8 | UInt32(self[index &+ 3])
        return order == .big ? value : value.byteSwapped
    }

    /// The number in the eight bytes from `index` on, which must be there.
    @inline(__always)
    func uint64(at index: Int, _ order: ByteOrder = .big) -> UInt64 {
        let value = UInt64(uint32(at: index)) << 32 | UInt64(uint32(at: index &+ 4))
        return order == .big ? value : value.byteSwapped
    }
}
