/// A Huffman code, with each symbol's bits in reading order (RFC 1951 §3.2.2).
struct SlowCode {
    /// Bits, the first one highest, after a leading 1: `1010` stands for the bits 010.
    typealias Bits = Int

    private(set) var symbols: [Bits: Int] = [:]
    private(set) var bits: [Int: Bits] = [:]
    /// All prefixes of its codes.
    private(set) var prefixes: Set<Bits> = []

    /// - Parameter lengths: the number of bits of each symbol; 0 for a symbol without a code.
    init(_ lengths: [Int]) {
        var code = 0
        for length in 1...15 {
            code <<= 1
            for (symbol, own) in lengths.enumerated() where own == length {
                let text = 1 << length | code
                symbols[text] = symbol
                bits[symbol] = text
                for end in 1...length { prefixes.insert(text >> (length - end)) }
                code += 1
            }
        }
    }

    /// A symbol's bits; none if it has no code.
    func bits(of symbol: Int) -> Bits { bits[symbol] ?? 1 }

    // RFC 1951 §3.2.6.
    static let fixedLiterals = SlowCode((0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    static let fixedDistances = SlowCode([Int](repeating: 5, count: 32))

    // RFC 1951 §3.2.5, verbatim.
    static let lengths: [(least: Int, extra: Int)] = [
        (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1), (19, 2),
        (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4), (131, 5),
        (163, 5), (195, 5), (227, 5), (258, 0),
    ]
    static let distances: [(least: Int, extra: Int)] = [
        (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3), (33, 4), (49, 4), (65, 5),
        (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8), (1025, 9), (1537, 9), (2049, 10),
        (3073, 10), (4097, 11), (6145, 11), (8193, 12), (12289, 12), (16385, 13), (24577, 13),
    ]
}
