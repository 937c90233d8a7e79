internal import WebSocketFrames

// Text that was written on the connection without framing. A character in the place of a header is read as FIN = 0
// with an RSV bit, so it is never accepted.

enum UnframedText {
    /// The name of the pattern for text that is nothing special.
    static let name = "unframed-text"

    static func html(_ context: ViolationContext) -> Match? {
        guard let text = text(context) else { return nil }
        let trimmed = text.drop { $0 <= 0x20 }
        let starts = ["<!doctype html", "<html", "<head", "<body", "<h1>", "<center>", "<title>"]
        guard starts.contains(where: { trimmed.begins(withAnyCase: $0) }) else { return nil }
        return Match(
            certainty: trimmed.begins(withAnyCase: "<!doctype html") || trimmed.begins(withAnyCase: "<html")
                ? .certain : .likely,
            message: "the \(Wording.count(text.count, "byte")) at \(context.place(context.start)) are HTML "
                + "outside of any frame: \(Wording.quoted(text)).")
    }

    static func json(_ context: ViolationContext) -> Match? {
        guard let text = text(context) else { return nil }
        let trimmed = text.drop { $0 <= 0x20 }
        guard trimmed.first == 0x7B || trimmed.first == 0x5B else { return nil }
        // A name in braces is a template.
        let second = trimmed.dropFirst().first { $0 > 0x20 }
        guard trimmed.first == 0x5B || second == 0x22 || second == 0x7D else { return nil }
        guard let end = JSONExtent.end(of: trimmed) else { return nil }
        let rest = trimmed[end...].drop { $0 <= 0x20 }
        let length = end - text.startIndex
        let fits = rest.isEmpty ? context.isEnd(rest.endIndex) : rest.first == 0x7B || rest.first == 0x5B
        guard length >= 8 || fits, !isInsideJSON(context), !hasHeader(context, length) else { return nil }
        let isFollowed = fits || context.landing(at: end).confirms || context.landing(at: rest.startIndex).confirms
        return Match(
            certainty: isFollowed ? .certain : .likely,
            message:
                "the \(Wording.count(length, "byte")) at \(context.place(context.start)) are JSON outside "
                + "of any frame: \(Wording.quoted(text.prefix(length))).")
    }

    static func other(_ context: ViolationContext) -> Match? {
        guard let text = text(context), HTTPOnTheSocket.requestLine(context) == nil else { return nil }
        let isAll = context.isEnd(text.endIndex)
        // A header may consist of characters by chance; intact framing after it shows that it is one.
        if case .frames = context.step, context.isInStep { return nil }
        guard text.count >= 4 || (isAll && text.count >= 2 && text.allSatisfy { $0 >= 0x20 }) else { return nil }
        let isSure = isAll && context.isFirstFrame && text.count >= 16
        let isLikely = isApart(context) && (text.count >= 16 || (isAll && text.count >= 6))
        return Match(
            certainty: isSure ? .certain : isLikely ? .likely : .possible,
            message:
                "the \(Wording.count(text.count, "byte")) at \(context.place(context.start)) are text where a frame "
                + "should begin: \(Wording.quoted(text)).")
    }

    /// Returns whether the text of the frame before has ended; otherwise what follows may well belong to it.
    private static func isApart(_ context: ViolationContext) -> Bool {
        guard let last = textBefore(context)?.last else { return true }
        return !isInside(last) && !isInsideJSON(context)
    }

    /// Returns whether the frame before begins a JSON value and does not end it.
    private static func isInsideJSON(_ context: ViolationContext) -> Bool {
        guard let text = textBefore(context), text.first == 0x7B || text.first == 0x5B else { return false }
        return JSONExtent.end(of: text[...]) == nil
    }

    /// Returns whether the header of a frame with exactly that payload comes right before it: the frame before has
    /// swallowed it.
    private static func hasHeader(_ context: ViolationContext, _ length: Int) -> Bool {
        [2, 4, 10].contains { count in
            guard let place = LocatedFrame(at: context.start - count, in: context.bytes) else { return false }
            return place.payloadStart == context.start && place.header.payloadLength == UInt64(length)
        }
    }

    /// Returns the payload of the frame before; nil if there is none, or only a control frame.
    private static func textBefore(_ context: ViolationContext) -> [UInt8]? {
        guard let before = context.before, !before.header.opcode.isControl else { return nil }
        let place = LocatedFrame(header: before.header, start: before.start + context.windowStart)
        return place.payloadStart < 0 ? nil : place.payload(in: context.evidence.bytes)
    }

    /// Returns whether a text does not end with this byte: a letter, a digit, a space, a comma, a byte of a longer
    /// character.
    private static func isInside(_ byte: UInt8) -> Bool {
        CleanText.isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x20 || byte == 0x2C || byte >= 0x80
    }

    /// Returns the clean text in the place of a header; at least two bytes, unless it is all there is.
    private static func text(_ context: ViolationContext) -> ArraySlice<UInt8>? {
        guard context.isAtHeader || looksUnfinished(context), let first = context.head.first, CleanText.isASCII(first)
        else {
            return nil
        }
        let text = context.head.prefix(CleanText.count(in: context.head))
        guard text.count > 1 || context.isEnd(text.endIndex) else { return nil }
        return text
    }

    /// Returns whether it may be an unfinished frame: with permessage-deflate, `A` and `B` begin a legal one.
    private static func looksUnfinished(_ context: ViolationContext) -> Bool {
        context.isUnfinished && context.head.count >= 8 && (context.head.first ?? 0) & 0xF0 == 0x40
            && CleanText.count(in: context.head) == context.head.count
    }
}
