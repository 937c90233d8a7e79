/// The code lengths of a block, as written at its start (RFC 1951 §3.2.7).
struct CodeLengthHeader: Sendable {
    private var runCount = 0
    private var literalCount = 0
    private var distanceCount = 0
    /// The number of lengths of the code-length code that are written.
    private var written = 0
    /// The cost in bits, including the three bits that begin the block.
    private(set) var cost = 0

    mutating func make(_ words: inout MutableSpan<UInt32>) {
        literalCount = CodeMaker.literals.count(words.span)
        distanceCount = CodeMaker.distances.count(words.span)
        let code = CodeMaker.codeLengths
        code.clear(&words)
        runCount = 0
        appendLengths(at: DeflateTables.literals, literalCount, &words)
        appendLengths(at: DeflateTables.distances, distanceCount, &words)
        code.make(&words)
        // Some symbol always has a code, so this ends at its length.
        written = 19
        while words[code.place &+ codeLengthSymbol(written &- 1)] == 0 { written &-= 1 }
        cost = 3 &+ 14 &+ written &* 3 &+ code.cost(words.span)
        for symbol in 16...18 { cost &+= Int(words[code.frequencies &+ symbol]) &* Self.extraBits(symbol) }
    }

    func write(_ words: Span<UInt32>, _ output: inout BitOutput, _ target: inout MutableSpan<UInt8>) {
        output.put(UInt64(literalCount &- 257), 5, &target)
        output.put(UInt64(distanceCount &- 1), 5, &target)
        output.put(UInt64(written &- 4), 4, &target)
        let code = DeflateTables.codeLengths
        for place in 0..<written { output.put(UInt64(words[code &+ codeLengthSymbol(place)] >> 16), 3, &target) }
        for index in 0..<runCount {
            let run = words[DeflateTables.runs &+ index]
            let symbol = Int(run & 0xFF)
            output.put(UInt64(words[code &+ symbol] & 0xFFFF), Int(words[code &+ symbol] >> 16), &target)
            if symbol >= 16 { output.put(UInt64(run >> 8), Self.extraBits(symbol), &target) }
        }
    }

    private static func extraBits(_ symbol: Int) -> Int { symbol == 16 ? 2 : symbol == 17 ? 3 : 7 }

    private mutating func appendLengths(at start: Int, _ count: Int, _ words: inout MutableSpan<UInt32>) {
        var index = 0
        while index < count {
            let length = Int(words[start &+ index] >> 16)
            var same = 1
            while index &+ same < count, Int(words[start &+ index &+ same] >> 16) == length { same &+= 1 }
            index &+= same
            if length > 0 {
                append(length, 0, &words)
                same &-= 1
            }
            while same >= 3 {
                let most = length > 0 ? 6 : same > 10 ? 138 : 10
                let times = min(same, most)
                append(length > 0 ? 16 : same > 10 ? 18 : 17, times &- (most == 138 ? 11 : 3), &words)
                same &-= times
            }
            for _ in 0..<same { append(length, 0, &words) }
        }
    }

    @inline(__always)
    private mutating func append(_ symbol: Int, _ number: Int, _ words: inout MutableSpan<UInt32>) {
        words[DeflateTables.runs &+ runCount] = UInt32(truncatingIfNeeded: symbol | number << 8)
        runCount &+= 1
        words[DeflateTables.codeLengthFrequencies &+ symbol] &+= 1
    }
}
