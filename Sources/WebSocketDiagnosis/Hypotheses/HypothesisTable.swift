internal import WebSocketFrames

/// One way to explain that framing was lost: its name, and what it predicts.
struct HypothesisKind: Sendable {
    /// Returns its hypotheses about one suspect.
    let of: @Sendable (SuspectFrame, HypothesisScene) -> [Hypothesis]
}

/// All ways in which framing is lost, and the one place where they are weighed against each other.
enum HypothesisTable {
    static let all: [HypothesisKind] =
        HeaderReading.allCases.map { reading in HypothesisKind { Rereading.of(reading, $0, $1).map { [$0] } ?? [] } }
        + [
            HypothesisKind(of: CutLength.inByte1),
            HypothesisKind(of: CutLength.in16Bits),
            HypothesisKind(of: CountedCharacters.of),
            HypothesisKind(of: OversizedHeader.of),
            HypothesisKind(of: TwoWriters.headersFirst),
            HypothesisKind(of: TwoWriters.frameInside),
            HypothesisKind(of: TwoWriters.frameOfExcess),
            HypothesisKind(of: Overwritten.of),
            HypothesisKind(of: WrittenTwice.frameAgain),
            HypothesisKind(of: WrittenTwice.payloadAgain),
            HypothesisKind(of: BytesAfterPayloads.of),
            HypothesisKind(of: Missing.lost),
            HypothesisKind(of: Missing.tooFew),
        ]

    /// Returns all hypotheses that fit, the best first.
    static func hypotheses(_ scene: HypothesisScene) -> [Hypothesis] {
        var found: [Hypothesis] = []
        for suspect in scene.suspects {
            for kind in all { found += kind.of(suspect, scene) }
        }
        found += StrayBytes.of(scene)
        return found.filter { !scene.keepsFault($0) }.sorted { $0.score > $1.score }
    }

    /// Returns the best explanation for the loss of framing; nil if none is better than chance, or than the frames as
    /// they are.
    static func conclusion(_ scene: HypothesisScene) -> Conclusion? {
        let all = hypotheses(scene)
        guard let best = all.first else { return nil }
        let rival = all.first { $0.name != best.name }
        let standing = inStep(scene)
        let margin = best.score - max(rival?.score ?? 0, standing, 0)
        guard best.score > standing else { return nil }
        return Conclusion(
            best: best, rival: rival, margin: margin,
            isCut: scene.chains.isExhausted || (best.chain.ending == .cut && !scene.chains.reachesEnd)
                || (best.suspect?.place.start ?? 0) < 0)
    }

    /// Returns the evidence for the frames as they are: the fault is the offending frame's own, and the next one
    /// begins where it ends.
    static func inStep(_ scene: HypothesisScene) -> Int {
        guard let place = scene.suspects.first(where: { $0.back == 0 })?.place, place.end <= scene.bytes.count else {
            return 0
        }
        // The frames after it may have the same fault, which is not evidence against them.
        let header = place.header
        let rule = scene.context.rule
        let isSequence = rule == .interleavedMessage || rule == .unexpectedContinuation || rule == .dataAfterClose
        let lenient = FrameChains(
            bytes: scene.bytes, reachesEnd: scene.chains.reachesEnd, isMasked: header.isMasked,
            extensions: scene.context.evidence.extensions,
            knowsMessages: !isSequence && header.opcode != .close,
            takesEitherMask: rule == .unmaskedClientFrame || rule == .maskedServerFrame,
            forgiving: rule.map { ForgivenFault(rule: $0, byte0: header[0]) })
        // What would be a frame without its one fault otherwise looks like one.
        var own = LocatedFrame.canBegin[Int(header[0] & ~header.reservedBits.rawValue)] ? 5 : 0
        // Zeros are seldom an empty fragment.
        if header.payloadLength == 0, !header.isFinal { own = -8 }
        own += max(
            ExplainedPayload.bits(
                header, [scene.known(place.payloadStart, place.end)], key: header.maskingKey, in: scene.bytes), 0)
        return lenient.chain(from: place.end).bits + own - 6
    }
}
