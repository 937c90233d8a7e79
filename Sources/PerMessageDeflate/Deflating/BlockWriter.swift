/// Writes blocks: with fixed codes, with codes of their own, or stored, whichever is smallest (RFC 1951 §3.2.3).
struct BlockWriter: Sendable {
    var tokens = Tokens()
    private var output = BitOutput()
    private var literals = CodeMaker(symbols: 286, longest: 15)
    private var distances = CodeMaker(symbols: 30, longest: 15)
    private var header = CodeLengthHeader()
    private static let fixedLiterals = CodeMaker(
        lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = CodeMaker(lengths: [UInt8](repeating: 5, count: 32))
    private static let endOfBlock = 256
    /// Below this many bits with fixed codes, codes of the block's own would not pay.
    private static let leastForOwnCodes = 120 * 8

    /// Writes the tokens as one block.
    ///
    /// - Parameter bytes: the bytes that the tokens represent.
    mutating func write(_ bytes: Span<UInt8>) {
        let extra = count()
        let fixed = fixedCost &+ extra
        var least = fixed
        if fixed > Self.leastForOwnCodes {
            literals.make()
            distances.make()
            header.make(literals.lengths, distances.lengths)
            least = min(fixed, literals.cost &+ distances.cost &+ extra &+ header.cost)
        }
        if bytes.count &* 8 &+ 39 < least {
            output.put(0, 3)
            output.fillByte()
            output.put(UInt64(bytes.count) | UInt64(~bytes.count & 0xFFFF) << 16, 32)
            output.append(bytes)
        } else if least == fixed {
            output.put(0b010, 3)
            write(Self.fixedLiterals, Self.fixedDistances)
        } else {
            output.put(0b100, 3)
            header.write(&output)
            write(literals, distances)
        }
    }

    /// Ends the message: an empty stored block, without its length (RFC 7692 §7.2.1).
    mutating func endMessage() {
        output.put(0, 3)
        output.fillByte()
    }

    mutating func hand(_ give: (Span<UInt8>) -> Void) { output.hand(give) }

    /// Counts the symbols of the block.
    ///
    /// - Returns: how many extra bits follow the symbols.
    private mutating func count() -> Int {
        literals.clear()
        distances.clear()
        literals.frequencies[Self.endOfBlock] = 1
        var extra = 0
        for index in 0..<tokens.count {
            let token = tokens.list[index]
            guard token & Tokens.isMatch != 0 else {
                literals.frequencies[Int(token & 0xFF)] &+= 1
                continue
            }
            let (length, distance) = (Tokens.length(token), Tokens.distance(token))
            literals.frequencies[length.symbol] &+= 1
            distances.frequencies[distance.symbol] &+= 1
            extra &+= length.bits &+ distance.bits
        }
        return extra
    }

    private var fixedCost: Int {
        var cost = 3
        for symbol in 0..<286 {
            cost &+= Int(literals.frequencies[symbol]) &* Int(Self.fixedLiterals.lengths[symbol])
        }
        for symbol in 0..<30 { cost &+= Int(distances.frequencies[symbol]) &* 5 }
        return cost
    }

    private mutating func write(_ literals: CodeMaker, _ distances: CodeMaker) {
        for index in 0..<tokens.count {
            let token = tokens.list[index]
            guard token & Tokens.isMatch != 0 else {
                let symbol = Int(token & 0xFF)
                output.put(UInt64(literals.codes[symbol]), Int(literals.lengths[symbol]))
                continue
            }
            let (length, distance) = (Tokens.length(token), Tokens.distance(token))
            var width = Int(literals.lengths[length.symbol])
            var bits = UInt64(literals.codes[length.symbol]) | length.extra << UInt64(width)
            width &+= length.bits
            bits |= UInt64(distances.codes[distance.symbol]) << UInt64(width)
            width &+= Int(distances.lengths[distance.symbol])
            bits |= distance.extra << UInt64(width)
            output.put(bits, width &+ distance.bits)
        }
        output.put(UInt64(literals.codes[Self.endOfBlock]), Int(literals.lengths[Self.endOfBlock]))
    }
}
