/// The code lengths that a block declares (RFC 1951 §3.2.7), judged as they come: a code that has too many symbols is
/// known with the length that was too much, one that has too few with its last length.
struct CodeLengths: Sendable {
    /// Of literals and lengths, then of distances.
    private(set) var bytes = [UInt8](repeating: 0, count: 320)
    private var literalCode = SortedSymbols()
    /// Of distances; before, of the code-length code.
    private var distanceCode = SortedSymbols()

    var literalCount = 0
    var distanceCount = 0
    /// How many lengths of the code-length code are written down.
    var codeLengthCount = 0
    /// How many lengths have come.
    private(set) var count = 0
    /// How many symbols of the code have a length, and the room they take, the whole of it being `wholeRoom`.
    private var used = 0
    private var room = 0
    private static let wholeRoom = 1 << 15

    /// The order in which the lengths of the code-length code are written.
    private static let order: [UInt8] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// The code lengths of fixed codes (RFC 1951 §3.2.6).
    static let fixed: CodeLengths = {
        var lengths = CodeLengths()
        lengths.literalCount = 288
        lengths.distanceCount = 32
        for run in [(8, 144), (9, 112), (7, 24), (8, 8), (5, 32)] { _ = lengths.append(UInt8(run.0), times: run.1) }
        return lengths
    }()

    var total: Int { literalCount &+ distanceCount }

    /// The length before the next one.
    var last: UInt8 { bytes[count &- 1] }

    mutating func begin() {
        count = 0
        used = 0
        room = 0
        literalCode.clear()
        distanceCode.clear()
    }

    /// Takes the next length of the code-length code; its place is given by ``order``.
    ///
    /// - Returns: what is wrong with the code so far.
    mutating func appendCodeLength(_ length: UInt8) -> InflateFault.Reason? {
        if count == 0 {
            for symbol in 0..<19 { bytes[symbol] = 0 }
        }
        bytes[Int(Self.order[count])] = length
        count &+= 1
        if length > 0 {
            room &+= Self.wholeRoom >> Int(length)
            distanceCode.count(length, 1)
        }
        if room > Self.wholeRoom { return .oversubscribedCode }
        return count == codeLengthCount && room < Self.wholeRoom ? .incompleteCode : nil
    }

    /// Takes the same length `times` times. It fits in.
    ///
    /// - Returns: what is wrong with the code so far.
    @inline(__always)
    mutating func append(_ length: UInt8, times: Int) -> InflateFault.Reason? {
        var left = times
        while left > 0 {
            let inLiterals = count < literalCount
            let end = inLiterals ? literalCount : total
            let now = min(left, end &- count)
            if length == 0, count <= Self.endOfBlock, count &+ now > Self.endOfBlock { return .noEndOfBlock }
            write(length, now)
            left &-= now
            if length > 0 {
                if inLiterals {
                    literalCode.count(length, now)
                } else {
                    distanceCode.count(length, now)
                }
                used &+= now
                room &+= (Self.wholeRoom >> Int(length)) &* now
                if room > Self.wholeRoom { return .oversubscribedCode }
            }
            guard count == end else { continue }
            // One symbol may have a code of one bit, and of distances there may be none (RFC 1951 §3.2.7).
            let isWhole = room == Self.wholeRoom || used == 1 && room == Self.wholeRoom / 2
            guard isWhole || !inLiterals && used == 0 else { return .incompleteCode }
            used = 0
            room = 0
        }
        return nil
    }

    private static let endOfBlock = 256

    @inline(__always)
    private mutating func write(_ length: UInt8, _ times: Int) {
        let start = count
        count &+= times
        var target = bytes.mutableSpan
        precondition(start >= 0 && start <= target.count &- times)
        for index in 0..<times { target[start &+ index] = length }
    }

    mutating func build(codeLengths table: inout DecodingTable) {
        distanceCode.sort(bytes, 0..<19)
        table.build(distanceCode, SymbolEntry.codeLengths)
    }

    mutating func build(literals: inout DecodingTable, distances: inout DecodingTable) {
        literalCode.sort(bytes, 0..<literalCount)
        literals.build(literalCode, SymbolEntry.literalsAndLengths)
        distanceCode.sort(bytes, literalCount..<total)
        distances.build(distanceCode, SymbolEntry.distances)
    }
}

/// The symbols that have a code, in the code's order: by length, then by symbol (RFC 1951 §3.2.2).
struct SortedSymbols: Sendable {
    /// How many symbols have a code of so many bits. Those of none are not counted.
    private(set) var counts = [UInt16](repeating: 0, count: 16)
    private(set) var sorted = [UInt16](repeating: 0, count: 288)
    private var starts = [UInt16](repeating: 0, count: 16)

    mutating func clear() {
        for length in 0..<16 { counts[length] = 0 }
    }

    @inline(__always)
    mutating func count(_ length: UInt8, _ times: Int) {
        counts[Int(length & 15)] &+= UInt16(truncatingIfNeeded: times)
    }

    /// Sorts the symbols, which were counted.
    mutating func sort(_ allLengths: [UInt8], _ range: Range<Int>) {
        var start: UInt16 = 0
        for length in 1..<16 {
            starts[length] = start
            start &+= counts[length]
        }
        Self.sort(allLengths.span.extracting(range), &sorted, &starts)
    }

    private static func sort(_ lengths: Span<UInt8>, _ sorted: inout [UInt16], _ starts: inout [UInt16]) {
        var sorted = sorted.mutableSpan
        var starts = starts.mutableSpan
        for index in 0..<lengths.count where lengths[index] != 0 {
            let length = Int(lengths[index] & 15)
            sorted[Int(starts[length])] = UInt16(truncatingIfNeeded: index)
            starts[length] &+= 1
        }
    }
}

/// The tables of fixed codes, made once.
enum FixedTables {
    static let pair: (literals: DecodingTable, distances: DecodingTable) = {
        var literals = DecodingTable.forLiterals
        var distances = DecodingTable.forDistances
        var lengths = CodeLengths.fixed
        lengths.build(literals: &literals, distances: &distances)
        return (literals, distances)
    }()
}
