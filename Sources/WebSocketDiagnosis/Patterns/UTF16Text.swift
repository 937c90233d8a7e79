internal import WebSocketFrames

/// Text in UTF-16 of either byte order, with or without a byte order mark (RFC 6455 §5.6 requires UTF-8).
enum UTF16Text {
    static func found(_ context: ViolationContext) -> Match? {
        guard let payload = NotText.payload(context), payload.frame.header.opcode == .text else { return nil }
        let bytes = payload.head
        let mark = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        let little = Units(bytes, from: mark ? 2 : 0, isLittle: true)
        let big = Units(bytes, from: mark ? 2 : 0, isLittle: false)
        let units = little.plain >= big.plain ? little : big
        guard units.all > 0, units.plain >= 2 || (mark && units.plain >= 1) else { return nil }
        // Zeros show it in ASCII; other scripts use few rows, with spaces and digits in between.
        let isASCII = units.plain * 3 >= units.all * 2
        guard isASCII || (units.plain >= 4 && units.plain * 12 >= units.all && units.strange == 0) else { return nil }
        return Match(
            certainty: mark || units.plain >= 4 ? .certain : .likely,
            message: "the text message at \(context.place(context.start)) is "
                + "\(units.isLittle ? "little" : "big")-endian UTF-16\(mark ? " with a byte order mark" : ""): "
                + "\(Wording.quoted(String(decoding: units.shown, as: UTF16.self).utf8)).")
    }

    private struct Units {
        let isLittle: Bool
        private(set) var all = 0
        /// The number of ASCII characters that texts have.
        private(set) var plain = 0
        /// The number of characters that no text in a living script has.
        private(set) var strange = 0
        /// The first of them, with question marks for anything but ASCII.
        private(set) var shown: [UInt16] = []

        init(_ bytes: [UInt8], from start: Int, isLittle: Bool) {
            self.isLittle = isLittle
            for index in stride(from: start, to: bytes.count - 1, by: 2) {
                let (low, high) = isLittle ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
                all += 1
                let isPlain = high == 0 && CleanText.isASCII(low)
                if isPlain { plain += 1 }
                if !isPlain, !Self.isLetter(high, low) { strange += 1 }
                if shown.count <= Wording.quotationCount { shown.append(UInt16(high) << 8 | UInt16(low)) }
            }
        }

        /// Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, punctuation, kana, Han, Hangul, and halves of pairs.
        private static func isLetter(_ high: UInt8, _ low: UInt8) -> Bool {
            switch high {
            case 0: low >= 0xA0
            case 0x01...0x06, 0x0E, 0x1E, 0x20...0x22, 0x26, 0x27, 0x30, 0x4E...0x9F, 0xAC...0xDF, 0xFE, 0xFF: true
            default: false
            }
        }
    }
}
