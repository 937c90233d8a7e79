/// How much of an exhaustive test is run: everything in release, where the gate runs the tests once more; in a debug build,
/// which is not optimised, a part that the seed determines.
public struct Sample {
    private var numbers: SplitMix64
    private let count: Int

    /// - Parameters:
    ///   - count: in a debug build, one case in `count` is tried.
    ///   - seed: determines which.
    public init(oneIn count: Int, seed: UInt64 = 6455) {
        numbers = SplitMix64(seed: seed)
        self.count = count
    }

    /// Whether the next case is tried.
    public mutating func takes() -> Bool {
        Self.isWhole || numbers.oneIn(count)
    }

    /// A number of rounds: the second one in a debug build.
    public static func rounds(_ all: Int, debug: Int) -> Int {
        isWhole ? all : debug
    }

    /// The cases to try: the second ones in a debug build.
    public static func cases<Case>(_ all: [Case], debug: [Case]) -> [Case] {
        isWhole ? all : debug
    }

    #if DEBUG
        private static let isWhole = false
    #else
        private static let isWhole = true
    #endif
}
