internal import WebSocketFrames

// Text frames whose payload is something else: binary data, or text in another encoding (RFC 6455 §5.6).

enum NotText {
    /// Data that begins like a known format, or has many control characters.
    static func binary(_ context: ViolationContext) -> Match? {
        guard let payload = payload(context) else { return nil }
        if payload.frame.header.opcode == .text,
            let format = formats.first(where: { payload.head.dropFirst($0.offset).starts(with: $0.magic) })
        {
            return Match(
                certainty: .certain,
                message: "the text message at \(context.place(context.start)) is \(format.name): it begins with "
                    + "\(Wording.hex(payload.head.prefix(8))).")
        }
        let controls = payload.bytes.count { $0 < 0x20 && !CleanText.isASCII($0) }
        let readable = payload.bytes.count { CleanText.isASCII($0) }
        // With few bytes, a larger share of them is required.
        guard payload.bytes.count >= 16 ? controls * 20 >= payload.bytes.count : controls * 3 >= payload.bytes.count,
            payload.bytes.count >= 8, readable * 10 < payload.bytes.count * 8
        else { return nil }
        // With the wrong key, text would look like that as well.
        return Match(
            certainty: payload.frame.header.isMasked || !context.isInStep ? .possible : .likely,
            message: "of the \(Wording.count(payload.bytes.count, "byte")) in the text frame at "
                + "\(context.place(context.start)), \(Wording.grouped(controls)) are control characters, which no usual "
                + "encoding of text has"
                + (payload.frame.header.isMasked ? ", unless it is masked in another way than its header says." : "."))
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

    /// Latin-1 or Windows-1252: single bytes above 7F inside words.
    static func latin1(_ context: ViolationContext) -> Match? {
        guard let payload = payload(context) else { return nil }
        let bytes = payload.bytes
        guard let words = LatinWords(bytes, in: .western) else { return nil }
        guard let at = bytes.firstIndex(where: { $0 >= 0x80 && LatinAlphabet.western.isLetter($0) }), words.letters > 0
        else {
            return words.measures > 0 ? measure(in: payload, context) : nil
        }
        // A single one at the very end may also be the first byte of a character that was cut off.
        let enough = context.violation?.length == 0 ? 2 : 1
        guard words.letters >= 2 || (words.letters >= enough && bytes.count >= 8) else { return nil }
        let begin = bytes[..<at].lastIndex { !LatinAlphabet.western.isLetter($0) }.map { $0 + 1 } ?? 0
        let word = bytes[begin...].prefix { LatinAlphabet.western.isLetter($0) }
        // A word that occurs elsewhere without the high bit is more likely damaged.
        guard words.letters > 2 || bytes.firstIndex(of: word.map { $0 & 0x7F }[...]) == nil else { return nil }
        return Match(
            certainty: words.letters >= 3 ? .certain : .likely,
            message:
                "the text in the frame at \(context.place(context.start)) is Latin-1, Windows-1252 or the like: "
                + "\(Wording.hex(bytes[at...].prefix(1))) at "
                + "\(context.place(payload.start + at)) is a single letter, in "
                + "\(Wording.quoted(word)).")
    }

    /// Matches a sign next to a number instead of a letter: `22 °C`.
    private static func measure(in payload: Payload, _ context: ViolationContext) -> Match? {
        guard let at = payload.bytes.firstIndex(where: { $0 >= 0x80 }) else { return nil }
        return Match(
            certainty: .likely,
            message: "the text in the frame at \(context.place(context.start)) is Latin-1, Windows-1252 or the like: "
                + "\(Wording.hex(payload.bytes[at...].prefix(1))) at \(context.place(payload.start + at)) is a single character, "
                + "in \(Wording.quoted(payload.bytes[max(at - 12, 0)...], atMost: 24)).")
    }

    /// Surrogates that were encoded separately: in pairs (CESU-8, Java's modified UTF-8), or NUL as C0 80.
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

    /// Half of a surrogate pair.
    static func loneSurrogate(_ context: ViolationContext) -> Match? {
        guard let (bytes, at) = spoilt(context), let half = surrogate(bytes[at...].prefix(3)) else { return nil }
        let rest = bytes[(at + 3)...]
        guard bytes.count > 3, CleanText.holds(bytes[..<at]) || at == 0,
            rest.isEmpty || CleanText.holds(rest, isCut: true)
        else { return nil }
        return Match(
            certainty: .likely,
            message:
                "\(Wording.hex(bytes[at...].prefix(3))) is the surrogate U+\(String(half, radix: 16, uppercase: true)) "
                + "alone, half of a character: a UTF-16 string was probably cut there.")
    }

    private static func surrogate(_ bytes: ArraySlice<UInt8>) -> UInt16? {
        guard bytes.count == 3, bytes.first == 0xED else { return nil }
        let at = bytes.startIndex
        guard (0xA0...0xBF).contains(bytes[at + 1]), (0x80...0xBF).contains(bytes[at + 2]) else { return nil }
        return 0xD000 | UInt16(bytes[at + 1] & 0x3F) << 6 | UInt16(bytes[at + 2] & 0x3F)
    }

    /// A message ends inside a character, and the next begins with the rest of it.
    static func cutBetweenMessages(_ context: ViolationContext) -> Match? {
        guard context.rule == .textNotUTF8, context.violation?.length == 0, let frame = context.frame,
            let next = LocatedFrame(at: frame.end, in: context.bytes),
            next.header.opcode == .text, next.header.isMasked == frame.header.isMasked
        else { return nil }
        let first = frame.textPayload(in: context.bytes).bytes
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
                + "rest. A text was split at a number of bytes, and each piece was sent as a "
                + "message.")
    }

    /// A text ends inside a character: as many bytes were sent as the text has characters.
    static func cutAtCharacterCount(_ context: ViolationContext) -> Match? {
        guard context.rule == .textNotUTF8, context.violation?.length == 0, let place = context.frameInStream,
            place.header.opcode == .text, place.header.isFinal, context.isInStep
        else { return nil }
        let bytes = place.payload(in: context.evidence.bytes)
        let good = CleanText.wellFormedCount(of: bytes[...])
        // A buffer of a round size also cuts text.
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
                + "sent, which hold \(Wording.count(characters, "whole character")). The number of its characters was "
                + "probably taken for the number of its bytes.")
    }

    private static func spoilt(_ context: ViolationContext) -> (bytes: [UInt8], at: Int)? {
        guard context.rule == .textNotUTF8 || context.rule == .closeReasonNotUTF8, context.isInStep,
            let frame = context.frame,
            let fault = context.faultIndex
        else { return nil }
        let (start, bytes) = frame.textPayload(in: context.bytes)
        // The fault is found at a character's second byte, unless the first is invalid by itself.
        for at in [fault - start, fault - start - 1]
        where bytes.indices.contains(at) && [0xED, 0xC0].contains(bytes[at]) {
            return (bytes, at)
        }
        return nil
    }

    /// Returns the payload of a text frame, or a close reason, that is not UTF-8; only if framing is intact, or the
    /// frame is too long to know.
    static func payload(_ context: ViolationContext) -> Payload? {
        guard context.rule == .textNotUTF8 || context.rule == .closeReasonNotUTF8, let frame = context.frame else {
            return nil
        }
        if case .outside = context.step {} else { guard context.isInStep else { return nil } }
        let (start, bytes) = frame.textPayload(in: context.bytes)
        let skipped = context.rule == .closeReasonNotUTF8 ? min(2, bytes.count) : 0
        let whole = LocatedFrame(header: frame.header, start: context.startInStream)
        return Payload(
            frame: frame, start: start + skipped, bytes: Array(bytes[skipped...]),
            head: whole.payloadStart < 0
                ? [] : whole.unmasked(whole.rawPayload(in: context.evidence.bytes).prefix(Payload.headCount)))
    }

    struct Payload {
        static let headCount = 4_096

        let frame: LocatedFrame
        /// The index of the first of the bytes.
        let start: Int
        let bytes: [UInt8]
        /// The payload's first bytes, however far away the fault is; empty if they are not known.
        let head: [UInt8]
        /// Whether the bytes begin with the payload's first.
        var isFromStart: Bool { frame.payloadStart >= 0 }
    }
}
