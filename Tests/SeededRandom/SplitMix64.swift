/// Random numbers that are the same on every machine (Steele, Lea, Flood: SplitMix64).
public struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    /// Creates a generator; the same seed gives the same numbers.
    public init(seed: UInt64) {
        state = seed
    }

    /// Any 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<bound`.
    public mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// A number in `range`.
    public mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// Any byte.
    public mutating func byte() -> UInt8 {
        UInt8(truncatingIfNeeded: next() >> 32)
    }

    /// This many bytes.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in byte() }
    }

    /// True once in `count` times.
    public mutating func oneIn(_ count: Int) -> Bool {
        below(count) == 0
    }

    /// One of `elements`, which must not be empty.
    public mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// Up to `count` places in `0...length`, in order.
    public mutating func cuts(_ length: Int, count: Int) -> [Int] {
        (0..<below(count + 1)).map { _ in below(length + 1) }.sorted()
    }
}
