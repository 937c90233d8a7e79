import SeededRandom

/// Makes payloads: ASCII, words in many scripts, and arbitrary bytes.
struct PayloadText {
    /// The kind of content of a payload.
    enum Kind {
        /// Letters, digits, spaces and punctuation.
        case ascii
        /// Words in Latin, Greek, Cyrillic, CJK and emoji, separated by spaces.
        case mixed
        /// Any bytes.
        case binary
    }

    private static let letters: [UInt8] = Array(
        (" abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 "
            + "abcdefghijklmnopqrstuvwxyz eeeetttaaooiinnsshhrr,.!?-'\":;()").utf8)

    private static let words: [[UInt8]] = """
        the quick brown fox jumps over lazy dogs while naïve façade crème brûlée Übergröße straße señor mañana København \
        Łódź žluťoučký kůň İstanbul tiếng Việt η γρήγορη καφετιά αλεπού πηδάει πάνω από το τεμπέλικο σκυλί быстрая \
        коричневая лиса прыгает через ленивую собаку съешь ещё этих мягких французских булок 敏捷的 棕色 狐狸 跳過 懶狗 \
        いろはにほへと 日本語 テキスト 素早い 茶色の 狐が 빠른 갈색 여우가 게으른 개를 뛰어넘는다 😀 👍🏽 🚀 👨‍👩‍👧‍👦 🇪🇺 ❤️ 🎉 𝒜𝓁𝓅𝒽𝒶 𠮷野家
        """.split(separator: " ").map { Array($0.utf8) + [UInt8(ascii: " ")] }

    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    /// Fills `payload` with `count` bytes; text is padded with spaces if no further word fits.
    mutating func fill(_ payload: inout [UInt8], count: Int, with kind: Kind) {
        payload.removeAll(keepingCapacity: true)
        switch kind {
        case .ascii:
            fillByWords(&payload, count) { Self.letters[Int($0 & 0x7F) % Self.letters.count] }
        case .binary:
            fillByWords(&payload, count) { $0 }
        case .mixed:
            while payload.count < count {
                let word = Self.words[random.number(in: 0...(Self.words.count - 1))]
                if payload.count + word.count > count { break }
                payload.append(contentsOf: word)
            }
            while payload.count < count { payload.append(UInt8(ascii: " ")) }
        }
    }

    @inline(__always)
    private mutating func fillByWords(_ payload: inout [UInt8], _ count: Int, _ byte: (UInt8) -> UInt8) {
        while payload.count < count {
            var word = random.next()
            for _ in 0..<min(8, count - payload.count) {
                payload.append(byte(UInt8(truncatingIfNeeded: word)))
                word >>= 8
            }
        }
    }
}
