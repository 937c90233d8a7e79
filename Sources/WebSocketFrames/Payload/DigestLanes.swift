/// The state of a digest of many bytes: their words are dealt out to four lanes in turn, which are independent of
/// each other.
package struct DigestLanes: Sendable, Hashable {
    /// The four lanes; the next word goes to the first one.
    @usableFromInline
    package struct Words: Sendable, Hashable {
        @usableFromInline var first: UInt64 = 0x9E37_79B9_7F4A_7C15
        @usableFromInline var second: UInt64 = 0xD6E8_FEB8_6659_FD93
        @usableFromInline var third: UInt64 = 0xA076_1D64_78BD_642F
        @usableFromInline var fourth: UInt64 = 0xE703_7ED1_A0B4_28DB
    }

    @usableFromInline var words = Words()

    /// Creates the lanes of an empty input.
    package init() {}

    /// All lanes, starting with that of the next word.
    package var all: (UInt64, UInt64, UInt64, UInt64) { (words.first, words.second, words.third, words.fourth) }

    /// Adds a word.
    @inlinable @inline(__always)
    package mutating func add(_ word: UInt64) {
        let value = word ^ words.first
        words.first = words.second
        words.second = words.third
        words.third = words.fourth
        words.fourth = (value & 0xFFFF_FFFF) &* 0x9E37_79B1 &+ (value >> 32) &* 0x85EB_CA77
    }

    /// Adds all whole blocks of four words in `bytes[index...]`, XORed with a key; returns the number of bytes added:
    /// 0 if no kernel fits the processor.
    package mutating func add(blocksOf bytes: Span<UInt8>, from index: Int, key: UInt64) -> Int {
        Kernels.digest(bytes, from: index, key: key, &words)
    }
}
