/// The 32 random bytes of a ClientHello (RFC 8446 §4.1.2), which identify a connection in key logs.
struct ClientRandom: Hashable, Sendable {
    static let byteCount = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Creates a random from the first 32 of `bytes`; missing ones count as 0.
    init(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes.prefix(Self.byteCount)
        func word() -> UInt64 {
            let part = rest.prefix(8)
            rest = rest.dropFirst(8)
            return part.reduce(0) { $0 << 8 | UInt64($1) } << (8 * UInt64(8 - part.count) & 63)
        }
        words = (word(), word(), word(), word())
    }

    /// The bytes in order.
    var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
