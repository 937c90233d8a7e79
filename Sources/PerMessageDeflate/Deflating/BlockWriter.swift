/// Writes blocks: with fixed codes, with codes of their own, or stored, whichever is smallest (RFC 1951 §3.2.3).
struct BlockWriter: Sendable {
    var output = BitOutput()
    private var header = CodeLengthHeader()
    private static let endOfBlock = 256
    /// Below this many bits with fixed codes, codes of the block's own would not pay off.
    private static let minimumForOwnCodes = 120 * 8

    /// The most bits of a block besides its bytes: three, up to seven to fill a byte, and a stored length with its
    /// complement.
    static let maximumOverhead = 3 + 7 + 32

    /// Writes the tokens as one block.
    ///
    /// - Parameters:
    ///   - bytes: the bytes that the tokens represent.
    ///   - target: the memory for the output.
    mutating func write(
        _ tokenCount: Int, _ bytes: Span<UInt8>, _ words: inout MutableSpan<UInt32>, _ target: inout MutableSpan<UInt8>
    ) {
        let tokens = DeflateTables.tokens..<(DeflateTables.tokens &+ tokenCount)
        let extra = count(tokens, &words)
        let fixed =
            3 &+ CodeMaker.literals.cost(words.span, coded: .fixedLiterals)
            &+ CodeMaker.distances.cost(words.span, coded: .fixedDistances) &+ extra
        var least = fixed
        if fixed > Self.minimumForOwnCodes {
            CodeMaker.literals.make(&words)
            CodeMaker.distances.make(&words)
            header.make(&words)
            let own = CodeMaker.literals.cost(words.span) &+ CodeMaker.distances.cost(words.span)
            least = min(fixed, own &+ extra &+ header.cost)
        }
        if bytes.count &* 8 &+ 39 < least {
            output.put(0, 3, &target)
            output.fillByte(&target)
            output.put(UInt64(bytes.count) | UInt64(~bytes.count & 0xFFFF) << 16, 32, &target)
            output.append(bytes, &target)
        } else if least == fixed {
            output.put(0b010, 3, &target)
            write(tokens, .fixedLiterals, .fixedDistances, words.span, &target)
        } else {
            output.put(0b100, 3, &target)
            header.write(words.span, &output, &target)
            write(tokens, .literals, .distances, words.span, &target)
        }
    }

    /// Ends the message with an empty stored block, without its length (RFC 7692 §7.2.1).
    mutating func endMessage(_ target: inout MutableSpan<UInt8>) {
        output.put(0, 3, &target)
        output.fillByte(&target)
    }

    /// Counts the symbols of the block.
    ///
    /// - Returns: the number of extra bits that follow the symbols.
    private func count(_ tokens: Range<Int>, _ words: inout MutableSpan<UInt32>) -> Int {
        CodeMaker.literals.clear(&words)
        CodeMaker.distances.clear(&words)
        words[DeflateTables.literalFrequencies &+ Self.endOfBlock] = 1
        var extra = 0
        for place in tokens {
            let token = words[place]
            guard token & Tokens.isMatch != 0 else {
                words[DeflateTables.literalFrequencies &+ Int(token & 0xFF)] &+= 1
                continue
            }
            let (length, distance) = (Tokens.length(token), Tokens.distance(token))
            words[DeflateTables.literalFrequencies &+ length.symbol] &+= 1
            words[DeflateTables.distanceFrequencies &+ distance.symbol] &+= 1
            extra &+= length.bits &+ distance.bits
        }
        return extra
    }

    private mutating func write(
        _ tokens: Range<Int>, _ literals: CodeMaker, _ distances: CodeMaker, _ words: Span<UInt32>,
        _ target: inout MutableSpan<UInt8>
    ) {
        let (literals, distances) = (words.extracting(literals.places), words.extracting(distances.places))
        let tokens = words.extracting(tokens)
        // A local copy, which stays in registers.
        var output = output
        for index in 0..<tokens.count {
            let token = tokens[index]
            guard token & Tokens.isMatch != 0 else {
                let code = literals[Int(token & 0xFF)]
                output.put(UInt64(code & 0xFFFF), Int(code >> 16), &target)
                continue
            }
            let (length, distance) = (Tokens.length(token), Tokens.distance(token))
            let (first, second) = (literals[length.symbol], distances[distance.symbol])
            var width = Int(first >> 16)
            var bits = UInt64(first & 0xFFFF) | length.extra << UInt64(truncatingIfNeeded: width)
            width &+= length.bits
            bits |= UInt64(second & 0xFFFF) << UInt64(truncatingIfNeeded: width)
            width &+= Int(second >> 16)
            bits |= distance.extra << UInt64(truncatingIfNeeded: width)
            output.put(bits, width &+ distance.bits, &target)
        }
        let end = literals[Self.endOfBlock]
        output.put(UInt64(end & 0xFFFF), Int(end >> 16), &target)
        self.output = output
    }
}
