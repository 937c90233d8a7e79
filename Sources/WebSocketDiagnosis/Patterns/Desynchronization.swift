internal import WebSocketFrames

// Frames that are legal again somewhere else: the two ends have lost step. How much was lost, inserted or written
// twice shows where the next legal frames begin.

enum Desynchronization {
    /// Bits of surprise from which on a run of frames cannot be chance, and from which it hardly is.
    private static let certainBits = 30
    private static let likelyBits = 13

    /// The length of a text counts characters, and the payload has more bytes than that.
    static func charactersCounted(_ context: ViolationContext) -> Match? {
        guard let frame = textBefore(context), frame.payloadStart >= 0, frame.end <= context.bytes.count,
            frame.header.reservedBits.isEmpty
        else { return nil }
        let declared = Int(clamping: frame.header.payloadLength)
        guard declared > 0 else { return nil }
        // Each character makes at most two bytes more than UTF-16 counts.
        let limit = min(context.bytes.count, FramePlace.sum(frame.end, 2 * declared))
        let payload = frame.unmasked(context.bytes[frame.payloadStart..<limit])
        let good = CleanText.wellFormedCount(of: payload[...])
        // Without characters of several bytes, and clean ones, it is something else.
        guard good > declared, payload[..<declared].contains(where: { $0 >= 0x80 }) else { return nil }
        var characters = 0
        var units = 0
        for (index, byte) in payload[..<good].enumerated() {
            if byte & 0xC0 != 0x80 {
                // Here ends what came before.
                if index > declared, units == declared || characters == declared,
                    let match = charactersCounted(context, frame, end: index, declared)
                {
                    return match
                }
                characters += 1
                units += byte >= 0xF0 ? 2 : 1
            }
        }
        guard good > declared, units == declared || characters == declared else { return nil }
        return charactersCounted(context, frame, end: good, declared)
    }

    private static func charactersCounted(_ context: ViolationContext, _ frame: FramePlace, end: Int, _ declared: Int)
        -> Match?
    {
        let landing = context.landing(at: frame.payloadStart + end)
        let text = frame.unmasked(context.bytes[frame.payloadStart..<(frame.payloadStart + end)])
        guard landing.confirms, CleanText.holds(text) else { return nil }
        return Match(
            certainty: landing.confirmsWell || end - declared > 1 ? .certain : .likely,
            message:
                "the text frame at \(context.place(frame.start)) declares \(Wording.count(declared, "byte")), and its "
                + "text has \(declared) characters in \(Wording.count(end, "byte")): the length counts characters. "
                + "\(Wording.count(end - declared, "byte")) too many follow.")
    }

    /// The text frame that may have been declared too short: the offending one where it ends inside a character, or the
    /// one before a header that is none.
    private static func textBefore(_ context: ViolationContext) -> FramePlace? {
        if context.rule == .textNotUTF8, context.violation?.length == 0, !context.isInStep {
            return context.frame.flatMap { $0.header.opcode == .text ? $0 : nil }
        }
        guard context.isAtHeader, !context.isInStep else { return nil }
        return context.before.flatMap { $0.header.opcode == .text ? $0 : nil }
    }

    /// The same bytes stand there twice.
    static func writtenTwice(_ context: ViolationContext) -> Match? {
        guard let owner = owner(context) else { return nil }
        if let match = frameWrittenTwice(context, owner) { return match }
        guard let found = forward(context) else { return nil }
        let count = found.index - found.base
        guard (4...maximumRepetition).contains(count) else { return nil }
        // As many bytes as are too many repeat the ones before them, somewhere in the frame that came out too long.
        let first = max(owner.start - count, 0) + count
        guard first <= found.base else { return nil }
        for second in first...found.base {
            let before = context.bytes[(second - count)..<second]
            guard before.elementsEqual(context.bytes[second..<(second + count)]), Set(before).count > 2 else {
                continue
            }
            return Match(
                certainty: .certain,
                message: "the \(Wording.count(count, "byte")) before \(context.place(second)) stand there twice "
                    + "(\(Wording.hex(before))); frames are legal again \(Wording.count(count, "byte")) after the place "
                    + "where one was expected.")
        }
        return nil
    }

    /// More bytes than these are not looked for a second time.
    private static let maximumRepetition = 512

    /// A frame was begun, and then written again from its first byte: read with the first header, its end is left over.
    private static func frameWrittenTwice(_ context: ViolationContext, _ frame: FramePlace) -> Match? {
        guard frame.start >= 0, frame.end <= context.bytes.count else { return nil }
        let length = frame.end - frame.start
        // With its key a frame of a client is known again; one of a server may be another with the same text.
        let known = min(length, 12)
        let opening = context.bytes[frame.start..<(frame.start + known)]
        guard known > 4 else { return nil }
        for again in (frame.start + 2)..<frame.end {
            guard again + length <= context.bytes.count else { break }
            guard context.bytes[again] == opening.first, opening.elementsEqual(context.bytes[again..<(again + known)]),
                context.landing(at: again + length).confirms
            else { continue }
            return Match(
                certainty: frame.header.isMasked || again == frame.start + known ? .certain : .likely,
                message:
                    "the frame at \(context.place(frame.start)) was begun, and written again from its first byte at "
                    + "\(context.place(again)); after it frames are legal.")
        }
        return nil
    }

    /// Legal frames begin further on.
    static func again(_ context: ViolationContext) -> Match? {
        guard let found = forward(context) else { return nil }
        if let lost = backward(context), lost.surprise > found.surprise { return nil }
        let count = found.index - found.base
        let between = context.bytes[found.base..<found.index]
        return Match(
            certainty: found.surprise >= certainBits ? .certain : .likely,
            message: "a frame should begin at \(context.place(found.base)), and legal frames begin "
                + "\(Wording.count(count, "byte")) after it. In between stand "
                + (CleanText.holds(between) ? Wording.quoted(between) : Wording.hex(between))
                + ": the frame before declares too few bytes, a second writer put as many in, or a header before "
                + "them was lost.")
    }

    /// Legal frames began before: inside the payload that was declared.
    static func lost(_ context: ViolationContext) -> Match? {
        guard let found = backward(context) else { return nil }
        if let more = forward(context), more.surprise >= found.surprise { return nil }
        let missing = found.frame.end - found.index
        let declared = Wording.count(found.frame.header.payloadLength, "byte")
        return Match(
            certainty: found.surprise >= certainBits ? .certain : .likely,
            message: "the frame at \(context.place(found.frame.start)) declares \(declared), and legal frames begin "
                + (missing < 1 << 40 ? "\(Wording.count(missing, "byte")) before its end" : "inside of it")
                + ", at \(context.place(found.index)): bytes of its payload were lost, or it declares too many.")
    }

    private struct Found {
        let index: Int
        let frame: FramePlace
        let run: FrameRun
        let surprise: Int
    }

    /// The frame that came out too long or too short: the one before a header that is none, or the offending one.
    private static func owner(_ context: ViolationContext) -> FramePlace? {
        guard !context.isInStep else { return nil }
        return context.isAtHeader ? context.before : context.frame
    }

    private static func forward(_ context: ViolationContext) -> (base: Int, index: Int, surprise: Int)? {
        guard !context.isInStep, !context.isUnfinished else { return nil }
        // Where a frame was expected: here, or where the offending one ends.
        guard let base = context.isAtHeader ? context.start : context.frame?.end, context.bytes.indices.contains(base)
        else {
            return nil
        }
        var index = base + 1
        while index + 2 <= context.bytes.count {
            if mayBegin(context.bytes[index]) {
                let surprise = FrameRun(from: index, in: context).surprise(among: index - base)
                if surprise >= likelyBits { return (base, index, surprise) }
            }
            index += 1
        }
        return nil
    }

    private static func backward(_ context: ViolationContext) -> Found? {
        guard let owner = owner(context) else { return nil }
        let limit =
            context.isAtHeader
            ? context.start : context.isUnfinished ? context.bytes.count : (context.faultIndex ?? 0) + 1
        let first = max(owner.payloadStart, 0)
        guard first < limit else { return nil }
        var best: Found?
        for index in first..<min(limit, context.bytes.count) where mayBegin(context.bytes[index]) {
            let run = FrameRun(from: index, in: context)
            // It must go on where the other reading ends: frames inside of a payload prove nothing.
            guard context.isUnfinished ? run.isExact : run.end >= limit || run.isCut else { continue }
            let surprise = run.surprise(among: limit - first)
            guard surprise >= (context.isUnfinished ? certainBits : likelyBits), surprise > best?.surprise ?? 0 else {
                continue
            }
            best = Found(index: index, frame: owner, run: run, surprise: surprise)
        }
        return best
    }

    /// A quick look before a run is followed.
    private static func mayBegin(_ byte: UInt8) -> Bool {
        let opcode = Opcode(rawValue: byte)
        return !opcode.isReserved && opcode != .continuation && byte & 0x30 == 0
            && (!opcode.isControl || byte & 0x80 != 0)
    }
}
