/// A Huffman code, laid out so that the next bits of the input are an index (RFC 1951 §3.2.2).
///
/// Codes of up to `rootBits` bits are found in the first table, at every index whose low bits they are; longer ones in
/// second tables, one for each prefix of `rootBits` bits that they have.
struct DecodingTable: Sendable {
    private(set) var entries: [UInt32]
    /// How many bits the first table is indexed with.
    private(set) var rootBits = 0
    private let mostRootBits: Int

    /// The bits that the first table is indexed with.
    var mask: UInt64 { 1 << UInt64(truncatingIfNeeded: rootBits) &- 1 }

    /// - Parameters:
    ///   - mostRootBits: how many bits the first table is indexed with at most.
    ///   - capacity: as many entries as any complete code of at most 15 bits needs.
    init(mostRootBits: Int, capacity: Int) {
        entries = [UInt32](repeating: SymbolEntry.unused, count: capacity)
        self.mostRootBits = mostRootBits
    }

    /// For literals and lengths. (2,342 entries are the most that a complete code of 288 symbols can need.)
    static let forLiterals = DecodingTable(mostRootBits: 11, capacity: 2342)
    /// For distances. (402 entries are the most that a complete code of 32 symbols can need.)
    static let forDistances = DecodingTable(mostRootBits: 8, capacity: 402)
    /// For code lengths, which have at most 7 bits.
    static let forCodeLengths = DecodingTable(mostRootBits: 7, capacity: 128)

    /// Builds the table of a code that is complete, has one code of one bit, or none.
    ///
    /// - Parameters:
    ///   - code: how many symbols have how many bits, and the symbols with a code, in the code's order.
    ///   - symbols: the symbols' entries for a code of no bits.
    mutating func build(_ code: borrowing SortedSymbols, _ symbols: [UInt32]) {
        var longest = 15
        while longest > 0, code.counts[longest] == 0 { longest &-= 1 }
        let rootBits = max(1, min(longest, mostRootBits))
        self.rootBits = rootBits
        var table = entries.mutableSpan
        if longest <= 1 {
            for index in 0..<2 { table[index] = SymbolEntry.unused }
        }
        guard longest > 0 else { return }
        Self.fill(&table, code.counts.span, code.sorted.span, symbols.span, longest: longest, rootBits: rootBits)
    }

    private static func fill(
        _ table: inout MutableSpan<UInt32>, _ counts: Span<UInt16>, _ sorted: Span<UInt16>, _ symbols: Span<UInt32>,
        longest: Int, rootBits: Int
    ) {
        var next = 0
        // The code whose turn it is, its first bit lowest.
        var code = 0
        // The first table is filled for codes of one bit, doubled for those of two, and so on.
        for length in 1...rootBits {
            let size = 1 << length
            if length > 1 { double(&table, from: size >> 1) }
            for _ in 0..<counts[length] {
                table[code] = SymbolEntry.entry(symbols[Int(sorted[next])], bits: length)
                next &+= 1
                code = self.code(after: code, length)
            }
        }
        guard longest > rootBits else { return }
        let rootMask = 1 << rootBits &- 1
        var prefix = -1
        var start = 0
        var end = 1 << rootBits
        for length in (rootBits &+ 1)...longest {
            var left = Int(counts[length])
            while left > 0 {
                if code & rootMask != prefix {
                    prefix = code & rootMask
                    start = end
                    // As many bits as the codes with this prefix need: these are the next ones, until they fill it.
                    var bits = length &- rootBits
                    var used = left
                    while used < 1 << bits, bits &+ rootBits < longest {
                        bits &+= 1
                        used = used &* 2 &+ Int(counts[bits &+ rootBits])
                    }
                    end = start &+ 1 << bits
                    table[prefix] =
                        SymbolEntry.odd | SymbolEntry.second | UInt32(truncatingIfNeeded: start) << 16
                        | UInt32(truncatingIfNeeded: bits) << 8 | UInt32(truncatingIfNeeded: rootBits)
                }
                let entry = SymbolEntry.entry(symbols[Int(sorted[next])], bits: length &- rootBits)
                var index = start &+ code >> rootBits
                while index < end {
                    table[index] = entry
                    index &+= 1 << (length &- rootBits)
                }
                next &+= 1
                left &-= 1
                code = self.code(after: code, length)
            }
        }
    }

    /// The next code in order, its first bit lowest: one is added at its last bit, which is the highest one here.
    @inline(__always)
    private static func code(after code: Int, _ length: Int) -> Int {
        // The ones that the carry runs through are the highest bits.
        let shift = Int.bitWidth &- length
        let ones = (~(code << shift)).leadingZeroBitCount
        guard ones < length else { return 0 }
        let bit = 1 << (length &- 1 &- ones)
        return code & (bit &- 1) | bit
    }

    @inline(__always)
    private static func double(_ table: inout MutableSpan<UInt32>, from size: Int) {
        precondition(size >= 0 && size <= 1 << 14 && size &* 2 <= table.count)
        for index in 0..<size { table[size &+ index] = table[index] }
    }

    /// Becomes the same as `other`, in the memory that it has.
    mutating func copy(_ other: borrowing DecodingTable) {
        let source = other.entries.span
        var target = entries.mutableSpan
        for index in 0..<(1 << other.rootBits) { target[index] = source[index] }
        rootBits = other.rootBits
    }

    /// The entry that the low bits of `bits` lead to, and how many bits its code has.
    @inline(__always)
    func look(_ bits: UInt64) -> (entry: UInt32, codeBits: Int) {
        let entry = entries[Int(truncatingIfNeeded: bits & mask)]
        let width = Int(truncatingIfNeeded: entry >> 8 & 15)
        guard entry & SymbolEntry.second != 0 else { return (entry, width) }
        let rest = bits >> UInt64(truncatingIfNeeded: rootBits) & (1 << UInt64(truncatingIfNeeded: width) &- 1)
        let deeper = entries[Int(truncatingIfNeeded: entry >> 16 & 0x7FFF) &+ Int(truncatingIfNeeded: rest)]
        return (deeper, rootBits &+ Int(truncatingIfNeeded: deeper >> 8 & 15))
    }
}
