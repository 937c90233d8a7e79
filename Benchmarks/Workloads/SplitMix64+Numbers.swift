import SeededRandom

// The same seed gives the same workload on every machine.
extension SplitMix64 {
    /// A number of `range`, each as likely as any other but for less than a millionth.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound + 1)
        return range.lowerBound + Int(truncatingIfNeeded: next().multipliedFullWidth(by: width).high)
    }

    /// True in `percent` of a hundred cases.
    mutating func happens(percent: Int) -> Bool {
        number(in: 0...99) < percent
    }
}
