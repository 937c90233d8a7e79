/// A decoding table for a Huffman code, indexed by the next bits of the input (RFC 1951 §3.2.2).
///
/// Codes of up to `rootBits` bits are found in the first table, at every index whose low bits equal them; longer ones
/// in second tables, one for each prefix of `rootBits` bits. The entries are in words that are lent to each call.
struct DecodingTable: Sendable {
    /// The index of the first entry.
    let start: Int
    /// The number of bits that index the first table.
    private(set) var rootBits: Int
    private let maximumRootBits: Int

    /// A mask of the bits that index the first table.
    var mask: UInt64 { 1 << UInt64(truncatingIfNeeded: rootBits) &- 1 }

    private init(at start: Int, maximumRootBits: Int) {
        self.start = start
        self.maximumRootBits = maximumRootBits
        rootBits = maximumRootBits
    }

    /// The tables of the codes that a block declares: for literals and lengths, for distances, and for code lengths.
    static var literals: DecodingTable { DecodingTable(at: InflateTables.literals, maximumRootBits: 11) }
    static var distances: DecodingTable { DecodingTable(at: InflateTables.distances, maximumRootBits: 8) }
    static var codeLengths: DecodingTable { DecodingTable(at: InflateTables.codeLengthCode, maximumRootBits: 7) }

    /// The tables of the fixed codes, which have at most 9 and 5 bits (RFC 1951 §3.2.6).
    static var fixedLiterals: DecodingTable { DecodingTable(at: InflateTables.fixedLiterals, maximumRootBits: 9) }
    static var fixedDistances: DecodingTable { DecodingTable(at: InflateTables.fixedDistances, maximumRootBits: 5) }

    /// Builds the table of a code that is complete, has one code of one bit, or is empty.
    ///
    /// - Parameters:
    ///   - counts: the index of the numbers of symbols of each length; the symbols are sorted.
    ///   - symbols: what they mean.
    mutating func build(_ words: inout MutableSpan<UInt32>, counts: Int, _ symbols: Alphabet) {
        var longest = 15
        while longest > 0, words[counts &+ longest] == 0 { longest &-= 1 }
        let rootBits = max(1, min(longest, maximumRootBits))
        self.rootBits = rootBits
        if longest <= 1 {
            for index in 0..<2 { words[start &+ index] = SymbolEntry.unused }
        }
        fill(&words, counts, symbols, longest: longest)
    }

    private func fill(_ words: inout MutableSpan<UInt32>, _ counts: Int, _ symbols: Alphabet, longest: Int) {
        var next = InflateTables.sorted
        // The code being entered, its first bit lowest.
        var code = 0
        // The first table is filled for codes of one bit, doubled for those of two, and so on.
        for length in 1...rootBits {
            if length > 1 { double(&words, from: 1 &<< (length &- 1)) }
            for _ in 0..<words[counts &+ length] {
                words[start &+ code] = SymbolEntry.entry(symbols.entry(words[next]), bits: length)
                next &+= 1
                code = self.code(after: code, length)
            }
        }
        guard longest > rootBits else { return }
        let rootMask = 1 << rootBits &- 1
        var prefix = -1
        var first = 0
        var end = 1 << rootBits
        for length in (rootBits &+ 1)...longest {
            var left = Int(words[counts &+ length])
            while left > 0 {
                if code & rootMask != prefix {
                    prefix = code & rootMask
                    first = end
                    // As many bits as the codes with this prefix need: those are the next codes, until they fill the
                    // second table.
                    var bits = length &- rootBits
                    var used = left
                    while used < 1 << bits, bits &+ rootBits < longest {
                        bits &+= 1
                        used = used &* 2 &+ Int(words[counts &+ bits &+ rootBits])
                    }
                    end = first &+ 1 << bits
                    words[start &+ prefix] =
                        SymbolEntry.odd | SymbolEntry.second | UInt32(truncatingIfNeeded: first) << 16
                        | UInt32(truncatingIfNeeded: bits) << 8 | UInt32(truncatingIfNeeded: rootBits)
                }
                let entry = SymbolEntry.entry(symbols.entry(words[next]), bits: length)
                var index = first &+ code >> rootBits
                while index < end {
                    words[start &+ index] = entry
                    index &+= 1 << (length &- rootBits)
                }
                next &+= 1
                left &-= 1
                code = self.code(after: code, length)
            }
        }
    }

    /// Returns the next code in order, its first bit lowest: one is added at its last bit, the highest one here.
    @inline(__always)
    private func code(after code: Int, _ length: Int) -> Int {
        // The carry propagates through the highest bits.
        let ones = (~(code &<< (Int.bitWidth &- length))).leadingZeroBitCount
        guard ones < length else { return 0 }
        let bit = 1 &<< (length &- 1 &- ones)
        return code & (bit &- 1) | bit
    }

    @inline(__always)
    private func double(_ words: inout MutableSpan<UInt32>, from size: Int) {
        let start = start
        precondition(start >= 0 && size >= 0 && size <= 1 << 14 && start &+ size &* 2 <= words.count)
        for index in start..<(start &+ size) { words[size &+ index] = words[index] }
    }

    /// Returns the entry that the low bits of `bits` select, and the number of bits of its code.
    @inline(__always)
    func look(_ words: Span<UInt32>, _ bits: UInt64) -> (entry: UInt32, codeBits: Int) {
        var entry = words[start &+ Int(truncatingIfNeeded: bits & mask)]
        if entry & SymbolEntry.second != 0 {
            let width = UInt64(truncatingIfNeeded: entry >> 8 & 15)
            let rest = bits >> UInt64(truncatingIfNeeded: rootBits) & (1 << width &- 1)
            entry = words[start &+ Int(truncatingIfNeeded: entry >> 16 & 0x7FFF) &+ Int(truncatingIfNeeded: rest)]
        }
        return (entry, Int(truncatingIfNeeded: entry >> 8 & 15))
    }
}
