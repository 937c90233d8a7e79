/// The code lengths that a block declares (RFC 1951 §3.2.7), judged as they arrive: an oversubscribed code is reported
/// at the first excessive length, an incomplete one at its last length.
///
/// The lengths themselves are in words that each call is lent (``InflateTables``).
struct CodeLengths: Sendable {
    var literalCount = 0
    var distanceCount = 0
    /// How many lengths of the code-length code have arrived.
    var codeLengthCount = 0
    /// How many lengths have arrived.
    private(set) var count = 0
    /// The latest length.
    private(set) var last: UInt8 = 0
    /// How many symbols of the code have a length, and the code space that they take, of `wholeRoom`.
    private var used = 0
    private var room = 0
    private static let wholeRoom = 1 << 15

    var total: Int { literalCount &+ distanceCount }

    mutating func begin(_ words: inout MutableSpan<UInt32>) {
        count = 0
        used = 0
        room = 0
        for index in 0..<32 { words[InflateTables.literalCounts &+ index] = 0 }
    }

    /// Consumes the next length of the code-length code.
    ///
    /// - Returns: what is wrong with the code so far.
    mutating func appendCodeLength(_ length: UInt8, _ words: inout MutableSpan<UInt32>) -> InflateFault.Reason? {
        if count == 0 {
            for symbol in 0..<19 { words[InflateTables.lengths &+ symbol] = 0 }
        }
        words[InflateTables.lengths &+ codeLengthSymbol(count)] = UInt32(length)
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
        var left = times
        while left > 0 {
            let inLiterals = count < literalCount
            let end = inLiterals ? literalCount : total
            let now = min(left, end &- count)
            if length == 0, count <= Self.endOfBlock, count &+ now > Self.endOfBlock { return .noEndOfBlock }
            write(length, now, &words)
            left &-= now
            if length > 0 {
                let counts = inLiterals ? InflateTables.literalCounts : InflateTables.distanceCounts
                words[counts &+ Int(length & 15)] &+= UInt32(truncatingIfNeeded: now)
                used &+= now
                room &+= (Self.wholeRoom >> Int(length)) &* now
                if room > Self.wholeRoom { return .oversubscribedCode }
            }
            guard count == end else { continue }
            // A single symbol may have a code of one bit, and a block may have no distance codes (RFC 1951 §3.2.7).
            let isWhole = room == Self.wholeRoom || used == 1 && room == Self.wholeRoom / 2
            guard isWhole || !inLiterals && used == 0 else { return .incompleteCode }
            used = 0
            room = 0
        }
        return nil
    }

    private static let endOfBlock = 256

    @inline(__always)
    private mutating func write(_ length: UInt8, _ times: Int, _ words: inout MutableSpan<UInt32>) {
        let start = InflateTables.lengths &+ count
        count &+= times
        precondition(start >= 0 && start <= words.count &- times)
        for index in 0..<times { words[start &+ index] = UInt32(length) }
    }

    func build(codeLengths table: inout DecodingTable, _ words: inout MutableSpan<UInt32>) {
        Self.sort(&words, 0..<19, counts: InflateTables.distanceCounts)
        table.build(&words, counts: InflateTables.distanceCounts, .codeLengths)
    }

    func build(literals: inout DecodingTable, distances: inout DecodingTable, _ words: inout MutableSpan<UInt32>) {
        Self.sort(&words, 0..<literalCount, counts: InflateTables.literalCounts)
        literals.build(&words, counts: InflateTables.literalCounts, .literalsAndLengths)
        Self.sort(&words, literalCount..<total, counts: InflateTables.distanceCounts)
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

    /// Sorts the symbols that have a code into the order of the codes: by length, then by symbol (RFC 1951 §3.2.2).
    private static func sort(_ words: inout MutableSpan<UInt32>, _ range: Range<Int>, counts: Int) {
        let starts = InflateTables.starts
        var start = UInt32(truncatingIfNeeded: InflateTables.sorted)
        for length in 1..<16 {
            words[starts &+ length] = start
            start &+= words[counts &+ length]
        }
        for index in 0..<range.count {
            let length = words[InflateTables.lengths &+ range.lowerBound &+ index]
            guard length != 0 else { continue }
            let place = starts &+ Int(length & 15)
            words[Int(truncatingIfNeeded: words[place])] = UInt32(truncatingIfNeeded: index)
            words[place] &+= 1
        }
    }
}
