/// The code lengths that a block declares (RFC 1951 §3.2.7), judged as they arrive: an oversubscribed code is reported
/// at the first excessive length, an incomplete one at its last length.
///
/// The symbols that have a code are in words that are lent to each call (``InflateTables``), each with its length.
struct CodeLengths: Sendable {
    var literalCount = 0
    var distanceCount = 0
    /// The number of lengths of the code-length code that have arrived.
    var codeLengthCount = 0
    /// The number of lengths that have arrived.
    private(set) var count = 0
    /// The latest length.
    private(set) var last: UInt8 = 0
    /// The number of symbols that have a code: literals and lengths, then distances.
    private var literalsUsed = 0
    private var listed = 0
    /// The code space that they use, out of `wholeRoom`.
    private var room = 0
    private static let wholeRoom = 1 << 15
    /// The code whose lengths are arriving: the index of its first symbol's length, the first index beyond it, and
    /// where to count how many symbols have how many bits.
    private var firstSymbol = 0
    private var end = 0
    private var counts = InflateTables.literalCounts

    var total: Int { literalCount &+ distanceCount }

    mutating func begin(_ words: inout MutableSpan<UInt32>) {
        count = 0
        literalsUsed = 0
        listed = 0
        room = 0
        firstSymbol = 0
        end = literalCount
        counts = InflateTables.literalCounts
        for index in 0..<32 { words[InflateTables.literalCounts &+ index] = 0 }
    }

    /// Consumes the next length of the code-length code.
    ///
    /// - Returns: what is wrong with the code so far.
    mutating func appendCodeLength(_ length: UInt8, _ words: inout MutableSpan<UInt32>) -> InflateFault.Reason? {
        if count == 0 {
            for symbol in 0..<19 { words[InflateTables.used &+ symbol] = UInt32(truncatingIfNeeded: symbol) << 4 }
        }
        words[InflateTables.used &+ codeLengthSymbol(count)] |= UInt32(length)
        count &+= 1
        if length > 0 {
            room &+= Self.wholeRoom >> Int(length)
            words[InflateTables.distanceCounts &+ Int(length & 15)] &+= 1
        }
        if room > Self.wholeRoom { return .oversubscribedCode }
        return count == codeLengthCount && room < Self.wholeRoom ? .incompleteCode : nil
    }

    /// Repeats a length `times` times; the caller knows that it fits.
    ///
    /// - Returns: what is wrong with the code so far.
    @inline(__always)
    mutating func append(
        _ length: UInt8, times: Int, _ words: inout MutableSpan<UInt32>
    ) -> InflateFault.Reason? {
        last = length
        if length == 0 { return skip(times) }
        var left = times
        repeat {
            words[InflateTables.used &+ listed] =
                UInt32(truncatingIfNeeded: count &- firstSymbol) << 4 | UInt32(length & 15)
            listed &+= 1
            words[counts &+ Int(length & 15)] &+= 1
            room &+= Self.wholeRoom >> Int(length & 15)
            if room > Self.wholeRoom { return .oversubscribedCode }
            count &+= 1
            if count == end, let reason = endCode() { return reason }
            left &-= 1
        } while left > 0
        return nil
    }

    /// Records that this many symbols have no code.
    private mutating func skip(_ times: Int) -> InflateFault.Reason? {
        var left = times
        while left > 0 {
            let now = min(left, end &- count)
            if count <= Self.endOfBlock, count &+ now > Self.endOfBlock { return .noEndOfBlock }
            count &+= now
            left &-= now
            if count == end, let reason = endCode() { return reason }
        }
        return nil
    }

    /// Ends a code: all lengths of literals and lengths have arrived, or all of distances.
    private mutating func endCode() -> InflateFault.Reason? {
        let isLiterals = firstSymbol == 0
        let used = isLiterals ? listed : listed &- literalsUsed
        // A single symbol may have a code of one bit, and a block may have no distance codes (RFC 1951 §3.2.7).
        let isWhole = room == Self.wholeRoom || used == 1 && room == Self.wholeRoom / 2
        guard isWhole || !isLiterals && used == 0 else { return .incompleteCode }
        literalsUsed = isLiterals ? listed : literalsUsed
        firstSymbol = literalCount
        end = total
        counts = InflateTables.distanceCounts
        room = 0
        return nil
    }

    private static let endOfBlock = 256

    func build(codeLengths table: inout DecodingTable, _ words: inout MutableSpan<UInt32>) {
        Self.sort(&words, 0..<19, counts: InflateTables.distanceCounts)
        table.build(&words, counts: InflateTables.distanceCounts, .codeLengths)
    }

    func build(literals: inout DecodingTable, distances: inout DecodingTable, _ words: inout MutableSpan<UInt32>) {
        Self.sort(&words, 0..<literalsUsed, counts: InflateTables.literalCounts)
        literals.build(&words, counts: InflateTables.literalCounts, .literalsAndLengths)
        Self.sort(&words, literalsUsed..<listed, counts: InflateTables.distanceCounts)
        distances.build(&words, counts: InflateTables.distanceCounts, .distances)
    }

    /// Builds the tables of fixed codes (RFC 1951 §3.2.6).
    static func buildFixed(
        literals: inout DecodingTable, distances: inout DecodingTable, _ words: inout MutableSpan<UInt32>
    ) {
        var lengths = CodeLengths()
        lengths.literalCount = 288
        lengths.distanceCount = 32
        lengths.begin(&words)
        _ = lengths.append(8, times: 144, &words)
        _ = lengths.append(9, times: 112, &words)
        _ = lengths.append(7, times: 24, &words)
        _ = lengths.append(8, times: 8, &words)
        _ = lengths.append(5, times: 32, &words)
        lengths.build(literals: &literals, distances: &distances, &words)
    }

    /// Sorts symbols that have a code into the order of the codes: by length, then by symbol (RFC 1951 §3.2.2).
    private static func sort(_ words: inout MutableSpan<UInt32>, _ range: Range<Int>, counts: Int) {
        let starts = InflateTables.starts
        var start = UInt32(truncatingIfNeeded: InflateTables.sorted)
        for length in 1..<16 {
            words[starts &+ length] = start
            start &+= words[counts &+ length]
        }
        for index in range {
            let symbol = words[InflateTables.used &+ index]
            guard symbol & 15 != 0 else { continue }
            let place = starts &+ Int(symbol & 15)
            words[Int(truncatingIfNeeded: words[place])] = symbol >> 4
            words[place] &+= 1
        }
    }
}
