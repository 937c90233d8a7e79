/// What is kept of bytes so that they can be distinguished from others: how many they are, the first 16, and 64 bits
/// that stand for all of them. The same bytes give the same digest however they are cut into pieces.
///
/// It is no cryptographic digest: who wants two payloads with the same one can make them, and then they are taken for
/// the same. Nobody else meets that once in 2^64.
public struct ContentDigest: Sendable, Hashable {
    /// How many bytes there are.
    public private(set) var count: UInt64 = 0
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// Bytes that fill no word yet, the first in the lowest bits; what is above them is 0.
    private var partial: UInt64 = 0
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// How many of the first bytes are kept unchanged.
    public static let prefixCount = 16

    /// Of no bytes.
    public init() {}

    /// 64 bits that stand for all bytes.
    public var value: UInt64 {
        var value = Self.mixed(state, partial)
        value = Self.mixed(value, count)
        return value ^ (value >> 32)
    }

    /// The first 16 bytes, or all where there are no more.
    public var prefix: [UInt8] {
        let words = prefixWords
        return (0..<Int(min(count, UInt64(Self.prefixCount)))).map { index in
            let word = index < 8 ? words.0 : words.1
            return UInt8(truncatingIfNeeded: word >> (UInt64(index & 7) &* 8))
        }
    }

    /// The first 16 bytes as two words, the first in the lowest bits; 0 for bytes that there are not.
    var prefixWords: (UInt64, UInt64) {
        count < 8 ? (partial, 0) : count < 16 ? (first, partial) : (first, second)
    }

    /// Adds the next bytes.
    ///
    /// - Parameter key: what they are masked with, from the first of them on, twice over; 0 if they are not masked.
    mutating func add(_ bytes: Span<UInt8>, key: UInt64 = 0) {
        var index = 0
        var key = key
        while count & 7 != 0, index < bytes.count {
            addByte(bytes[index] ^ UInt8(truncatingIfNeeded: key))
            key = key >> 8 | key << 56
            index &+= 1
        }
        if bytes.count &- index >= 8 {
            if count < 16 { addWord(Self.word(bytes, at: index) ^ key, &index) }
            if count < 16, bytes.count &- index >= 8 { addWord(Self.word(bytes, at: index) ^ key, &index) }
            var state = state
            let start = index
            while bytes.count &- index >= 8 {
                state = Self.mixed(state, Self.word(bytes, at: index) ^ key)
                index &+= 8
            }
            self.state = state
            count &+= UInt64(truncatingIfNeeded: index &- start)
        }
        while index < bytes.count {
            addByte(bytes[index] ^ UInt8(truncatingIfNeeded: key))
            key = key >> 8 | key << 56
            index &+= 1
        }
    }

    private mutating func addByte(_ byte: UInt8) {
        partial |= UInt64(byte) << ((count & 7) &* 8)
        count &+= 1
        guard count & 7 == 0 else { return }
        keep(partial)
        partial = 0
    }

    private mutating func addWord(_ word: UInt64, _ index: inout Int) {
        count &+= 8
        index &+= 8
        keep(word)
    }

    /// A word is full, and counted.
    private mutating func keep(_ word: UInt64) {
        if count == 8 {
            first = word
        } else if count == 16 {
            second = word
        }
        state = Self.mixed(state, word)
    }

    @inline(__always)
    private static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word) &* 0xD6E8_FEB8_6659_FD93
        return product ^ (product >> 29)
    }

    /// Eight bytes as one word, the first in the lowest bits: the compiler makes a single load of it.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
        let eight = bytes.extracting(index..<(index &+ 8))
        let low = UInt32(eight[0]) | UInt32(eight[1]) << 8 | UInt32(eight[2]) << 16 | UInt32(eight[3]) << 24
        let high = UInt32(eight[4]) | UInt32(eight[5]) << 8 | UInt32(eight[6]) << 16 | UInt32(eight[7]) << 24
        return UInt64(low) | UInt64(high) << 32
    }
}
