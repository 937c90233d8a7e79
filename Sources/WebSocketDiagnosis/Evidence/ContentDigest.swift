internal import WebSocketFrames

/// A digest that distinguishes byte sequences: their length, the first 16 bytes, and a 64-bit hash of all of them.
/// The same bytes give the same digest however they are cut into pieces.
///
/// It is not a cryptographic digest: two payloads with the same digest can be constructed, and are then taken to be
/// the same. By accident that happens once in 2^64.
public struct ContentDigest: Sendable, Hashable {
    /// The number of bytes.
    public private(set) var count: UInt64 = 0
    private var lanes = DigestLanes()
    /// The bytes that do not fill a word yet, the first in the lowest bits; the other bits are 0.
    private var partial: UInt64 = 0
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// The number of leading bytes that are kept unchanged.
    public static let prefixCount = 16

    /// Creates the digest of no bytes.
    public init() {}

    /// The 64-bit hash of all bytes.
    public var value: UInt64 {
        let all = lanes.all
        var value = Self.mixed(all.0, all.1)
        value = Self.mixed(value, all.2)
        value = Self.mixed(value, all.3)
        value = Self.mixed(value, partial)
        value = Self.mixed(value, count)
        return value ^ (value >> 32)
    }

    /// The first 16 bytes, or all if there are fewer.
    public var prefix: [UInt8] {
        let words = prefixWords
        return (0..<Int(min(count, UInt64(Self.prefixCount)))).map { index in
            let word = index < 8 ? words.0 : words.1
            return UInt8(truncatingIfNeeded: word >> (UInt64(index & 7) &* 8))
        }
    }

    /// The first 16 bytes as two little-endian words; missing bytes are 0.
    var prefixWords: (UInt64, UInt64) {
        count < 8 ? (partial, 0) : count < 16 ? (first, partial) : (first, second)
    }

    /// Adds the next bytes.
    ///
    /// - Parameter key: the masking key as it applies from the first byte on, repeated twice; 0 if they are not
    ///   masked.
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
    /// - Returns: the number of bytes added.
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

    /// Counts a full word.
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

    /// Returns eight bytes as one little-endian word: the compiler turns this into a single load.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, at index: Int) -> UInt64 {
        let eight = bytes.extracting(index..<(index &+ 8))
        let low = UInt32(eight[0]) | UInt32(eight[1]) << 8 | UInt32(eight[2]) << 16 | UInt32(eight[3]) << 24
        let high = UInt32(eight[4]) | UInt32(eight[5]) << 8 | UInt32(eight[6]) << 16 | UInt32(eight[7]) << 24
        return UInt64(low) | UInt64(high) << 32
    }
}
