internal import WebSocketFrames

// Two writers on one connection, without a lock: while one was in the middle of a frame, the other wrote whole frames.
// They stand inside of the payload, and its frame comes out short by as many bytes as they have.

enum SharedConnection {
    /// A whole frame stands in the middle of another one's payload.
    static func frameInside(_ context: ViolationContext) -> Match? {
        guard !context.isInStep else { return nil }
        return insideText(context) ?? insidePayload(context)
    }

    /// As many bytes of another frame may read as text before the one that cannot.
    private static let lookBack = 32
    /// No more frames in a row are looked for in one place.
    private static let maximumFrames = 4
    /// Bits of surprise from which on it cannot be chance, and from which it hardly is.
    private static let certainBits = 24
    private static let likelyBits = 10

    /// The text is spoilt where the other frame begins, or a few bytes after that, and goes on where it ends.
    private static func insideText(_ context: ViolationContext) -> Match? {
        guard context.rule == .textNotUTF8, let outer = context.frame, outer.header.reservedBits.isEmpty,
            let fault = context.faultIndex
        else { return nil }
        let last = min(fault, outer.end - 1, context.bytes.count - 1)
        let first = max(outer.payloadStart, 0, fault - lookBack)
        guard first <= last else { return nil }
        for start in first...last {
            guard let inner = insertion(at: start, in: outer, context) else { continue }
            let landing = context.landing(at: FramePlace.sum(outer.end, inner.count))
            if case .nothing = landing { continue }
            guard let rest = textAfter(inner, in: outer, context),
                let certainty = certainty(inner, rest, landing, outer)
            else { continue }
            return match(
                context, outer, inner, certainty,
                "without \(inner.frames == 1 ? "it" : "them") the text goes on as UTF-8"
                    + (landing.confirms ? ", and its frame ends where it must" : ""))
        }
        return nil
    }

    private static func certainty(
        _ inner: Insertion, _ rest: Int, _ landing: ResumePoint, _ outer: FramePlace
    ) -> Diagnosis.Certainty? {
        // Without masks text within text proves nothing: only where the frame then ends does.
        guard outer.header.isMasked else {
            guard landing.confirms, bits(of: landing) + inner.headerBits >= likelyBits + 4 else { return nil }
            return landing.confirmsWell ? .certain : .likely
        }
        // With another key text would be no text.
        let bits = inner.headerBits + inner.textBits + min(rest, 24) + bits(of: landing) - logarithm(of: lookBack)
        guard bits >= likelyBits, landing.confirms || (inner.textBits >= 8 && rest >= 16) else { return nil }
        return bits >= certainBits ? .certain : .likely
    }

    /// No byte is judged where the other frame begins: it shows when the outer one ends too early. The end of its payload
    /// stands where a header should be, and it is as long as the other frame.
    private static func insidePayload(_ context: ViolationContext) -> Match? {
        guard context.isAtHeader, let outer = context.before, max(outer.payloadStart, 0) < outer.end else { return nil }
        var best: (inner: Insertion, bits: Int, isSure: Bool)?
        let first = max(outer.payloadStart, 0)
        for start in first..<min(outer.end, context.bytes.count) {
            guard let inner = insertion(at: start, in: outer, context) else { continue }
            let landing = context.landing(at: FramePlace.sum(outer.end, inner.count))
            guard landing.confirms else { continue }
            // That it is just as long as what is left over is as good as seven bits.
            let bits = inner.headerBits + inner.textBits + 7 - logarithm(of: outer.end - first)
            guard bits >= likelyBits, bits > best?.bits ?? 0 else { continue }
            best = (inner, bits, landing.confirmsWell)
        }
        guard let best else { return nil }
        return match(
            context, outer, best.inner, best.bits >= certainBits && best.isSure ? .certain : .likely,
            "\(Wording.count(best.inner.count, "byte")), as many as it has, stand after the outer frame's end")
    }

    private static func match(
        _ context: ViolationContext, _ outer: FramePlace, _ inner: Insertion, _ certainty: Diagnosis.Certainty,
        _ shows: String
    ) -> Match {
        let what =
            inner.frames == 1
            ? "a whole frame, \(inner.header.opcode.name), \(Wording.count(inner.header.payloadLength, "byte"))"
            : "\(inner.frames) whole frames, the first \(inner.header.opcode.name)"
        return Match(
            certainty: certainty,
            message: "in the middle of the payload of the \(outer.header.opcode.name) frame at "
                + "\(context.place(outer.start)), at \(context.place(inner.start)), \(inner.frames == 1 ? "stands" : "stand") "
                + what + (inner.text.isEmpty ? "" : ", \(Wording.quoted(inner.text))")
                + ": \(shows). Two writers share the connection.")
    }

    /// What the other writer wrote, if frames of his begin at an index: all that are legal there. What is left of the
    /// outer payload must stand after them: where frames go on and on, it was rather the payload that stopped.
    private static func insertion(at start: Int, in outer: FramePlace, _ context: ViolationContext) -> Insertion? {
        let isMasked = outer.header.isMasked
        var validator = FrameValidator(sender: isMasked ? .client : .server, extensions: context.evidence.extensions)
        var inner = Insertion(start: start)
        while let frame = FramePlace(at: inner.end, in: context.bytes), frame.end <= context.bytes.count,
            frame.header.isMasked == isMasked, frame.header.opcode != .continuation
        {
            let before = validator.frameCount
            do { _ = try validator.consumeFrame(context.bytes.span.extracting(inner.end..<frame.end)) } catch { break }
            guard validator.frameCount > before, inner.frames < maximumFrames else { return nil }
            inner.add(frame, context)
        }
        return inner.frames > 0 && inner.end < context.bytes.count ? inner : nil
    }

    /// How many bytes of the outer frame's text stand after the other frame; nil if it does not go on as UTF-8.
    private static func textAfter(_ inner: Insertion, in outer: FramePlace, _ context: ViolationContext) -> Int? {
        let payloadStart = max(outer.payloadStart, 0)
        let end = FramePlace.sum(outer.end, inner.count)
        let rest = context.bytes[inner.end..<max(inner.end, min(end, context.bytes.count))]
        // The key goes on after the other frame where it stopped before it.
        let raw = context.bytes[payloadStart..<inner.start] + rest
        var text = Array(raw)
        if let key = outer.header.maskingKey {
            let phase = UInt64(payloadStart - outer.payloadStart)
            text = raw.enumerated().map { $1 ^ key[phase &+ UInt64($0)] }
        }
        // A fragment, or a window, may begin and end inside of a character.
        let isBegun = outer.header.opcode == .continuation || outer.payloadStart < 0
        if isBegun { text.removeFirst(text.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count) }
        let isCut = end > context.bytes.count || !outer.header.isFinal
        let left = text.count - CleanText.wellFormedCount(of: text[...])
        return left <= (isCut ? 3 : 0) ? rest.count : nil
    }

    private static func bits(of landing: ResumePoint) -> Int {
        switch landing {
        case .end: 6
        case .frames(let run): run.bits
        case .nothing, .outside: 0
        }
    }

    private static func logarithm(of count: Int) -> Int { Int.bitWidth - max(count, 1).leadingZeroBitCount }
}

/// Whole frames of another writer.
private struct Insertion {
    /// The index of the first frame's first byte, and the one after the last frame.
    let start: Int
    private(set) var end: Int
    private(set) var frames = 0
    /// Bits of surprise that such headers stand there, and that texts are text.
    private(set) var headerBits = 0
    private(set) var textBits = 0
    /// The first frame's header, and its payload where that is clean text.
    private(set) var header = EncodedFrameHeader()
    private(set) var text: [UInt8] = []

    var count: Int { end - start }

    init(start: Int) {
        self.start = start
        end = start
    }

    mutating func add(_ frame: FramePlace, _ context: ViolationContext) {
        let payload = frame.payload(in: context.bytes)
        let isText = CleanText.holds(payload)
        if frames == 0 {
            header = frame.header
            text = isText ? payload : []
        }
        frames += 1
        headerBits += 6
        if isText, frame.header.opcode == .text { textBits = min(textBits + payload.count, 24) }
        end = frame.end
    }
}
