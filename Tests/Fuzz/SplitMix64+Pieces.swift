extension SplitMix64 {
    /// Splits `0..<count` into at most `most` pieces.
    mutating func pieces(of count: Int, atMost most: Int) -> [Range<Int>] {
        let cuts = (0..<below(most)).map { _ in below(count + 1) }.sorted()
        return zip([0] + cuts, cuts + [count]).map { $0..<$1 }
    }
}
