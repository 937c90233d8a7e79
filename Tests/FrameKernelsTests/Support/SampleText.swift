import SeededRandom

/// Text to judge: characters of every length, cut and shifted so that they cross every block boundary.
enum SampleText {
    /// Patterns to be repeated: plain ASCII, each length alone, and mixtures.
    static let patterns: [String] = [
        "ASCII only, and no more. ", "éßñΩж", "€漢字かな", "😀🀄𐍈\u{10FFFF}", "aé€😀", "Grüße, κόσμε! 世界 🌍 ",
        // The first and the last character of each length, and those around the surrogates.
        "\u{7F}\u{80}\u{7FF}\u{800}\u{FFF}\u{1000}\u{CFFF}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{3FFFF}\u{40000}\u{10FFFF}\0",
    ]

    /// A pattern, repeated to at least `count` bytes, after `shift` letters.
    static func repeating(_ pattern: String, shift: Int = 0, count: Int) -> [UInt8] {
        var text = Array(repeating: UInt8(ascii: "x"), count: shift)
        while text.count < count { text += Array(pattern.utf8) }
        return text
    }

    /// Bytes that are not UTF-8, with those that show it: overlong forms, surrogates, values above U+10FFFF, bytes that are
    /// never legal, lone continuations, incomplete characters, and leads of five and six bytes.
    static let faults: [[UInt8]] = [
        [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xF7, 0xBF, 0xBF, 0xBF], [0xF8, 0x88, 0x80, 0x80, 0x80],
        [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0x80], [0xBF], [0x80, 0x80, 0x80],
        [0xC3, 0x41], [0xE2, 0x41], [0xE2, 0x82, 0x41], [0xF0, 0x41], [0xF0, 0x9F, 0x41], [0xF0, 0x9F, 0x98, 0x41],
        [0xC3, 0xC3], [0xE2, 0x82, 0xE2], [0xF0, 0x9F, 0x98, 0xF0], [0xC3, 0xA9, 0xA9], [0xE2, 0x82, 0xAC, 0x80],
        [0xF0, 0x9F, 0x98, 0x80, 0x80],
    ]
}

extension Array<UInt8> {
    /// Flips one bit, two bits, or none.
    mutating func turnBits(_ random: inout SplitMix64) {
        for _ in 0..<random.below(3) {
            self[random.below(count)] ^= 1 << UInt8(random.below(8))
        }
    }

    /// Removes the end, one time in three.
    mutating func cutShort(_ random: inout SplitMix64) {
        if random.below(3) == 0 { removeSubrange(random.below(count + 1)...) }
    }
}

/// Where in guarded memory bytes are put.
enum PagePosition: CaseIterable {
    /// The page after the last byte is protected.
    case atTheEnd
    /// The page before the first byte is protected.
    case atTheStart

    /// The index of the first of `count` bytes.
    func index(of count: Int, in memory: GuardedMemory) -> Int {
        self == .atTheEnd ? memory.count - count : 0
    }
}
