internal import WebSocketFrames

/// The evidence, laid out for the patterns: indices instead of offsets, and the offending frame according to its
/// header.
struct ViolationContext {
    /// How many bytes are examined after the start of the offending frame: what the patterns do with a byte
    /// is bounded only by how many there are.
    static let maximumAfter = 8_192
    /// … and no more than these before it.
    static let maximumBefore = 1_024

    let evidence: Evidence
    /// The bytes around the offending frame, as they arrived.
    let bytes: [UInt8]
    /// The stream ends where `bytes` end.
    let reachesEnd: Bool
    /// The index of the offending frame's first byte: `start < bytes.count`. It is negative only where a long text is
    /// spoilt so far after the frame's start that the bytes are those around the fault.
    let start: Int
    /// Where `bytes` begin among the bytes of the evidence.
    let windowStart: Int
    /// The compressed message that the bytes are inflated from: its first byte's offset in the stream. Nil if the bytes
    /// are the stream's own.
    let messageOffset: UInt64?
    /// The rule that was broken; nil for a frame that never ended.
    let rule: Rule?
    /// The violation; nil for a frame that never ended.
    let violation: Violation?
    /// The offending frame, according to its header; nil if that is incomplete.
    let frame: FramePlace?
    /// The good frame that ends where the offending one begins; nil if there is none.
    let before: FramePlace?
    /// What stands where the offending frame ends when it is taken at its word.
    let step: ResumePoint
    /// The offending frame, taken at its word, ends with the stream, or legal frames follow it: the two ends are in
    /// step, and the fault is the frame's own.
    var isInStep: Bool { step.confirms }

    /// Nil if the evidence does not fit together.
    ///
    /// - Parameter messageOffset: where the message begins that the bytes are inflated from.
    init?(_ evidence: Evidence, inflatedFrom messageOffset: UInt64? = nil) {
        self.evidence = evidence
        self.messageOffset = messageOffset
        let frameOffset: UInt64
        var known: EncodedFrameHeader?
        switch evidence.cause {
        case .violation(let violation):
            frameOffset = violation.frameOffset
            rule = violation.rule
            self.violation = violation
            if violation.header.isComplete { known = violation.header }
        case .unfinishedFrame(let record):
            frameOffset = record.offset
            rule = nil
            violation = nil
            if record.header.isComplete { known = record.header }
        }
        guard let all = Self.index(of: frameOffset, in: evidence),
            let anchor = Self.anchor(frame: all, header: known, in: evidence)
        else { return nil }
        // Only a window is examined, however much was given.
        let lower = max(anchor - Self.maximumBefore, 0)
        let upper = min(anchor + Self.maximumAfter, evidence.bytes.count)
        windowStart = lower
        bytes = Array(evidence.bytes[lower..<upper])
        reachesEnd = evidence.reachesEnd && upper == evidence.bytes.count
        let start = all - lower
        self.start = start
        frame = known.map { FramePlace(header: $0, start: start) } ?? FramePlace(at: start, in: bytes)

        before = evidence.lastGoodFrame.flatMap { record in
            guard record.header.isComplete, let index = Self.index(of: record.offset, in: evidence) else { return nil }
            let place = FramePlace(header: record.header, start: index - lower)
            return place.end == start ? place : nil
        }
        step = Self.step(
            after: frame.map { FramePlace(header: $0.header, start: all) }, bytes: evidence.bytes,
            reachesEnd: evidence.reachesEnd, extensions: evidence.extensions)
    }

    var sender: Endpoint? { evidence.sender }

    /// The offset in the stream of the byte at an index.
    func offset(_ index: Int) -> UInt64 {
        switch evidence.cause {
        case .violation(let violation): violation.frameOffset &+ UInt64(bitPattern: Int64(index - start))
        case .unfinishedFrame(let record): record.offset &+ UInt64(bitPattern: Int64(index - start))
        }
    }

    /// `offset 1,024`: where the byte at an index stands.
    func place(_ index: Int) -> String {
        guard let messageOffset else { return "offset " + Wording.grouped(offset(index)) }
        guard let frame, index >= frame.payloadStart else { return "offset " + Wording.grouped(messageOffset) }
        return "byte " + Wording.grouped(index - frame.payloadStart) + " of the inflated message"
    }

    /// The index of the offending frame among all bytes of the stream that there are, not only those of the window.
    var startInStream: Int { start + windowStart }

    /// The offending frame among all these bytes; nil if its first byte is not one of them, or nothing is known of its header.
    var frameInStream: FramePlace? {
        guard startInStream >= 0 else { return nil }
        return frame.map { FramePlace(header: $0.header, start: startInStream) }
    }

    /// The bytes from the offending frame's first on.
    var head: ArraySlice<UInt8> { bytes[start...] }

    /// A header was found wrong: the bytes there may be no header at all.
    var isAtHeader: Bool {
        switch rule?.field {
        case .byte0, .byte1, .extendedLength, .length: true
        case .closeCode, .compressedPayload, .closeReason, .text, nil: false
        }
    }

    /// The stream ended inside the offending frame.
    var isUnfinished: Bool { violation == nil }

    /// The offending frame is the stream's first.
    var isFirstFrame: Bool {
        switch evidence.cause {
        case .violation(let violation): violation.frame == 0
        case .unfinishedFrame(let record): record.index == 0
        }
    }

    /// Where the offending byte of a payload stands; nil if it is not among the bytes, or the fault is no payload's.
    var faultIndex: Int? {
        guard let violation, !isAtHeader else { return nil }
        let distance = violation.offset &- violation.frameOffset
        guard distance <= 1 << 60 else { return nil }
        let index = start + Int(truncatingIfNeeded: distance)
        return (0...bytes.count).contains(index) ? index : nil
    }

    /// Whether a frame's whole payload is known.
    func isWhole(_ frame: FramePlace) -> Bool { frame.payloadStart >= 0 && frame.end <= bytes.count }

    /// The stream ends exactly at an index.
    func isEnd(_ index: Int) -> Bool { reachesEnd && index == bytes.count }

    /// Whether a frame that ended at that index would fit what follows: the stream's end, or frames that are legal from
    /// this sender.
    func landing(at index: Int) -> ResumePoint {
        guard index >= 0, index <= bytes.count else { return .outside }
        if index == bytes.count { return reachesEnd ? .end : .outside }
        let run = FrameRun(from: index, in: self)
        return run.frames > 0 || run.isCut ? .frames(run) : .nothing
    }

    /// The index of the byte at an offset; negative where it stands before all bytes, nil if that is absurdly far.
    private static func index(of offset: UInt64, in evidence: Evidence) -> Int? {
        let index = Int(truncatingIfNeeded: offset &- evidence.offset)
        return (-1 << 60...1 << 60).contains(index) ? index : nil
    }

    /// The index around which is looked: the frame's start; the fault's, where a text is spoilt far after it.
    private static func anchor(frame: Int, header: EncodedFrameHeader?, in evidence: Evidence) -> Int? {
        let bytes = evidence.bytes.indices
        let start = bytes.contains(frame) ? frame : nil
        guard header != nil, case .violation(let violation) = evidence.cause, violation.rule == .textNotUTF8,
            let fault = index(of: violation.offset, in: evidence), bytes.contains(fault),
            frame < 0 || fault - frame > maximumAfter
        else { return start }
        return fault
    }

    private static func step(
        after frame: FramePlace?, bytes: [UInt8], reachesEnd: Bool, extensions: AgreedExtensions
    ) -> ResumePoint {
        guard let frame, frame.end <= bytes.count else { return .outside }
        if frame.end == bytes.count { return reachesEnd ? .end : .outside }
        // The MASK bit may be what is wrong, here as well as in the frames after.
        let run = FrameRun(
            from: frame.end, in: bytes, sender: nil, extensions: extensions, reachesEnd: reachesEnd,
            takesBrokenText: true)
        return run.frames > 0 || run.isCut ? .frames(run) : .nothing
    }
}

/// What stands where a frame would have ended.
enum ResumePoint {
    /// The stream ends there.
    case end
    /// Legal frames, or the start of one.
    case frames(FrameRun)
    /// Something that is no legal frame.
    case nothing
    /// It is not among the bytes.
    case outside

    /// It confirms that a frame ended there.
    var confirms: Bool {
        switch self {
        case .end: true
        case .frames(let run): run.frames > 0
        case .nothing, .outside: false
        }
    }

    /// Two frames follow, or one that ends with the stream, or the stream ends: little else could be.
    var confirmsWell: Bool {
        switch self {
        case .end: true
        case .frames(let run): run.frames > 1 || run.isExact
        case .nothing, .outside: false
        }
    }
}
