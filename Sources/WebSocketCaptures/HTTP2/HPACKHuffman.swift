/// The Huffman code of HPACK (RFC 7541, appendix B).
///
/// It is canonical: codes of the same length are consecutive numbers in the order of their symbols, and longer ones
/// follow shorter ones. The lengths alone therefore define it.
enum HPACKHuffman {
    /// Decodes a string; returns nil if it is damaged: padding of 8 bits or more, or with other bits than ones, or
    /// the end-of-string symbol (RFC 7541 §5.2).
    ///
    /// - Parameter ceiling: the most bytes that it may produce; nil is returned if there are more.
    static func decode(_ bytes: ArraySlice<UInt8>, ceiling: Int) -> [UInt8]? {
        var output: [UInt8] = []
        var code: UInt32 = 0
        var count = 0
        for byte in bytes {
            for bit in stride(from: 7, through: 0, by: -1) {
                code = code << 1 | UInt32(byte >> UInt8(bit) & 1)
                count += 1
                let offset = code &- first[count].code
                guard count >= shortest, code >= first[count].code, offset < first[count].count else {
                    guard count < longest else { return nil }
                    continue
                }
                let symbol = symbols[first[count].index + Int(offset)]
                guard symbol < 256, output.count < ceiling else { return nil }
                output.append(UInt8(symbol))
                (code, count) = (0, 0)
            }
        }
        guard count < 8, code == UInt32(1) << UInt32(count) - 1 else { return nil }
        return output
    }

    private static let shortest = 5
    private static let longest = 30

    /// All symbols, by the length of their codes, then by value. 256 is the end of a string.
    private static let symbols: [Int] = (shortest...longest).flatMap { length in
        lengths.indices.filter { Int(lengths[$0]) == length }
    }

    /// For each length, the first code, the number of codes, and the index of the first one's symbol.
    private static let first: [(code: UInt32, count: UInt32, index: Int)] = {
        var table: [(code: UInt32, count: UInt32, index: Int)] = []
        var (code, index): (UInt32, Int) = (0, 0)
        for length in 0...longest {
            let count = lengths.lazy.filter { Int($0) == length }.count
            table.append((code, UInt32(count), index))
            code = (code + UInt32(count)) << 1
            index += count
        }
        return table
    }()

    /// For each symbol, the length of its code in bits.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28,
        28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11,
        10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8,
        15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5,
        6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7,
        7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23,
        23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21,
        23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25,
        26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26,
        28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    ]
}
