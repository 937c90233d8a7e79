internal import WebSocketFrames

/// One way to explain that frames are lost: what it is called, and what it predicts.
struct HypothesisKind: Sendable {
    /// What it says of one suspect.
    let of: @Sendable (SuspectFrame, HypothesisScene) -> [Hypothesis]
}

/// All ways in which the beginning of frames is lost, and the one place where they are weighed.
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
            HypothesisKind(of: BytesBehindPayloads.of),
            HypothesisKind(of: Missing.lost),
            HypothesisKind(of: Missing.tooFew),
        ]

    /// All that fits, the best first.
    static func hypotheses(_ scene: HypothesisScene) -> [Hypothesis] {
        var found: [Hypothesis] = []
        for suspect in scene.suspects {
            for kind in all { found += kind.of(suspect, scene) }
        }
        found += StrayBytes.of(scene)
        return found.filter { !scene.keepsFault($0) }.sorted { $0.score > $1.score }
    }

    /// What explains best that frames are lost; nil if nothing does better than chance, or than the frames as they stand.
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

    /// What speaks for the frames as they stand: the fault is the offending frame's own, and the next one begins where it
    /// ends.
    static func inStep(_ scene: HypothesisScene) -> Int {
        guard let place = scene.suspects.first(where: { $0.back == 0 })?.place, place.end <= scene.bytes.count else {
            return 0
        }
        // The same fault may come again in the frames after it: that does not make them less of frames.
        let header = place.header
        let rule = scene.context.rule
        let isSequence = rule == .interleavedMessage || rule == .unexpectedContinuation || rule == .dataAfterClose
        let lenient = FrameChains(
            bytes: scene.bytes, reachesEnd: scene.chains.reachesEnd, isMasked: header.isMasked,
            extensions: scene.context.evidence.extensions,
            knowsMessages: !isSequence && header.opcode != .close,
            takesEitherMask: rule == .unmaskedClientFrame || rule == .maskedServerFrame,
            forgiving: rule.map { ForgivenFault(rule: $0, byte0: header[0]) })
        // What is a frame but for one fault looks like one otherwise.
        var own = FramePlace.canBegin[Int(header[0] & ~header.reservedBits.rawValue)] ? 5 : 0
        // Zeros are seldom an empty fragment.
        if header.payloadLength == 0, !header.isFinal { own = -8 }
        own += max(
            ExplainedPayload.bits(
                header, [scene.known(place.payloadStart, place.end)], key: header.maskingKey, in: scene.bytes), 0)
        return lenient.chain(from: place.end).bits + own - 6
    }
}
