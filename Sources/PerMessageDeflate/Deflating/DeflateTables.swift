/// The layout of the words that are lent to each call: the codes of a block, what they are made from, and its tokens.
enum DeflateTables {
    // A code: for each symbol its bits, the first one lowest, and from bit 16 on their number; 0 for none.
    //
    // The fixed ones (RFC 1951 §3.2.6), made once.
    static let fixedLiterals = 0
    static let fixedDistances = fixedLiterals + 288
    // The codes of the block. Distances follow literals, as they do in the list of code lengths.
    static let literals = fixedDistances + 32
    static let distances = literals + 286
    static let codeLengths = distances + 30
    // The number of times that each symbol occurs in the block.
    static let literalFrequencies = codeLengths + 19
    static let distanceFrequencies = literalFrequencies + 286
    static let codeLengthFrequencies = distanceFrequencies + 30
    /// While a code is made: its symbols, sorted by frequency.
    static let order = codeLengthFrequencies + 19
    /// The tree above them: its leaves, then its inner nodes.
    static let tree = order + 288
    /// The code lengths as they are written: the symbol in bits 0…7, its extra bits above.
    static let runs = tree + 288
    /// The literals and matches of the block.
    static let tokens = runs + 316

    /// The number of words.
    static let count = tokens + Tokens.capacity
}
