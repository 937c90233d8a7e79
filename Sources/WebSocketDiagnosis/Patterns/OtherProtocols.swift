internal import WebSocketFrames

// Protocols that are neither HTTP nor RFC 6455.

enum OtherProtocols {
    /// A TLS record: type, version 3.x, length.
    static func tls(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, let record = TLSRecord(at: context.start, in: context.bytes) else { return nil }
        let message =
            "at \(context.place(context.start)) is a TLS record: \(record.kind) of \(Wording.count(record.count, "byte"))."
        let continues =
            context.isEnd(record.end)
            || (record.end < context.bytes.count && TLSRecord(at: record.end, in: context.bytes) != nil)
        let isSure = continues || record.isSpecific
        if !isSure, record.end < context.bytes.count, !context.landing(at: record.end).confirmsWell { return nil }
        return Match(certainty: isSure ? .certain : .likely, message: message)
    }

    /// `00 … FF`, the framing of the drafts before hybi: text between two markers; and its Close, `FF 00`.
    static func hixie(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, let first = context.head.first else { return nil }
        if first == 0xFF {
            guard context.head.elementsEqual([0xFF, 0x00]), context.reachesEnd, context.before == nil,
                context.isFirstFrame
            else { return nil }
            return Match(
                certainty: .likely,
                message: "the stream is FF 00 and nothing else, which is the Close of the draft of 2010 (hixie-76).")
        }
        guard first == 0x00, let end = context.head.firstIndex(of: 0xFF) else { return nil }
        let text = context.head[(context.head.startIndex + 1)..<end]
        guard CleanText.holds(text), text.count >= 2 else { return nil }
        let next = context.bytes[(end + 1)...]
        let continues = next.isEmpty ? context.reachesEnd : next.first == 0x00 || next.starts(with: [0xFF, 0x00])
        guard continues else { return nil }
        return Match(
            certainty: context.isFirstFrame ? .certain : .likely,
            message:
                "the \(Wording.count(text.count + 2, "byte")) at \(context.place(context.start)) are framed as in the "
                + "draft of 2010 (hixie-76), text between 00 and FF: \(Wording.quoted(text)).")
    }

    /// Bytes above 7F that were decoded as text, and the text encoded as UTF-8: EF BF BD, or C2 81 for 81.
    static func decodedAsText(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader else { return nil }
        let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
        if context.head.starts(with: replacement) {
            // A legal text may contain the character.
            let isKnown = context.bytes[..<context.start].firstIndex(of: replacement[...]) != nil
            return Match(
                certainty: isKnown ? .likely : .certain,
                message: "at \(context.place(context.start)) is EF BF BD, the replacement character: frames were "
                    + "decoded as UTF-8 text and encoded again, and their bytes above 7F are lost.")
        }
        guard context.head.starts(with: [0xC2]), context.isFirstFrame, let undone = undoLatin1(context.head) else {
            return nil
        }
        let run = FrameRun(
            from: 0, in: undone, sender: nil, extensions: context.evidence.extensions, reachesEnd: context.reachesEnd)
        guard run.frames > 1 || run.isExact else { return nil }
        return Match(
            certainty: .certain,
            message:
                "at \(context.place(context.start)) every byte above 7F has become two, \(Wording.hex(context.head.prefix(2))) for "
                + "\(Wording.hex(undone.prefix(1))): frames were decoded as Latin-1 text and encoded as UTF-8.")
    }

    /// Returns the bytes before they were encoded; nil if they cannot have been.
    private static func undoLatin1(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var undone: [UInt8] = []
        var lead: UInt8?
        for byte in bytes {
            switch (lead, byte) {
            case (nil, 0x00...0x7F): undone.append(byte)
            case (nil, 0xC2...0xC3): lead = byte
            case (.some(let high), 0x80...0xBF):
                undone.append(high << 6 | byte & 0x3F)
                lead = nil
            default: return nil
            }
        }
        return undone
    }
}

/// The header of a TLS record (RFC 8446 §5.1).
private struct TLSRecord {
    let kind: String
    let count: Int
    let end: Int
    /// Whether the contents of the record fit its type, too.
    let isSpecific: Bool

    /// The longest record: 2¹⁴ bytes, and what encryption may add.
    private static let maximumCount = 16_384 + 2_048

    init?(at index: Int, in bytes: [UInt8]) {
        guard index >= 0, index + 5 <= bytes.count, bytes[index + 1] == 3, bytes[index + 2] <= 4 else { return nil }
        count = Int(bytes[(index + 3)..<(index + 5)].number())
        end = index + 5 + count
        guard (1...Self.maximumCount).contains(count) else { return nil }
        let inside = bytes[(index + 5)...].prefix(count)
        switch bytes[index] {
        case 0x14:
            kind = "change cipher spec"
            guard count == 1 else { return nil }
            isSpecific = inside.first == 1
        case 0x15:
            kind = "an alert"
            isSpecific = count == 2 && inside.count == 2 && (1...2).contains(inside.first ?? 0)
        case 0x16:
            // A hello states its own length, which is the record's minus the four bytes before it.
            let isHello = [1, 2].contains(inside.first ?? 0)
            kind = isHello ? (inside.first == 1 ? "a ClientHello" : "a ServerHello") : "a handshake message"
            isSpecific = isHello && inside.count >= 4 && Int(inside.dropFirst().prefix(3).number()) + 4 <= count
        case 0x17:
            kind = "application data"
            isSpecific = false
        default: return nil
        }
    }
}
