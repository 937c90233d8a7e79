/// The SplitMix64 generator: the same seed gives the same workload on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

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
