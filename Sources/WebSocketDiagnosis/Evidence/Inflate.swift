// Whether bytes are raw DEFLATE (RFC 1951). It only has to tell data that is compressed from data that is not, so it is
// written for being short, and bounded: no output beyond a limit, no work beyond the input and that output.

/// What came of inflating.
enum Inflated {
    /// The input ended with a block.
    case whole([UInt8])
    /// The input, or the room for the output, ended inside a block, and everything up to there was right.
    case begun([UInt8])
    /// It is no DEFLATE.
    case broken
}

struct Inflate {
    /// No more output than this many bytes is made: enough to see that it is sensible.
    static let maximumOutput = 16_384
    /// What permessage-deflate leaves off the end of each message (RFC 7692 §7.2.1).
    static let messageEnd: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    /// Inflates a message's payload as RFC 7692 §7.2.2 says.
    static func message(_ payload: [UInt8], isWhole: Bool) -> Inflated {
        var inflate = Inflate(payload + (isWhole ? messageEnd : []))
        let inflated = inflate.run()
        // A sender may mark its last block, and then one byte and the bytes that were left off are after it.
        if case .whole = inflated, isWhole, inflate.input.count - inflate.next > messageEnd.count + 1 { return .broken }
        return inflated
    }

    /// Inflates raw DEFLATE with whatever follows it.
    static func raw(_ bytes: ArraySlice<UInt8>) -> Inflated {
        var inflate = Inflate(Array(bytes))
        return inflate.run()
    }

    private let input: [UInt8]
    private var next = 0
    private var held: UInt32 = 0
    private var heldCount = 0
    private var output: [UInt8] = []

    private enum Stop: Error {
        case ended
        case broken
    }

    private init(_ input: [UInt8]) {
        self.input = input
    }

    private mutating func run() -> Inflated {
        do throws(Stop) {
            var isLast = false
            while !isLast {
                // Between two blocks only a whole byte's rest may be left: that is the input's end.
                if next == input.count, heldCount == 0 { return .whole(output) }
                isLast = try bits(1) == 1
                switch try bits(2) {
                case 0: try storedBlock()
                case 1: try block(Self.fixedLiterals, Self.fixedDistances)
                case 2:
                    let (literals, distances) = try dynamicCodes()
                    try block(literals, distances)
                default: throw Stop.broken
                }
            }
            return .whole(output)
        } catch .ended {
            return .begun(output)
        } catch {
            return .broken
        }
    }

    private mutating func bits(_ count: Int) throws(Stop) -> Int {
        while heldCount < count {
            guard next < input.count else { throw .ended }
            held |= UInt32(input[next]) << UInt32(heldCount)
            next += 1
            heldCount += 8
        }
        let value = held & ((1 << UInt32(count)) - 1)
        held >>= UInt32(count)
        heldCount -= count
        return Int(value)
    }

    private mutating func put(_ byte: UInt8) throws(Stop) {
        guard output.count < Self.maximumOutput else { throw .ended }
        output.append(byte)
    }

    private mutating func storedBlock() throws(Stop) {
        held = 0
        heldCount = 0
        let length = try bits(16)
        guard try bits(16) == length ^ 0xFFFF else { throw .broken }
        for _ in 0..<length { try put(UInt8(truncatingIfNeeded: try bits(8))) }
    }

    private mutating func block(_ literals: PrefixCode, _ distances: PrefixCode) throws(Stop) {
        while true {
            let symbol = try symbol(of: literals)
            if symbol < 256 {
                try put(UInt8(truncatingIfNeeded: symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol < 286 else { throw .broken }
            let length = Self.lengthBases[symbol - 257] + (try bits(Self.lengthBits[symbol - 257]))
            let code = try self.symbol(of: distances)
            guard code < 30 else { throw .broken }
            let distance = Self.distanceBases[code] + (try bits(max(code / 2 - 1, 0)))
            guard distance <= output.count else { throw .broken }
            for _ in 0..<length { try put(output[output.count - distance]) }
        }
    }

    private mutating func symbol(of code: PrefixCode) throws(Stop) -> Int {
        var value = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            value |= try bits(1)
            let count = code.counts[length]
            if value - first < count { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw .broken
    }

    private mutating func dynamicCodes() throws(Stop) -> (PrefixCode, PrefixCode) {
        let literalCount = try bits(5) + 257
        let distanceCount = try bits(5) + 1
        let orderCount = try bits(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw .broken }
        var lengths = [Int](repeating: 0, count: 19)
        for index in 0..<orderCount { lengths[Self.order[index]] = try bits(3) }
        guard let meta = PrefixCode(lengths) else { throw .broken }
        lengths = []
        while lengths.count < literalCount + distanceCount {
            let symbol = try symbol(of: meta)
            switch symbol {
            case 0...15: lengths.append(symbol)
            case 16:
                guard let last = lengths.last else { throw .broken }
                lengths += [Int](repeating: last, count: try bits(2) + 3)
            case 17: lengths += [Int](repeating: 0, count: try bits(3) + 3)
            default: lengths += [Int](repeating: 0, count: try bits(7) + 11)
            }
        }
        guard lengths.count == literalCount + distanceCount, lengths[256] > 0,
            let literals = PrefixCode(Array(lengths[..<literalCount])),
            let distances = PrefixCode(Array(lengths[literalCount...]))
        else { throw .broken }
        return (literals, distances)
    }

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let fixedLiterals = PrefixCode(
        fixed: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = PrefixCode(fixed: [Int](repeating: 5, count: 30))
}

/// A canonical prefix code (RFC 1951 §3.2.2): how many codes of each length there are, and their symbols in order.
private struct PrefixCode {
    private(set) var counts = [Int](repeating: 0, count: 16)
    private(set) var symbols: [Int] = []

    init(fixed lengths: [Int]) {
        for length in lengths { counts[length] += 1 }
        for length in 1...15 { symbols += lengths.indices.filter { lengths[$0] == length } }
        counts[0] = 0
    }

    /// Nil if the lengths ask for more codes than there are, or leave some out that nobody leaves out.
    init?(_ lengths: [Int]) {
        self.init(fixed: lengths)
        var left = 1
        for length in 1...15 {
            left = left << 1 - counts[length]
            guard left >= 0 else { return nil }
        }
        // A code with one symbol, or none, is the only one that may be incomplete.
        if left > 0, symbols.count > 1 { return nil }
    }
}
