/// The layout of the words that an inflater works with: decoding tables, and what they are built from.
///
/// The words do not belong to the inflater but are lent to each call, so they may be in anybody's memory.
enum InflateTables {
    // The tables of fixed codes (RFC 1951 §3.2.6), made once.
    static let fixedLiterals = 0
    static let fixedDistances = fixedLiterals + 512
    // The tables of the block. (2,342 and 402 entries are the most that complete codes of 288 and 32 symbols can
    // need.)
    static let literals = fixedDistances + 32
    static let distances = literals + 2342
    static let codeLengthCode = distances + 402
    /// The symbols for which a block declares a code, each with its length in the low four bits: literals and
    /// lengths, then distances.
    static let used = codeLengthCode + 128
    /// The number of symbols of each length in bits, of the first code, then of the second: 16 words each.
    static let literalCounts = used + 320
    static let distanceCounts = literalCounts + 16
    /// The positions at which the symbols of each length are put when they are sorted.
    static let starts = distanceCounts + 16
    /// The symbols that have a code, in the order of the codes.
    static let sorted = starts + 16

    /// The number of words.
    static let count = sorted + 288
}
