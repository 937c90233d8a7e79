internal import WebSocketFrames

/// Text in a charset of one country or script, recognised by the frequency of its characters. Latin-1 and similar
/// charsets, whose bytes above 7F occur inside words of ASCII, are `latin-1-text`.
enum LegacyCharset {
    /// A single-byte charset.
    struct Single: Sendable {
        let name: String
        let common: Set<UInt8>
        let others: Set<UInt8>
        let capitals: Set<UInt8>

        init(name: String, common: String, others: String, capitals: String) {
            self.name = name
            self.common = Set(LegacyCharset.bytes(common))
            self.others = Set(LegacyCharset.bytes(others))
            self.capitals = Set(LegacyCharset.bytes(capitals))
        }
    }

    /// A double-byte charset.
    struct Double: Sendable {
        let name: String
        let leads: ClosedRange<UInt8>
        let trails: [ClosedRange<UInt8>]
        /// The rows that ordinary texts use.
        let usual: [ClosedRange<UInt8>]
        let common: Set<UInt16>

        init(
            name: String, leads: ClosedRange<UInt8>, trails: [ClosedRange<UInt8>], usual: [ClosedRange<UInt8>],
            common: String
        ) {
            self.name = name
            self.leads = leads
            self.trails = trails
            self.usual = usual
            let bytes = LegacyCharset.bytes(common)
            self.common = Set(
                stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) })
        }
    }

    /// The number of bytes of a text that are examined.
    private static let maximumCount = 4_096

    static func found(_ context: ViolationContext) -> Match? {
        guard let payload = NotText.payload(context),
            context.rule == .closeReasonNotUTF8
                || (payload.frame.header.opcode == .text && payload.frame.header.isFinal)
        else { return nil }
        // From the start of a word: otherwise the second byte of a character might be taken for the first.
        let from = payload.isFromStart ? 0 : payload.bytes.firstIndex { $0 < 0x40 } ?? 0
        let bytes = payload.bytes[from...].prefix(payload.isFromStart ? maximumCount : .max)
        // If the ASCII bytes are not text, it is not text in any charset.
        guard bytes.allSatisfy({ $0 >= 0x80 || CleanText.isASCII($0) }) else { return nil }
        guard !isMostlyUTF8(bytes, isCut: context.violation?.length == 0) else { return nil }
        var ranked = doubles.compactMap { charset in score(bytes, charset).map { (charset.name, $0) } }
        ranked += singles.compactMap { charset in score(bytes, charset).map { (charset.name, $0) } }
        ranked.sort { $0.1 > $1.1 }
        guard let best = ranked.first, best.1 >= 4 else {
            return latin(Array(bytes)).map { found in
                let at = bytes.firstIndex { $0 >= 0x80 } ?? 0
                return Match(
                    certainty: found.certainty,
                    message:
                        "the text in the frame at \(context.place(context.start)) is not UTF-8, and its words make sense "
                        + "in \(found.name): \(Wording.quoted(bytes[max(at - 12, bytes.startIndex)...], atMost: 24)).")
            }
        }
        let rival = ranked.dropFirst().first { $0.1 > 0 && best.1 - $0.1 < 6 }
        let high = bytes.first { $0 >= 0x80 } ?? 0
        let at = bytes.firstIndex(of: high) ?? 0
        let certainty: Diagnosis.Certainty = best.1 >= 16 ? .certain : best.1 >= 8 ? .likely : .possible
        return Match(
            certainty: certainty,
            message: "the text in the frame at \(context.place(context.start)) is not UTF-8, and reads as "
                + best.0 + (rival.map { " (or \($0.0))" } ?? "") + ": "
                + "\(Wording.hex(bytes[at...].prefix { $0 >= 0x80 })) at \(context.place(payload.start + at)) would be common "
                + "in such a text.")
    }

    /// Returns whether it is UTF-8 that is malformed in one place, or cut: valid multibyte characters precede that
    /// place.
    private static func isMostlyUTF8(_ bytes: ArraySlice<UInt8>, isCut: Bool) -> Bool {
        let good = bytes.prefix(CleanText.wellFormedCount(of: bytes))
        let characters = good.count { $0 >= 0xC0 }
        return characters >= (isCut ? 1 : 3)
    }

    /// Returns how well a text reads in a charset, in bits; nil if some byte is invalid in it.
    private static func score(_ bytes: ArraySlice<UInt8>, _ charset: Double) -> Int? {
        var bits = 0
        var pairs = 0
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let lead = bytes[index]
            guard lead >= 0x80 else {
                index += 1
                continue
            }
            guard charset.leads.contains(lead) else {
                // The half-width letters of Shift-JIS.
                guard charset.leads.lowerBound == 0x81, charset.name == "Shift-JIS", (0xA1...0xDF).contains(lead) else {
                    return nil
                }
                bits -= 2
                index += 1
                continue
            }
            guard index + 1 < bytes.endIndex else { break }
            let trail = bytes[index + 1]
            guard charset.trails.contains(where: { $0.contains(trail) }) else { return nil }
            pairs += 1
            if charset.common.contains(UInt16(lead) << 8 | UInt16(trail)) {
                bits += 6
            } else {
                bits += charset.usual.contains(where: { $0.contains(lead) }) ? 0 : -6
            }
            index += 2
        }
        // A single pair may be forbidden UTF-8: overlong, or a surrogate.
        let first = bytes.first { $0 >= 0x80 } ?? 0
        return pairs > 1 || (pairs == 1 && first > 0xC1 && first != 0xED && first < 0xF0) ? bits : nil
    }

    private static func score(_ bytes: ArraySlice<UInt8>, _ charset: Single) -> Int? {
        var bits = 0
        var letters = 0
        var row = 0
        var longest = 0
        for (index, byte) in zip(bytes.indices, bytes) where byte >= 0x80 {
            let isAfterHigh = index > bytes.startIndex && bytes[index - 1] >= 0x80
            row = isAfterHigh ? row + 1 : 1
            longest = max(longest, row)
            if charset.common.contains(byte) {
                bits += 2
            } else if charset.others.contains(byte) {
                bits -= 1
            } else if charset.capitals.contains(byte) {
                // A capital begins a word, or the whole word is in capitals.
                let isLate = isAfterHigh && !charset.capitals.contains(bytes[index - 1])
                bits -= isLate ? 6 : 1
            } else {
                bits -= 6
            }
            letters += 1
            // Words of one script do not run into those of another.
            if index > bytes.startIndex, CleanText.isLetter(bytes[index - 1]) { bits -= 4 }
        }
        return letters >= 3 && longest >= 3 ? bits : nil
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in digits {
            guard let value = character.hexDigitValue else { continue }
            if let first = high {
                bytes.append(first << 4 | UInt8(value))
                high = nil
            } else {
                high = UInt8(value)
            }
        }
        return bytes
    }
}
