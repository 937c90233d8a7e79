internal import WebSocketFrames

// Text frames whose payload is something else: binary data, or text in another encoding (RFC 6455 §5.6).

enum NotText {
    /// Data that begins as a known format does, or is full of control characters.
    static func binary(_ context: ViolationContext) -> Match? {
        guard let payload = payload(context) else { return nil }
        if payload.isFromStart, payload.frame.header.opcode == .text,
            let format = formats.first(where: { payload.bytes.dropFirst($0.offset).starts(with: $0.magic) })
        {
            return Match(
                certainty: .certain,
                message: "the text message at \(context.place(context.start)) is \(format.name): it begins with "
                    + "\(Wording.hex(payload.bytes)).")
        }
        let controls = payload.bytes.count { $0 < 0x20 && !CleanText.isASCII($0) }
        let readable = payload.bytes.count { CleanText.isASCII($0) }
        // Of a few bytes it takes more of them.
        guard payload.bytes.count >= 16 ? controls * 20 >= payload.bytes.count : controls * 3 >= payload.bytes.count,
            payload.bytes.count >= 8, readable * 10 < payload.bytes.count * 8
        else { return nil }
        // With the wrong key, text would look like that as well.
        return Match(
            certainty: payload.frame.header.isMasked || !context.isInStep ? .possible : .likely,
            message: "of the \(Wording.count(payload.bytes.count, "byte")) in the text frame at "
                + "\(context.place(context.start)), \(controls) are control characters: that is no text in any encoding."
        )
    }

    private struct Format {
        let name: String
        let magic: [UInt8]
        var offset = 0
    }

    private static let formats = [
        Format(name: "a PNG image", magic: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        Format(name: "a JPEG image", magic: [0xFF, 0xD8, 0xFF]),
        Format(name: "a gzip stream", magic: [0x1F, 0x8B, 0x08]),
        Format(name: "a WebM or Matroska stream", magic: [0x1A, 0x45, 0xDF, 0xA3]),
        Format(name: "an MP4 or QuickTime file", magic: Array("ftyp".utf8), offset: 4),
        Format(name: "a ZIP file", magic: [0x50, 0x4B, 0x03, 0x04]),
        Format(name: "a PDF file", magic: Array("%PDF-1.".utf8)),
        Format(name: "a GIF image", magic: Array("GIF89a".utf8)),
        Format(name: "a GIF image", magic: Array("GIF87a".utf8)),
        Format(name: "an Ogg stream", magic: Array("OggS".utf8) + [0x00]),
        Format(name: "a WebAssembly module", magic: [0x00, 0x61, 0x73, 0x6D]),
        Format(name: "a WebP image", magic: Array("WEBPVP8".utf8), offset: 8),
        Format(name: "a WAVE file", magic: Array("WAVEfmt ".utf8), offset: 8),
        Format(name: "a Zstandard stream", magic: [0x28, 0xB5, 0x2F, 0xFD]),
        Format(name: "a serialised Java object", magic: [0xAC, 0xED, 0x00, 0x05]),
        Format(name: "a Python pickle", magic: [0x80, 0x04, 0x95]),
        Format(name: "a zlib stream", magic: [0x78, 0x9C]),
        Format(name: "a zlib stream", magic: [0x78, 0xDA]),
    ]

    /// UTF-16, either byte order: every second byte of ordinary text is zero.
    static func utf16(_ context: ViolationContext) -> Match? {
        guard let payload = payload(context), payload.isFromStart, payload.frame.header.opcode == .text else {
            return nil
        }
        let bytes = payload.bytes
        let mark = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        let low = stride(from: mark ? 2 : 0, to: bytes.count - 1, by: 2)
        let pairs = low.reduce(into: (all: 0, little: 0, big: 0)) { counts, index in
            counts.all += 1
            if CleanText.isASCII(bytes[index]), bytes[index + 1] == 0 { counts.little += 1 }
            if CleanText.isASCII(bytes[index + 1]), bytes[index] == 0 { counts.big += 1 }
        }
        let fitting = max(pairs.little, pairs.big)
        guard fitting * 3 >= pairs.all * 2, fitting >= 2 || (mark && fitting >= 1) else { return nil }
        let order = pairs.little >= pairs.big ? "little-endian" : "big-endian"
        let characters = low.prefix(Wording.quotationCount).map { index -> UInt8 in
            let (one, zero) =
                pairs.little >= pairs.big ? (bytes[index], bytes[index + 1]) : (bytes[index + 1], bytes[index])
            return zero == 0 ? one : 0x3F
        }
        return Match(
            certainty: mark || fitting >= 4 ? .certain : .likely,
            message: "the text message at \(context.place(context.start)) is \(order) UTF-16"
                + (mark ? " with a byte order mark" : "") + ": \(Wording.quoted(characters)).")
    }

    /// Latin-1 or Windows-1252: single bytes above 7F inside of words.
    static func latin1(_ context: ViolationContext) -> Match? {
        guard let payload = payload(context) else { return nil }
        let bytes = payload.bytes
        guard let words = Latin1Words(bytes) else { return nil }
        guard let at = bytes.firstIndex(where: { $0 >= 0x80 && Latin1Words.isLetter($0) }), words.letters > 0 else {
            return words.measures > 0 ? measure(in: payload, context) : nil
        }
        // A single one at the very end may as well be the first byte of a character that was cut.
        let enough = context.violation?.length == 0 ? 2 : 1
        guard words.letters >= 2 || (words.letters >= enough && bytes.count >= 8) else { return nil }
        let begin = bytes[..<at].lastIndex { !Latin1Words.isLetter($0) }.map { $0 + 1 } ?? 0
        let word = bytes[begin...].prefix { Latin1Words.isLetter($0) }
        return Match(
            certainty: words.letters >= 3 ? .certain : .likely,
            message: "the text in the frame at \(context.place(context.start)) is Latin-1 or Windows-1252: "
                + "\(Wording.hex(bytes[at...].prefix(1))) at "
                + "\(context.place(payload.start + at)) stands for one letter, in "
                + "\(Wording.quoted(word)).")
    }

    /// No letter, but a sign beside a number: `22 °C`.
    private static func measure(in payload: Payload, _ context: ViolationContext) -> Match? {
        guard let at = payload.bytes.firstIndex(where: { $0 >= 0x80 }) else { return nil }
        return Match(
            certainty: .likely,
            message: "the text in the frame at \(context.place(context.start)) is Latin-1, Windows-1252 or the like: "
                + "\(Wording.hex(payload.bytes[at...].prefix(1))) at \(context.place(payload.start + at)) stands for one sign, "
                + "in \(Wording.quoted(payload.bytes[max(at - 12, 0)...].prefix(24))).")
    }

    /// Surrogates that were encoded one by one: a pair of them (CESU-8, Java's modified UTF-8), or NUL as C0 80.
    static func surrogatePairs(_ context: ViolationContext) -> Match? {
        guard let (bytes, at) = spoilt(context) else { return nil }
        let here = bytes[at...]
        if here.starts(with: [0xC0, 0x80]) {
            return Match(
                certainty: here.count > 2 || at > 0 ? .likely : .possible,
                message:
                    "C0 80 at \(context.place(context.faultIndex ?? context.start)) stands for U+0000 in Java's modified "
                    + "UTF-8.")
        }
        guard let high = surrogate(here.prefix(3)), let low = surrogate(here.dropFirst(3).prefix(3)), high < 0xDC00,
            low >= 0xDC00
        else { return nil }
        let scalar = 0x10000 + (UInt32(high - 0xD800) << 10) + UInt32(low - 0xDC00)
        return Match(
            certainty: .certain,
            message:
                "\(Wording.hex(here.prefix(6))) is U+\(String(scalar, radix: 16, uppercase: true)) as two surrogates "
                + "that were encoded one by one (CESU-8, or Java's modified UTF-8).")
    }

    /// Half of a pair.
    static func loneSurrogate(_ context: ViolationContext) -> Match? {
        guard let (bytes, at) = spoilt(context), let half = surrogate(bytes[at...].prefix(3)) else { return nil }
        let rest = bytes[(at + 3)...]
        guard bytes.count > 3, CleanText.holds(bytes[..<at]) || at == 0, rest.isEmpty || CleanText.holds(rest) else {
            return nil
        }
        return Match(
            certainty: .likely,
            message:
                "\(Wording.hex(bytes[at...].prefix(3))) is the surrogate U+\(String(half, radix: 16, uppercase: true)) "
                + "alone, half of a character: a UTF-16 string was cut there, and the half encoded.")
    }

    private static func surrogate(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        guard bytes.count == 3, bytes.first == 0xED else { return nil }
        let at = bytes.startIndex
        guard (0xA0...0xBF).contains(bytes[at + 1]), (0x80...0xBF).contains(bytes[at + 2]) else { return nil }
        return 0xD000 | UInt16(bytes[at + 1] & 0x3F) << 6 | UInt16(bytes[at + 2] & 0x3F)
    }

    /// A message that ends inside a character, and the next begins with the rest of it.
    static func cutBetweenMessages(_ context: ViolationContext) -> Match? {
        guard context.rule == .textNotUTF8, context.violation?.length == 0, let frame = context.frame,
            context.isWhole(frame),
            frame.payloadStart >= 0, let next = FramePlace(at: frame.end, in: context.bytes),
            next.header.opcode == .text, next.header.isMasked == frame.header.isMasked
        else { return nil }
        let first = frame.payload(in: context.bytes)
        let second = next.payload(in: context.bytes)
        let good = CleanText.wellFormedCount(of: first[...])
        let rest = second.prefix { $0 & 0xC0 == 0x80 }
        guard (1...3).contains(rest.count) else { return nil }
        let character = first[good...] + rest
        guard CleanText.wellFormedCount(of: ArraySlice(character)) == character.count,
            good == 0 || CleanText.holds(first[..<good]),
            rest.count == second.count || CleanText.holds(second[rest.count...], isCut: true)
        else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the character \(Wording.hex(character)) was cut in two: the message at \(context.place(context.start)) "
                + "ends with \(Wording.count(first.count - good, "byte")) of it, and the next message begins with the "
                + "rest. A text was split at a number of bytes, and each piece sent as a "
                + "message.")
    }

    /// A text that ends inside a character, unfinished: as many bytes were sent as the text has characters.
    static func cutAtCharacterCount(_ context: ViolationContext) -> Match? {
        guard context.rule == .textNotUTF8, context.violation?.length == 0, let frame = context.frame,
            frame.header.opcode == .text, frame.header.isFinal, context.isInStep, context.isWhole(frame),
            frame.payloadStart >= 0
        else { return nil }
        let bytes = frame.payload(in: context.bytes)
        let good = CleanText.wellFormedCount(of: bytes[...])
        // A buffer of a round size cuts as well.
        guard bytes.count - good <= 3, good >= 8, bytes.count % 32 != 0, bytes.count % 100 != 0,
            CleanText.holds(bytes[..<good]), let open = bytes.first, open == 0x7B || open == 0x5B,
            !bytes[..<good].contains(open == 0x7B ? 0x7D : 0x5D)
        else { return nil }
        let characters = bytes[..<good].count { $0 & 0xC0 != 0x80 }
        guard good - characters >= 2 else { return nil }
        return Match(
            certainty: .likely,
            message: "the text in the frame at \(context.place(context.start)) ends inside a character "
                + "(\(Wording.hex(bytes[good...]))), and its JSON is not closed: \(Wording.count(bytes.count, "byte")) were "
                + "sent, \(characters) whole characters. The text was cut where its number of characters was taken for its "
                + "number of bytes.")
    }

    private static func spoilt(_ context: ViolationContext) -> (bytes: [UInt8], at: Int)? {
        guard context.rule == .textNotUTF8 || context.rule == .closeReasonNotUTF8, context.isInStep,
            let frame = context.frame,
            let fault = context.faultIndex
        else { return nil }
        let (start, bytes) = frame.textPayload(in: context.bytes)
        // The fault is found with a character's second byte, unless the first is wrong by itself.
        for at in [fault - start, fault - start - 1]
        where bytes.indices.contains(at) && [0xED, 0xC0].contains(bytes[at]) {
            return (bytes, at)
        }
        return nil
    }

    /// The payload of a text frame, or of a close reason, that is not UTF-8; of a frame that is in step, or too long to
    /// tell.
    static func payload(_ context: ViolationContext) -> Payload? {
        guard context.rule == .textNotUTF8 || context.rule == .closeReasonNotUTF8, let frame = context.frame,
            context.isInStep || frame.end > context.bytes.count || !context.reachesEnd
        else { return nil }
        let (start, bytes) = frame.textPayload(in: context.bytes)
        let skipped = context.rule == .closeReasonNotUTF8 ? min(2, bytes.count) : 0
        return Payload(frame: frame, start: start + skipped, bytes: Array(bytes[skipped...]))
    }

    struct Payload {
        let frame: FramePlace
        /// The index of the first of the bytes.
        let start: Int
        let bytes: [UInt8]
        /// They begin with the payload's first.
        var isFromStart: Bool { frame.payloadStart >= 0 }
    }
}

/// Bytes above 7F as the letters that they are in Latin-1, seen in the words around them.
private struct Latin1Words {
    /// How many of them stand in words that make sense.
    private(set) var letters = 0
    /// How many stand beside numbers, as signs of what is measured do: `22 °C`, `12 €`.
    private(set) var measures = 0

    /// Nil if some byte makes no sense in a text in Latin-1, or makes as much in UTF-8.
    init?(_ bytes: [UInt8]) {
        var others = 0
        for index in bytes.indices {
            guard bytes[index] >= 0x80 else {
                guard CleanText.isASCII(bytes[index]) else { return nil }
                continue
            }
            if index + 1 < bytes.count, CleanText.wellFormedCount(of: bytes[index..<(index + 2)]) == 2 { return nil }
            if Self.isLetter(bytes[index]), !Self.isAlone(index, bytes) {
                switch Self.word(around: index, bytes) {
                case .sensible: letters += 1
                case .short: others += 1
                case .senseless: return nil
                }
            } else if Self.isMeasure(index, bytes) {
                measures += 1
            } else {
                guard Self.signs.contains(bytes[index]) || bytes[index] == Self.preposition else { return nil }
                others += 1
            }
        }
        guard others <= letters + measures, (letters + measures + others) * 3 <= bytes.count + 3 else { return nil }
    }

    static func isLetter(_ byte: UInt8) -> Bool { CleanText.isLetter(byte) || highLetters.contains(byte) }

    /// The letters that texts in western languages are full of.
    private static let highLetters = Set<UInt8>(
        [0xC4, 0xC5, 0xC6, 0xC7, 0xC9, 0xD1, 0xD6, 0xD8, 0xDC, 0xDF] + Array(0xE0...0xEF) + Array(0xF1...0xF6)
            + Array(0xF8...0xFC))
    /// Quotation marks, dashes and signs, of Windows-1252 as well.
    private static let signs = Set<UInt8>(
        [0x80, 0x84, 0x85] + Array(0x91...0x97)
            + [0xA0, 0xA1, 0xA3, 0xA7, 0xA9, 0xAA, 0xAB, 0xAE] + Array(0xB0...0xB5) + [0xB7, 0xBA, 0xBB, 0xBD, 0xBF])

    /// `à`, a word by itself.
    private static let preposition: UInt8 = 0xE0

    private static func isAlone(_ index: Int, _ bytes: [UInt8]) -> Bool {
        (index == 0 || !isLetter(bytes[index - 1])) && (index + 1 == bytes.count || !isLetter(bytes[index + 1]))
    }

    /// What the word says for the letter in it.
    private enum Word {
        case sensible
        /// Too little of it is ASCII to tell.
        case short
        case senseless
    }

    /// A sensible word has two different letters of ASCII, no more than two of the others in a row, and no capital after a
    /// small letter.
    private static func word(around index: Int, _ bytes: [UInt8]) -> Word {
        let before = bytes[..<index].suffix(24).reversed().prefix { isLetter($0) }.reversed()
        let word = Array(before) + bytes[index...].prefix(24).prefix { isLetter($0) }
        let ascii = word.filter { CleanText.isLetter($0) }
        var row = 0
        for byte in word {
            row = byte >= 0x80 ? row + 1 : 0
            if row > 2 { return .senseless }
        }
        let rest = ascii.dropFirst()
        guard rest.allSatisfy({ $0 >= 0x61 }) || ascii.allSatisfy({ $0 < 0x61 }) else { return .senseless }
        if Set(ascii.map { $0 | 0x20 }).count >= 2 { return .sensible }
        return word.count <= 4 && !ascii.isEmpty ? .short : .senseless
    }

    /// A degree sign, a currency's, or one of a unit, next to a number.
    private static func isMeasure(_ index: Int, _ bytes: [UInt8]) -> Bool {
        func byte(_ at: Int) -> UInt8 { bytes.indices.contains(at) ? bytes[at] : 0x20 }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        let isAfter = isDigit(byte(index - 1)) || (byte(index - 1) == 0x20 && isDigit(byte(index - 2)))
        let next = byte(index + 1)
        switch bytes[index] {
        case 0xB0: return isAfter && (next == 0x43 || next == 0x46 || !isLetter(next) && next < 0x80)
        case 0x80: return isAfter && !isLetter(next) && next < 0x80 || isDigit(next)
        case 0xA3: return isDigit(next)
        case 0xB5: return isAfter && [0x6D, 0x73, 0x67, 0x41, 0x56, 0x46, 0x6C].contains(next)
        default: return false
        }
    }
}
