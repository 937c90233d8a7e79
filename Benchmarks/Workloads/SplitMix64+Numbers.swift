import SeededRandom

// The same seed gives the same workload on every machine.
extension SplitMix64 {
    /// Returns a number in `range`, all equally likely to within a millionth.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound + 1)
        return range.lowerBound + Int(truncatingIfNeeded: next().multipliedFullWidth(by: width).high)
    }

    /// Returns true with a probability of `percent`.
    mutating func happens(percent: Int) -> Bool {
        number(in: 0...99) < percent
    }
}
