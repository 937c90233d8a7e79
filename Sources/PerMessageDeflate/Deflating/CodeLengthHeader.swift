/// The code lengths of a block, as they are written at its start (RFC 1951 §3.2.7).
struct CodeLengthHeader: Sendable {
    //      symbol in bits 0…4, the number after it in bits 8…15
    private var runs = [UInt16](repeating: 0, count: 316)
    private var runCount = 0
    private var code = CodeMaker(symbols: 19, longest: 7)
    private var literalCount = 0
    private var distanceCount = 0
    /// How many lengths of the code-length code are written.
    private var written = 0
    /// The cost in bits, including the first three of the block.
    private(set) var cost = 0

    private static let order: [UInt8] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    mutating func make(_ literals: [UInt8], _ distances: [UInt8]) {
        literalCount = Self.count(literals, atLeast: 257)
        distanceCount = Self.count(distances, atLeast: 1)
        code.clear()
        runCount = 0
        append(literals, literalCount)
        append(distances, distanceCount)
        code.make()
        written = 19
        while written > 4, code.lengths[Int(Self.order[written &- 1])] == 0 { written &-= 1 }
        cost = 3 &+ 14 &+ written &* 3 &+ code.cost
        for symbol in 16...18 { cost &+= Int(code.frequencies[symbol]) &* Self.extraBits(symbol) }
    }

    func write(_ output: inout BitOutput) {
        output.put(UInt64(literalCount &- 257), 5)
        output.put(UInt64(distanceCount &- 1), 5)
        output.put(UInt64(written &- 4), 4)
        for place in 0..<written { output.put(UInt64(code.lengths[Int(Self.order[place])]), 3) }
        for index in 0..<runCount {
            let symbol = Int(runs[index] & 0x1F)
            output.put(UInt64(code.codes[symbol]), Int(code.lengths[symbol]))
            if symbol >= 16 { output.put(UInt64(runs[index] >> 8), Self.extraBits(symbol)) }
        }
    }

    private static func extraBits(_ symbol: Int) -> Int { symbol == 16 ? 2 : symbol == 17 ? 3 : 7 }

    private static func count(_ lengths: [UInt8], atLeast least: Int) -> Int {
        var count = lengths.count
        while count > least, lengths[count &- 1] == 0 { count &-= 1 }
        return count
    }

    private mutating func append(_ lengths: [UInt8], _ count: Int) {
        var index = 0
        while index < count {
            let length = lengths[index]
            var same = 1
            while index &+ same < count, lengths[index &+ same] == length { same &+= 1 }
            index &+= same
            if length > 0 {
                append(Int(length), 0)
                same &-= 1
            }
            while same >= 3 {
                let most = length > 0 ? 6 : same > 10 ? 138 : 10
                let times = min(same, most)
                append(length > 0 ? 16 : same > 10 ? 17 &+ 1 : 17, times &- (most == 138 ? 11 : 3))
                same &-= times
            }
            for _ in 0..<same { append(Int(length), 0) }
        }
    }

    private mutating func append(_ symbol: Int, _ number: Int) {
        runs[runCount] = UInt16(truncatingIfNeeded: symbol | number << 8)
        runCount &+= 1
        code.frequencies[symbol] &+= 1
    }
}
