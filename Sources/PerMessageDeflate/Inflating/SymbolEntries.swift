// What an entry of a decoding table says, and the symbols of RFC 1951 §3.2.5 as such entries.
//
//      bit 31      a literal
//      bits 16…30  the literal, the least length, the least distance, or where the second table begins
//      bit 15      neither a literal nor a length or distance:
//      bit 14          look into a second table
//      bit 13          the end of the block
//                      (neither of both: no symbol)
//      bits 8…11   bits of the code; for a second table, how many more bits to look at
//      bits 0…5    bits of the code and of the number after it

enum SymbolEntry {
    static let literal: UInt32 = 0x8000_0000
    static let odd: UInt32 = 0x8000
    static let second: UInt32 = 0x4000
    static let end: UInt32 = 0x2000

    /// A symbol's entry for a code of `bits` bits.
    @inline(__always)
    static func entry(_ symbol: UInt32, bits: Int) -> UInt32 {
        symbol &+ UInt32(truncatingIfNeeded: bits) &* 0x101
    }

    /// Bits that no symbol has: it takes one bit to know.
    static let unused = entry(odd, bits: 1)

    /// The entries of literals and lengths, for a code of no bits.
    static let literalsAndLengths: [UInt32] = {
        var entries = (0..<256).map { literal | UInt32($0) << 16 }
        entries.append(odd | end)
        var length: UInt32 = 3
        for symbol: UInt32 in 0..<28 {
            let extra = symbol < 8 ? 0 : (symbol - 4) / 4
            entries.append(length << 16 | extra)
            length += 1 << extra
        }
        // The longest length has a symbol of its own, and two symbols mean nothing.
        return entries + [258 << 16, odd, odd]
    }()

    /// The entries of distances, for a code of no bits.
    static let distances: [UInt32] = {
        var entries: [UInt32] = []
        var distance: UInt32 = 1
        for symbol: UInt32 in 0..<30 {
            let extra = symbol < 4 ? 0 : (symbol - 2) / 2
            entries.append(distance << 16 | extra)
            distance += 1 << extra
        }
        return entries + [odd, odd]
    }()

    /// The entries of the code that code lengths are written in (RFC 1951 §3.2.7): the symbol, and how many bits of
    /// repetition follow.
    static let codeLengths: [UInt32] = (0..<19).map { $0 << 16 | [16: 2, 17: 3, 18: 7][$0, default: 0] }
}
