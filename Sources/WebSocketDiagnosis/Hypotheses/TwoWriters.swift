internal import WebSocketFrames

/// Two writers that share the connection without a lock.
enum TwoWriters {
    static let name = "concurrent-writers"

    /// Both wrote their headers first, and then their payloads: header, header, payload, payload.
    static func headersFirst(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let first = suspect.place
        guard first.start >= 0, first.header.payloadLength > 0, first.payloadStart < scene.bytes.count,
            scene.chains.mayResume(at: first.payloadStart),
            let second = LocatedFrame(at: first.payloadStart, in: scene.bytes), second.header.payloadLength > 0,
            isLegal(second.header, scene), second.header.isMasked == first.header.isMasked
        else { return [] }
        let lengths = [first, second].map { Int(clamping: $0.header.payloadLength) }
        let both = LocatedFrame.sum(lengths[0], lengths[1])
        let resume = LocatedFrame.sum(second.payloadStart, both)
        guard resume <= scene.bytes.count else { return [] }
        let middle = second.payloadStart + lengths[0]
        let own = ExplainedPayload.bits(
            first.header, [second.payloadStart..<middle], key: first.header.maskingKey, in: scene.bytes)
        let other = ExplainedPayload.bits(
            second.header, [middle..<resume], key: second.header.maskingKey, in: scene.bytes)
        return [
            scene.hypothesis(
                name, suspect, resume: resume, evidence: own + other + 6, cost: own + other > 0 ? 6 : 12,
                says:
                    "right after the header of the \(first.header.opcode.name) frame at \(scene.place(first.start)) is "
                    + "another header (\(second.header.opcode.name), \(Wording.count(lengths[1], "byte"))), and the "
                    + "payloads of both follow after it: two writers share the connection, and each writes its header and "
                    + "its payload by itself")
        ]
    }

    private static func isLegal(_ header: EncodedFrameHeader, _ scene: HypothesisScene) -> Bool {
        var validator = FrameValidator(
            sender: scene.chains.isMasked ? .client : .server, extensions: scene.context.evidence.extensions)
        do {
            try validator.consume(Array(header).span)
            return true
        } catch { return false }
    }

    /// Explains whole frames of another writer in the middle of a payload, whose own frame then seems too short by as
    /// many bytes.
    static func frameInside(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let outer = suspect.place
        guard outer.header.payloadLength > 0, !isLarge(outer) || outer.header.opcode == .text else { return [] }
        var range = max(outer.payloadStart, 0)..<max(min(outer.end, scene.bytes.count), max(outer.payloadStart, 0))
        if suspect.back == 0 {
            // The offending byte belongs to the other frame, or comes soon after it began.
            guard !scene.context.isAtHeader else { return [] }
            if scene.context.rule != nil {
                range = range.clamped(to: max(scene.fault - lookBack, 0)..<(scene.fault + 1))
            }
        }
        var best: Hypothesis?
        for start in range where !scene.chains.isExhausted && scene.chains.mayResume(at: start) {
            for inner in insertions(at: start, in: outer, scene) {
                best = weigh(inner, suspect, range.count, scene, above: best?.score ?? 0) ?? best
            }
        }
        return best.map { [$0] } ?? []
    }

    /// The most bytes of another frame that may read as text before one that cannot.
    private static let lookBack = 32
    /// The most consecutive frames that are searched for in one place.
    private static let maximumFrames = 4

    /// Whole frames from an index on.
    private struct Insertion {
        let start: Int
        var end: Int
        var frames: Int
        var bits: Int
    }

    private static func insertions(at start: Int, in outer: LocatedFrame, _ scene: HypothesisScene) -> [Insertion] {
        var inner = Insertion(start: start, end: start, frames: 0, bits: 0)
        var all: [Insertion] = []
        while all.count < maximumFrames, inner.end < scene.bytes.count,
            Opcode(rawValue: scene.bytes[inner.end]) != .continuation,
            case .whole(let bits, let end, _) = scene.chains.frame(at: inner.end, .between)
        {
            inner.end = end
            inner.frames += 1
            inner.bits += bits
            all.append(inner)
        }
        return all
    }

    /// Returns nil if the evidence is not more than `least` bits.
    private static func weigh(
        _ inner: Insertion, _ suspect: SuspectFrame, _ choices: Int, _ scene: HypothesisScene, above least: Int
    ) -> Hypothesis? {
        let outer = suspect.place
        let resume = LocatedFrame.sum(outer.end, inner.end - inner.start)
        let isThere = resume <= scene.bytes.count
        // If the end is not available, the rest of the payload must be.
        guard isThere ? scene.chains.mayResume(at: resume) : inner.end < scene.bytes.count, outer.payloadStart >= 0
        else {
            return nil
        }
        let rest = scene.known(inner.end, resume)
        let text = ExplainedPayload.bits(
            outer.header, [outer.payloadStart..<inner.start, rest], key: outer.header.maskingKey, in: scene.bytes)
        let isText = text > 0
        // If the text is just as clean with the other bytes in it, it is whole as it is.
        if isText,
            ExplainedPayload.bits(
                outer.header, [outer.payloadStart..<inner.end], key: outer.header.maskingKey, in: scene.bytes) > 0
        {
            return nil
        }
        if !isThere, text < 8 || inner.bits < 14 || rest.count < 16 { return nil }
        let header = LocatedFrame(at: inner.start, in: scene.bytes)
        let payload = header?.payload(in: scene.bytes) ?? []
        let isOne = inner.frames == 1
        let what =
            isOne
            ? "a whole frame, \(header?.header.opcode.name ?? ""), \(Wording.count(payload.count, "byte"))"
            : "\(inner.frames) whole frames, the first \(header?.header.opcode.name ?? "")"
        var found = scene.hypothesis(
            name, suspect, resume: resume, state: scene.state(after: suspect),
            evidence: inner.bits + text, cost: 3 + 2 * (inner.frames - 1), choices: choices,
            says:
                "in the middle of the payload of the \(outer.header.opcode.name) frame at \(scene.place(outer.start)), at "
                + "\(scene.place(inner.start)), \(isOne ? "is" : "are") \(what)"
                + (CleanText.holds(payload) ? ", \(Wording.quoted(payload, atMost: 24))" : "") + ". "
                + (isText ? "Without \(isOne ? "it" : "them") the text continues as UTF-8" : "")
                + (isText && isThere ? ", and the" : isThere ? "The" : "")
                + (isThere
                    ? " frame ends \(Wording.count(inner.end - inner.start, "byte")) later than it declares, where "
                        + "frames continue" : "")
                + ": two writers share the connection")
        guard found.score > least else { return nil }
        // Frames that also occur elsewhere may have been written again, and meaningless bytes may look like one. A
        // masking key that occurs twice is as significant as the whole frame.
        let distinctiveEnd = header.flatMap { $0.header.isMasked ? $0.payloadStart : nil } ?? inner.end
        if scene.comesTwice(inner.start..<distinctiveEnd) || scene.isOneOfTwo(inner.start..<inner.end)
            || !isText && header?.header.opcode.isControl == false && !CleanText.holds(payload)
        {
            found.limit = .likely
        }
        return found
    }
}
