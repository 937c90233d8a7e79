/// Makes a Huffman code for symbols of known frequency (RFC 1951 §3.2.2): complete, with at least two symbols, and no
/// code longer than allowed. Frequencies and codes are in words that are lent to each call (``DeflateTables``).
struct CodeMaker {
    let symbolCount: Int
    let longest: Int
    /// The index of the first frequency: the number of times that each symbol occurs in the block.
    let frequencies: Int
    /// The index of the first symbol's code.
    let place: Int

    static var literals: CodeMaker {
        CodeMaker(
            symbolCount: 286, longest: 15, frequencies: DeflateTables.literalFrequencies, place: DeflateTables.literals)
    }
    static var distances: CodeMaker {
        CodeMaker(
            symbolCount: 30, longest: 15, frequencies: DeflateTables.distanceFrequencies, place: DeflateTables.distances
        )
    }
    static var codeLengths: CodeMaker {
        CodeMaker(
            symbolCount: 19, longest: 7, frequencies: DeflateTables.codeLengthFrequencies,
            place: DeflateTables.codeLengths)
    }
    static var fixedLiterals: CodeMaker {
        CodeMaker(
            symbolCount: 288, longest: 9, frequencies: DeflateTables.literalFrequencies,
            place: DeflateTables.fixedLiterals)
    }
    static var fixedDistances: CodeMaker {
        CodeMaker(
            symbolCount: 32, longest: 5, frequencies: DeflateTables.distanceFrequencies,
            place: DeflateTables.fixedDistances)
    }

    var places: Range<Int> { place..<(place &+ symbolCount) }

    /// Writes the fixed codes (RFC 1951 §3.2.6) into the words.
    static func makeFixed(_ words: inout MutableSpan<UInt32>) {
        let (literals, distances) = (fixedLiterals, fixedDistances)
        for symbol in 0..<288 {
            words[literals.place &+ symbol] = (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8) << 16
        }
        for symbol in 0..<32 { words[distances.place &+ symbol] = 5 << 16 }
        literals.assignCodes(&words)
        distances.assignCodes(&words)
    }

    func clear(_ words: inout MutableSpan<UInt32>) {
        for symbol in 0..<symbolCount { words[frequencies &+ symbol] = 0 }
    }

    /// Returns the number of bits that the symbols take in the block.
    func cost(_ words: Span<UInt32>) -> Int { cost(words, coded: self) }

    /// Returns the number of bits that they take with another code.
    func cost(_ words: Span<UInt32>, coded: CodeMaker) -> Int {
        var cost = 0
        for symbol in 0..<symbolCount {
            cost &+= Int(truncatingIfNeeded: words[frequencies &+ symbol] &* (words[coded.place &+ symbol] >> 16))
        }
        return cost
    }

    /// Returns the number of symbols up to the last one that has a code: at least two have one.
    func count(_ words: Span<UInt32>) -> Int {
        var count = symbolCount
        while words[place &+ count &- 1] == 0 { count &-= 1 }
        return count
    }

    /// Makes the code for the frequencies.
    func make(_ words: inout MutableSpan<UInt32>) {
        let used = sort(&words)
        Self.growTree(used, &words)
        var counts = SIMD16<UInt16>()
        for leaf in 0..<used { counts[min(Int(words[DeflateTables.tree &+ leaf]), longest)] &+= 1 }
        limit(&counts)
        // The rarest symbols get the longest codes.
        var next = DeflateTables.order
        for length in (1...longest).reversed() {
            for _ in 0..<counts[length] {
                words[place &+ Int(words[next] & 0x1FF)] = UInt32(truncatingIfNeeded: length) << 16
                next &+= 1
            }
        }
        assignCodes(&words)
    }

    /// Sorts the symbols in use by their frequency, and clears all codes.
    private func sort(_ words: inout MutableSpan<UInt32>) -> Int {
        let order = DeflateTables.order
        var used = 0
        for symbol in 0..<symbolCount {
            words[place &+ symbol] = 0
            let frequency = words[frequencies &+ symbol]
            guard frequency > 0 else { continue }
            words[order &+ used] = frequency << 9 | UInt32(truncatingIfNeeded: symbol)
            used &+= 1
        }
        // At least two symbols: not every receiver accepts a code with only one.
        var symbol: UInt32 = 0
        while used < 2 {
            if used == 0 || words[order] & 0x1FF != symbol {
                words[order &+ used] = symbol
                used &+= 1
            }
            symbol &+= 1
        }
        var gap = 1
        while gap < used { gap = gap &* 3 &+ 1 }
        while gap > 0 {
            var index = gap
            while index < used {
                let entry = words[order &+ index]
                var place = index
                while place >= gap, words[order &+ place &- gap] > entry {
                    words[order &+ place] = words[order &+ place &- gap]
                    place &-= gap
                }
                words[order &+ place] = entry
                index &+= 1
            }
            gap /= 3
        }
        return used
    }

    /// Finds the depth of each leaf in the tree, in place: weights become the parents' indices, and those become
    /// depths (Moffat and Katajainen).
    private static func growTree(_ used: Int, _ words: inout MutableSpan<UInt32>) {
        let tree = DeflateTables.tree
        for leaf in 0..<used { words[tree &+ leaf] = words[DeflateTables.order &+ leaf] >> 9 }
        var leaf = 0
        var root = 0
        for node in 0..<(used &- 1) {
            var weight: UInt32 = 0
            for _ in 0..<2 {
                if leaf >= used || root < node && words[tree &+ root] < words[tree &+ leaf] {
                    weight &+= words[tree &+ root]
                    words[tree &+ root] = UInt32(truncatingIfNeeded: node)
                    root &+= 1
                } else {
                    weight &+= words[tree &+ leaf]
                    leaf &+= 1
                }
            }
            words[tree &+ node] = weight
        }
        words[tree &+ used &- 2] = 0
        var node = used &- 3
        while node >= 0 {
            words[tree &+ node] = words[tree &+ Int(words[tree &+ node])] &+ 1
            node &-= 1
        }
        var (free, depth, next) = (1, UInt32(0), used &- 1)
        root = used &- 2
        while free > 0 {
            var inner = 0
            while root >= 0, words[tree &+ root] == depth {
                inner &+= 1
                root &-= 1
            }
            while free > inner {
                words[tree &+ next] = depth
                next &-= 1
                free &-= 1
            }
            free = 2 &* inner
            depth &+= 1
        }
    }

    /// Makes the code complete again after lengths were cut to the longest allowed one.
    private func limit(_ counts: inout SIMD16<UInt16>) {
        var room = 1 << longest
        for length in 1...longest { room &-= Int(counts[length]) << (longest &- length) }
        while room < 0 {
            // One of the longest codes moves next to a shorter one, which becomes one bit longer to make room.
            var length = longest &- 1
            while counts[length] == 0 { length &-= 1 }
            counts[length] &-= 1
            counts[length &+ 1] &+= 2
            counts[longest] &-= 1
            room &+= 1
        }
    }

    /// Assigns its bits to each symbol that has a length.
    private func assignCodes(_ words: inout MutableSpan<UInt32>) {
        var counts = SIMD16<UInt16>()
        for symbol in 0..<symbolCount { counts[Int(words[place &+ symbol] >> 16 & 15)] &+= 1 }
        var next = SIMD16<UInt16>()
        counts[0] = 0
        for length in 1..<15 { next[length &+ 1] = (next[length] &+ counts[length]) << 1 }
        for symbol in 0..<symbolCount {
            let length = words[place &+ symbol] >> 16
            guard length > 0 else { continue }
            let code = Self.reversed(next[Int(length & 15)]) >> UInt16(truncatingIfNeeded: 16 &- length)
            words[place &+ symbol] = length << 16 | UInt32(code)
            next[Int(length & 15)] &+= 1
        }
    }

    private static func reversed(_ value: UInt16) -> UInt16 {
        var bits = value.byteSwapped
        bits = (bits & 0x0F0F) << 4 | bits >> 4 & 0x0F0F
        bits = (bits & 0x3333) << 2 | bits >> 2 & 0x3333
        return (bits & 0x5555) << 1 | bits >> 1 & 0x5555
    }
}
