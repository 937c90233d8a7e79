internal import WebSocketFrames

/// What is kept of bytes so that they can be distinguished from others: how many they are, the first 16, and 64 bits
/// that stand for all of them. The same bytes give the same digest however they are cut into pieces.
///
/// It is no cryptographic digest: who wants two payloads with the same one can make them, and then they are taken for
/// the same. Nobody else meets that once in 2^64.
public struct ContentDigest: Sendable, Hashable {
    /// How many bytes there are.
    public private(set) var count: UInt64 = 0
    private var lanes = DigestLanes()
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
        let all = lanes.all
        var value = Self.mixed(all.0, all.1)
        value = Self.mixed(value, all.2)
        value = Self.mixed(value, all.3)
        value = Self.mixed(value, partial)
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
        if count & 7 != 0 {
            index = addPart(bytes, from: 0, atMost: 8 &- Int(count & 7), key)
            let turn = UInt64(truncatingIfNeeded: index) &* 8
            key = key >> turn | key << (64 &- turn)
        }
        if count == 0, bytes.count >= 16 {
            first = Self.word(bytes, at: 0) ^ key
            second = Self.word(bytes, at: 8) ^ key
        }
        while bytes.count &- index >= 8 {
            if count & 31 == 0, bytes.count &- index >= 32 {
                let added = lanes.add(blocksOf: bytes, from: index, key: key)
                index &+= added
                count &+= UInt64(truncatingIfNeeded: added)
                if added > 0 { continue }
            }
            let word = Self.word(bytes, at: index) ^ key
            index &+= 8
            count &+= 8
            keep(word)
        }
        if index < bytes.count { _ = addPart(bytes, from: index, atMost: 7, key) }
    }

    /// Adds bytes to the word that is not full.
    ///
    /// - Returns: how many.
    private mutating func addPart(_ bytes: Span<UInt8>, from index: Int, atMost most: Int, _ key: UInt64) -> Int {
        let rest = bytes.count &- index
        let added = Swift.min(most, rest)
        var word: UInt64 = 0
        if rest >= 8 {
            word = Self.word(bytes, at: index)
        } else if bytes.count >= 8 {
            word = Self.word(bytes, at: bytes.count &- 8) >> UInt64(truncatingIfNeeded: (8 &- rest) &* 8)
        } else {
            for place in 0..<added { word |= UInt64(bytes[index &+ place]) << (UInt64(truncatingIfNeeded: place) &* 8) }
        }
        word = (word ^ key) & (UInt64.max >> UInt64(truncatingIfNeeded: (8 &- added) &* 8))
        partial |= word << ((count & 7) &* 8)
        count &+= UInt64(truncatingIfNeeded: added)
        if count & 7 == 0 {
            keep(partial)
            partial = 0
        }
        return added
    }

    /// A word is full, and counted.
    private mutating func keep(_ word: UInt64) {
        if count == 8 {
            first = word
        } else if count == 16 {
            second = word
        }
        lanes.add(word)
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
