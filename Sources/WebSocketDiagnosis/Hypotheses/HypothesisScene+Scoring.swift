internal import WebSocketFrames

extension HypothesisScene {
    /// Weighs a claim: what follows the place where it says that frames continue, and the evidence for it, minus its
    /// assumptions.
    func hypothesis(
        _ name: String, _ suspect: SuspectFrame?, resume: Int, state: FrameChains.MessageState = .unknown,
        reading: HeaderReading? = nil, evidence: Int = 0, cost: Int, choices: Int = 1,
        atMost limit: DiagnosisCertainty = .certain, says: String
    ) -> Hypothesis {
        let chain = chains.chain(from: resume, state, reading: reading)
        return Hypothesis(
            name: name, suspect: suspect, resume: resume, chain: chain,
            score: chain.bits + evidence - cost - Self.logarithm(of: choices) - (suspect?.cost ?? 0),
            isSearched: choices > 1 && evidence == 0, limit: limit, says: says)
    }

    /// Returns whether a hypothesis, even if true, leaves the offending frame where it is and its payload as wrong as
    /// before: it explains nothing.
    func keepsFault(_ hypothesis: Hypothesis) -> Bool {
        guard context.rule != nil, !context.isAtHeader else { return false }
        var at = hypothesis.resume
        while at < start, let place = LocatedFrame(at: at, in: bytes) { at = place.end }
        return at == start
    }

    /// Returns whether several consecutive legal frames begin and end within a range.
    func holdsFrames(_ range: Range<Int>) -> Bool {
        range.contains { index in
            guard chains.mayResume(at: index), !chains.isExhausted else { return false }
            var at = index
            var frames = 0
            while frames < 3, at < range.upperBound, case .whole(_, let end, _) = chains.frame(at: at, .unknown) {
                at = end
                frames += 1
            }
            return frames == 3 && at <= range.upperBound
        }
    }

    /// Returns whether the frames from an index on end at a payload's declared end: its length is right then, and
    /// they are part of it.
    func meets(_ end: Int, from start: Int) -> Bool {
        var at = start
        var frames = 0
        while at < end, frames < FrameChains.maximumFrames, let place = LocatedFrame(at: at, in: bytes) {
            at = place.end
            frames += 1
        }
        return at == end && end <= bytes.count
    }

    /// Returns the binary logarithm, rounded up: the cost in bits of choosing one of this many places.
    static func logarithm(of count: Int) -> Int { Int.bitWidth - max(count - 1, 0).leadingZeroBitCount }

    /// Returns `offset 1,024`: the position of the byte at an index of the stream's bytes.
    func place(_ index: Int) -> String {
        "offset " + Wording.grouped(context.evidence.stream.offset &+ UInt64(max(index, 0)))
    }

    /// Returns the range of the stream's bytes, as far as they are known.
    func known(_ lower: Int, _ upper: Int) -> Range<Int> {
        let end = min(max(upper, 0), bytes.count)
        return min(max(lower, 0), end)..<end
    }

    /// Returns the first place that is followed by a chain of frames long enough to be beyond doubt, or the best one.
    ///
    /// - Parameters:
    ///   - cost: the cost of a place at this distance from the first one.
    func bestResume(_ range: Range<Int>, cost: (Int) -> Int) -> (index: Int, chain: FrameChain)? {
        var best: (index: Int, chain: FrameChain, score: Int)?
        var last = range.upperBound
        var index = range.lowerBound
        let bytes = bytes
        while index < last, !chains.isExhausted {
            if LocatedFrame.canBegin[Int(bytes[index])], chains.mayResume(at: index) {
                let chain = chains.chain(from: index)
                let score = chain.bits - cost(index - range.lowerBound + 1)
                if chain.frames > 0, score > best?.score ?? 0 {
                    best = (index, chain, score)
                    if score >= Self.beyondDoubt { last = min(last, index + Self.afterDoubt) }
                }
            }
            index += 1
        }
        return best.map { ($0.index, $0.chain) }
    }

    /// Beyond this many bits, only the next few places are examined.
    private static let beyondDoubt = 60
    private static let afterDoubt = 256
}
