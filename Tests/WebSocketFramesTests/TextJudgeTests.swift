import SeededRandom
import Testing

@testable import WebSocketFrames

/// The steps that take more than one byte of text at a time. What they refuse is judged byte by byte, so no verdict would reveal
/// that one refuses too much.
@Suite struct TextJudgeTests {
    private static let characters = [
        "a", "\u{7F}", "\u{80}", "é", "\u{7FF}", "\u{800}", "界", "\u{D7FF}", "\u{E000}", "\u{FFFD}", "\u{FFFF}",
        "\u{10000}",
        "😀", "\u{3FFFF}", "\u{40000}", "\u{FFFFF}", "\u{100000}", "\u{10FFFF}",
        // For each bit of a lead byte, a character with that bit alone, and with the lowest bytes after it.
        "\u{100}", "\u{200}", "\u{400}", "\u{1000}", "\u{2000}", "\u{4000}", "\u{8000}", "\u{D000}", "\u{80000}",
    ]

    private func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    @Test func aWordContinuesWithTheText() {
        var random = SplitMix64(seed: 21)
        var wrong = 0
        for _ in 0..<Sample.rounds(400_000, debug: 10_000) {
            var text = Array("12345678".utf8)
            while text.count < 40 { text += Array(random.pick(Self.characters).utf8) }
            let cut = 11 + random.below(20)
            if !random.oneIn(4) {
                // One or two bytes of the word are replaced.
                text[cut + random.below(8)] = random.oneIn(2) ? random.byte() : random.pick(UTF8Tests.borders)
                if random.oneIn(3) { text[cut + random.below(8)] = random.pick(UTF8Tests.borders) }
            }
            // Whether a lead byte is valid is decided with the byte after it.
            var judged = Array(text[..<(cut + 8)])
            if judged[cut + 7] >= 0xC0 { judged[cut + 7] = 0xC2 }
            var expected = true
            if case .bad = NaiveUTF8.judge(judged) { expected = false }
            let found = TextJudge.isWellFormed(word(text[cut..<(cut + 8)]), after: word(text[(cut - 8)..<cut]))
            if found != expected { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test func aCharacterHasItsLength() {
        var random = SplitMix64(seed: 22)
        var sample = Sample(oneIn: 5)
        for first in UInt8.min...UInt8.max {
            for second in UTF8Tests.borders {
                for third in UTF8Tests.borders where sample.takes() {
                    for fourth in [random.byte(), 0x7F, 0x80, 0xBF, 0xC0] {
                        let bytes = [first, second, third, fourth]
                        let length = (1...4).first { NaiveUTF8.judge(Array(bytes.prefix($0))) == .whole } ?? 0
                        let found = TextJudge.characterLength(UInt32(word(bytes[...])))
                        if found != length { Issue.record("\(bytes.hex): \(found)") }
                    }
                }
            }
        }
    }

    /// Each text is judged unmasked, and masked with a key that differs at every byte.
    private func everyMasking(of text: [UInt8], _ body: (Span<UInt8>, UInt64) -> Void) {
        body(text.span, 0)
        let key: [UInt8] = [0x11, 0xA2, 0x53, 0xE4]
        let masked = text.indices.map { text[$0] ^ key[$0 % 4] }
        body(masked.span, 0xE453_A211_E453_A211)
    }

    @Test func blocksOfASCII() {
        var text = [UInt8](repeating: 0x61, count: 200)
        for start in 0..<9 {
            everyMasking(of: text) { bytes, key in
                #expect(TextJudge.endOfASCIIBlocks(in: bytes, from: start, key: key) == start + 192)
            }
        }
        everyMasking(of: text) { bytes, key in
            #expect(TextJudge.endOfASCIIBlocks(in: bytes, from: 136, key: key) == 200)
            #expect(TextJudge.endOfASCIIBlocks(in: bytes, from: 137, key: key) == 137)
        }
        text[100] = 0x80
        for start in 0..<37 {
            everyMasking(of: text) { bytes, key in
                #expect(
                    TextJudge.endOfASCIIBlocks(in: bytes, from: start, key: key) == start + (start + 64 > 100 ? 0 : 64))
            }
        }
    }

    /// At least three bytes of whole characters, unless fewer than eight bytes are left.
    @Test func aFewCharacters() {
        for (text, end) in [
            ("abcdefghijk", 3), ("éééééé", 4), ("a界界界界", 4), ("aaéaaaaaaa", 4), ("😀😀😀", 4), ("éaaaaaa", 2),
        ] {
            everyMasking(of: Array(text.utf8)) { bytes, key in
                #expect(TextJudge.endOfCharacters(in: bytes, from: 0, key: key) == end, "\(text)")
            }
        }
        everyMasking(of: Array("ab".utf8) + [0xFF] + Array("cdefghi".utf8)) { bytes, key in
            #expect(TextJudge.endOfCharacters(in: bytes, from: 0, key: key) == 2)
        }
    }

    /// As many words as there are, back to the last boundary between two characters.
    @Test func wordsOfAnyText() {
        var random = SplitMix64(seed: 23)
        for _ in 0..<300 {
            var text = Array("abc".utf8)
            while text.count < 100 { text += Array(random.pick(Self.characters).utf8) }
            let words = 3 + (text.count - 3) / 8 * 8
            let end = (words - 3...words).last { $0 == text.count || text[$0] & 0xC0 != 0x80 }
            everyMasking(of: text) { bytes, key in
                #expect(TextJudge.endOfWords(in: bytes, from: 3, key: key) == end)
            }
        }
    }
}
