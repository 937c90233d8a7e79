internal import WebSocketFrames

/// A frame whose header may have misled the parser: the offending one, or one of the last before it.
struct SuspectFrame {
    /// The frame as described by its header.
    let place: LocatedFrame
    /// How many frames it is before the offending one, which has 0.
    let back: Int
    /// -log₂ of the probability that this header is wrong and everything after it only looked legal.
    let cost: Int
}

/// The data that the hypotheses are tested on.
struct HypothesisScene {
    let context: ViolationContext
    let chains: FrameChains
    /// The suspects, from the offending frame backwards.
    let suspects: [SuspectFrame]
    /// The index of the offending frame's first byte.
    let start: Int
    /// The index of the offending field; for a frame that never ended, the end of the bytes.
    let fault: Int

    var bytes: [UInt8] { chains.bytes }

    /// The most frames before the offending one that are suspected.
    static let maximumBack = 9

    /// Nil if there is nothing to examine.
    init?(_ context: ViolationContext) {
        let stream = context.evidence.stream
        let frameOffset = context.offset(context.start)
        guard stream.offset <= frameOffset, frameOffset - stream.offset < UInt64(stream.bytes.count) else { return nil }
        self.context = context
        let start = Int(frameOffset - stream.offset)
        self.start = start
        fault = context.violation.map { Int(clamping: $0.offset &- stream.offset) } ?? stream.bytes.count
        let own = context.frame.map { LocatedFrame(header: $0.header, start: start) }
        let isMasked = context.sender.map { $0 == .client } ?? own?.header.isMasked ?? false
        let chains = FrameChains(
            bytes: stream.bytes, reachesEnd: stream.reachesEnd, isMasked: isMasked,
            extensions: context.evidence.extensions)
        self.chains = chains

        var suspects: [SuspectFrame] = []
        if let own { suspects.append(SuspectFrame(place: own, back: 0, cost: 0)) }
        var cost = 0
        for (index, place) in Self.earlierFrames(context.evidence, before: start).reversed().enumerated() {
            suspects.append(SuspectFrame(place: place, back: index + 1, cost: cost))
            cost += 2
            // If one before it is at fault, this one must have looked legal by chance.
            if place.start >= 0, case .whole(let bits, _, _) = chains.frame(at: place.start, .unknown) {
                cost += min(bits / 2, 20)
            }
        }
        self.suspects = suspects
    }

    /// Returns the last frames before the offending one, each of which ends where the next begins.
    private static func earlierFrames(_ evidence: Evidence, before start: Int) -> [LocatedFrame] {
        let bytes = evidence.stream.bytes
        var places: [LocatedFrame] = []
        if evidence.stream.offset == 0 {
            var at = 0
            while at < start, let place = LocatedFrame(at: at, in: bytes), place.end <= start {
                if places.count == 2 * maximumBack { places.removeFirst(maximumBack) }
                places.append(place)
                at = place.end
            }
            if at != start { places = [] }
        }
        if places.isEmpty {
            var end = start
            let records = evidence.earlierFrames + [evidence.lastGoodFrame].compactMap { $0 }
            for record in records.reversed() where record.header.isComplete {
                let distance = Int64(bitPattern: record.offset &- evidence.stream.offset)
                guard distance.magnitude < 1 << 60 else { break }
                let place = LocatedFrame(header: record.header, start: Int(distance))
                if place.start == end { continue }
                guard place.end == end, place.start >= 0 || places.isEmpty else { break }
                places.insert(place, at: 0)
                end = place.start
            }
        }
        return places.suffix(maximumBack)
    }

    /// Returns whether frames begin at both places as the stream is: what is between them is whole frames, which may
    /// well be repeated.
    func areFrames(_ lower: Int, _ upper: Int) -> Bool {
        func isBoundary(_ index: Int) -> Bool {
            index == start || suspects.contains { $0.place.start == index || $0.place.end == index }
        }
        return isBoundary(lower) && isBoundary(upper)
    }

    /// Returns the state of the message at a suspect's end, according to the last data frame up to there.
    func state(after suspect: SuspectFrame) -> FrameChains.MessageState {
        if suspect.place.header.opcode == .close { return .unknown }
        for place in suspects.drop(while: { $0.back < suspect.back }).map(\.place) {
            let header = place.header
            if !header.opcode.isControl { return header.isFinal ? .between : .inside }
            if place.start == 0, context.evidence.stream.offset == 0 { return .between }
        }
        return .unknown
    }

    /// Returns whether a suspect is text, or the continuation of a message that began as text.
    func isText(_ suspect: SuspectFrame) -> Bool {
        let message = suspects.drop { $0.back < suspect.back }.map(\.place.header).filter { !$0.opcode.isControl }
        guard !suspect.place.header.opcode.isControl, let first = message.first(where: { $0.opcode != .continuation })
        else { return false }
        return first.opcode == .text && first.reservedBits.isEmpty
    }
}
