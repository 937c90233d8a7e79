internal import WebSocketFrames

/// Bytes that are missing, or superfluous, with nothing to show how many: every place is tried, at a cost.
enum Missing {
    /// Explains legal frames that begin inside the declared payload: bytes of it are missing.
    static func lost(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard isFrame(suspect, scene), place.header.payloadLength > 0 else { return [] }
        let start = max(place.payloadStart, 0)
        let limit = min(place.end, scene.bytes.count)
        guard start < limit else { return [] }
        var found: [Hypothesis] = []
        let declared = Wording.count(place.header.payloadLength, "byte")
        if place.payloadStart >= 0, scene.chains.mayResume(at: start), !scene.meets(place.end, from: start) {
            found.append(
                scene.hypothesis(
                    "bytes-lost", suspect, resume: start, cost: 4 + ownFault(suspect, scene),
                    // A superfluous header soon looks like this.
                    atMost: place.header.payloadLength < few || isKnown(from: start, before: suspect, scene)
                        ? .likely : .certain,
                    says:
                        "the frame at \(scene.place(place.start)) declares \(declared), and the next frame begins right "
                        + "after its header: its payload was never sent, or was lost"))
        }
        let choices = limit - start
        if let best = scene.bestResume((start + 1)..<limit, cost: { _ in HypothesisScene.logarithm(of: choices) }),
            !scene.meets(place.end, from: best.index)
        {
            let missing = place.end - best.index
            if let from = WrittenTwice.frames(before: best.index, scene) {
                found.append(
                    scene.hypothesis(
                        WrittenTwice.name, suspect, resume: best.index,
                        // Without masking keys, frames may well be equal.
                        evidence: place.header.isMasked ? 32 : 8, cost: 6, choices: choices,
                        says:
                            "the bytes from \(scene.place(from)) on were written again at \(scene.place(best.index)), "
                            + "inside the frame at \(scene.place(place.start)), and legal frames follow them"))
            }
            found.append(
                scene.hypothesis(
                    "bytes-lost", suspect, resume: best.index, cost: 3 + ownFault(suspect, scene), choices: choices,
                    atMost: missing < 1 << 40 && !isKnown(from: best.index, before: suspect, scene)
                        ? .certain : .likely,
                    says: "the frame at \(scene.place(place.start)) declares \(declared), and legal frames begin "
                        + (missing < 1 << 40 ? "\(Wording.count(missing, "byte")) before its end" : "inside it")
                        + ", at \(scene.place(best.index)): bytes of its payload were lost, or it declares too many"))
        }
        return found
    }

    /// Returns whether the frame, or the one after it, also occurs elsewhere: the same messages are repeated, or
    /// something was written twice. Or, instead of missing bytes, there may as well be superfluous ones before the
    /// frame.
    private static func isKnown(from resume: Int, before suspect: SuspectFrame, _ scene: HypothesisScene) -> Bool {
        let place = suspect.place
        guard place.start >= 0, let next = LocatedFrame(at: resume, in: scene.bytes) else { return false }
        let header = scene.known(place.start, place.payloadStart)
        // Half an equal key is no coincidence either.
        let nextHeader = scene.known(next.start, next.payloadStart)
        if scene.bytes[header].prefix(4).elementsEqual(scene.bytes[nextHeader].prefix(4))
            || scene.comesTwice(header)
            || scene.comesTwice(scene.known(next.start, min(next.end, next.start + 24)), isBefore: true)
        {
            return true
        }
        return (1...maximumSurplus).contains { count in
            place.start + count < resume && scene.chains.mayResume(at: place.start + count)
                && scene.meets(resume, from: place.start + count)
        }
    }

    private static let maximumSurplus = 40
    private static let few = 16

    /// Explains legal frames that begin some bytes after the declared end.
    static func tooFew(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> [Hypothesis] {
        let place = suspect.place
        guard isFrame(suspect, scene), !scene.context.isUnfinished, place.end < scene.bytes.count, place.end >= 0
        else { return [] }
        guard
            let best = scene.bestResume(
                (place.end + 1)..<scene.bytes.count, cost: { HypothesisScene.logarithm(of: $0) })
        else { return [] }
        let count = best.index - place.end
        let between = scene.bytes[place.end..<best.index]
        let cost = 6 + ownFault(suspect, scene)
        let lost = scene.hypothesis(
            "lost-step", suspect, resume: best.index, cost: cost, choices: count,
            says: "a frame should begin at \(scene.place(place.end)), and legal frames begin "
                + "\(Wording.count(count, "byte")) after it (in between: "
                + (CleanText.holds(between) ? Wording.quoted(between) : Wording.hex(between))
                + "). The frame before declares too few bytes, a second writer put them in, or a header before "
                + "them was lost")
        guard let twice = WrittenTwice.repetition(of: count, before: place.end, in: place, scene) else {
            return [lost]
        }
        let again = scene.hypothesis(
            WrittenTwice.name, suspect, resume: best.index,
            evidence: WrittenTwice.evidence(of: count, before: twice, in: place, scene), cost: cost,
            choices: count * max(place.end - place.start, 1),
            says: "the \(Wording.count(count, "byte")) before \(scene.place(twice)) come twice "
                + "(\(Wording.hex(scene.bytes[(twice - count)..<twice]))), and legal frames continue as many bytes "
                + "late")
        // A word that occurs twice may have been written twice by mistake, or not: neither is more than possible.
        return again.score > lost.score ? [again, lost] : [lost, again.raised(to: lost.score - 1)]
    }

    /// Returns whether the suspect can be regarded as a frame at all: what is not a header by its first two bytes
    /// declares nothing.
    private static func isFrame(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> Bool {
        suspect.back > 0 || !scene.context.isAtHeader || isOnlyLong(scene)
    }

    /// Returns whether the offending field is a length: the rest may still be a header.
    private static func isOnlyLong(_ scene: HypothesisScene) -> Bool {
        switch scene.context.rule {
        case .lengthOverflow, .nonMinimalLength, .frameTooBig, .messageTooBig: true
        default: false
        }
    }

    /// Returns the cost of a header that breaks a rule itself, which is a second fault.
    private static func ownFault(_ suspect: SuspectFrame, _ scene: HypothesisScene) -> Int {
        suspect.back == 0 && scene.context.isAtHeader ? 6 : 0
    }
}

/// Bytes before the first frame of a stream.
enum StrayBytes {
    /// The most bytes that are skipped.
    private static let maximumCount = 4_096
    /// The most bytes that count as few: more are rather the payload of a frame whose header is lost, or come from
    /// another source.
    private static let few = 16

    static func of(_ scene: HypothesisScene) -> [Hypothesis] {
        guard scene.start == 0, scene.context.evidence.stream.offset == 0, scene.context.rule?.field == .byte0,
            scene.suspects.allSatisfy({ $0.back == 0 })
        else { return [] }
        let range = 1..<min(maximumCount, scene.bytes.count)
        guard !range.isEmpty,
            let best = scene.bestResume(range, cost: { HypothesisScene.logarithm(of: $0) })
        else { return [] }
        let stray = scene.bytes[..<best.index]
        // Line breaks have a pattern of their own.
        guard !stray.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) else { return [] }
        let isPlain = stray.allSatisfy { $0 == stray.first }
        return [
            scene.hypothesis(
                "bytes-behind-handshake", nil, resume: best.index, evidence: isPlain ? min(6 + stray.count, 14) : 0,
                cost: 4, choices: best.index, atMost: isPlain || stray.count <= few ? .certain : .possible,
                says:
                    "\(Wording.count(stray.count, "byte")) that \(stray.count == 1 ? "belongs" : "belong") to no frame "
                    + "\(stray.count == 1 ? "is" : "are") at the start of the stream "
                    + "(\(Wording.hex(stray))), and legal frames begin right after")
        ]
    }
}
