// The entries of a decoding table, and the symbols of RFC 1951 §3.2.5 as such entries.
//
//      bit 31      a literal
//      bits 16…30  the literal, the least length, the least distance, or where the second table begins
//      bit 15      neither a literal nor a length or distance:
//      bit 14          look into a second table
//      bit 13          the end of the block
//                      (neither of both: no symbol)
//      bits 8…11   bits of the code; for a second table, how many more bits index it
//      bits 0…5    bits of the code and its extra bits

enum SymbolEntry {
    static let literal: UInt32 = 0x8000_0000
    static let odd: UInt32 = 0x8000
    static let second: UInt32 = 0x4000
    static let end: UInt32 = 0x2000

    /// Returns a symbol's entry for a code of `bits` bits.
    @inline(__always)
    static func entry(_ symbol: UInt32, bits: Int) -> UInt32 {
        symbol &+ UInt32(truncatingIfNeeded: bits) &* 0x101
    }

    /// The entry of bits that represent no symbol: one bit is enough to reveal that.
    static let unused = entry(odd, bits: 1)
}

/// The meanings of a code's symbols.
enum Alphabet {
    case literalsAndLengths, distances
    /// The code that code lengths are written in (RFC 1951 §3.2.7).
    case codeLengths

    /// Returns a symbol's entry for a code of no bits.
    @inline(__always)
    func entry(_ symbol: UInt32) -> UInt32 {
        switch self {
        case .literalsAndLengths: symbol < 256 ? SymbolEntry.literal | symbol << 16 : Self.length(symbol &- 256)
        case .distances: Self.distance(symbol)
        // The symbol, and the number of extra bits, which say how often it repeats.
        case .codeLengths: symbol << 16 | (symbol < 16 ? 0 : symbol < 18 ? symbol &- 14 : 7)
        }
    }

    /// Returns the entry for the end of the block, or for a length: four symbols for each number of extra bits, each
    /// range beginning where the last one ended.
    private static func length(_ symbol: UInt32) -> UInt32 {
        if symbol == 0 { return SymbolEntry.odd | SymbolEntry.end }
        if symbol <= 8 { return (symbol &+ 2) << 16 }
        // The longest length has a symbol of its own, and two symbols mean nothing.
        if symbol >= 29 { return symbol == 29 ? 258 << 16 : SymbolEntry.odd }
        let extra = (symbol &- 5) >> 2
        return ((4 | (symbol &- 1) & 3) << extra &+ 3) << 16 | extra
    }

    /// Returns the entry for a distance: two symbols for each number of extra bits.
    private static func distance(_ symbol: UInt32) -> UInt32 {
        if symbol < 4 { return (symbol &+ 1) << 16 }
        if symbol >= 30 { return SymbolEntry.odd }
        let extra = symbol >> 1 &- 1
        return ((2 | symbol & 1) << extra &+ 1) << 16 | extra
    }
}
