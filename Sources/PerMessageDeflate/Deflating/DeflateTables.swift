/// Where the codes of a block, what they are made from, and its tokens are in the words that each call is lent.
enum DeflateTables {
    // A code: for each symbol its bits, the first one lowest, and from bit 16 on how many they are; 0 for none.
    //
    // The fixed ones (RFC 1951 §3.2.6), made once.
    static let fixedLiterals = 0
    static let fixedDistances = fixedLiterals + 288
    // Those of the block. The distances follow, as their lengths do where they are written down.
    static let literals = fixedDistances + 32
    static let distances = literals + 286
    static let codeLengths = distances + 30
    // How often each symbol occurs in the block.
    static let literalFrequencies = codeLengths + 19
    static let distanceFrequencies = literalFrequencies + 286
    static let codeLengthFrequencies = distanceFrequencies + 30
    /// While a code is made: its symbols in the order of their frequency.
    static let order = codeLengthFrequencies + 19
    /// The tree above them, as its leaves and then its inner nodes.
    static let tree = order + 288
    /// The code lengths as they are written: the symbol in bits 0…7, the number after it above.
    static let runs = tree + 288
    /// The literals and matches of the block.
    static let tokens = runs + 316

    /// How many words there are.
    static let count = tokens + Tokens.capacity
}
