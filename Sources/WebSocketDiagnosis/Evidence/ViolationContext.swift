internal import WebSocketFrames

/// The evidence, prepared for the patterns: indices instead of offsets, and the offending frame as described by its
/// header.
struct ViolationContext {
    /// The number of bytes examined after the start of the offending frame, which bounds the work of the patterns.
    static let maximumAfter = 8_192
    /// The number of bytes examined before it.
    static let maximumBefore = 1_024

    let evidence: Evidence
    /// The bytes around the offending frame, as they arrived.
    let bytes: [UInt8]
    /// Whether the stream ends where `bytes` end.
    let reachesEnd: Bool
    /// The index of the offending frame's first byte: `start < bytes.count`. It is negative only if a long text is
    /// malformed so far after the frame's start that the bytes are those around the fault.
    let start: Int
    /// The index of the first of `bytes` among the bytes of the evidence.
    let windowStart: Int
    /// The offset in the stream of the compressed message that the bytes were inflated from. Nil if the bytes are the
    /// stream's own.
    let messageOffset: UInt64?
    /// The rule that was broken; nil for a frame that never ended.
    let rule: Rule?
    /// The violation; nil for a frame that never ended.
    let violation: Violation?
    /// The offending frame, according to its header; nil if that is incomplete.
    let frame: LocatedFrame?
    /// The good frame that ends where the offending one begins; nil if there is none.
    let before: LocatedFrame?
    /// What comes where the offending frame ends according to its header.
    let step: ResumePoint
    /// Whether the offending frame, as its header describes it, ends with the stream or is followed by legal frames:
    /// framing is intact, and the fault is the frame's own.
    var isInStep: Bool { step.confirms }

    /// Nil if the evidence is inconsistent.
    ///
    /// - Parameter messageOffset: the offset of the message that the bytes were inflated from.
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
        // Only a window is examined, however much was passed.
        let lower = max(anchor - Self.maximumBefore, 0)
        let upper = min(anchor + Self.maximumAfter, evidence.bytes.count)
        windowStart = lower
        bytes = Array(evidence.bytes[lower..<upper])
        reachesEnd = evidence.reachesEnd && upper == evidence.bytes.count
        let start = all - lower
        self.start = start
        frame = known.map { LocatedFrame(header: $0, start: start) } ?? LocatedFrame(at: start, in: bytes)

        before = evidence.lastGoodFrame.flatMap { record in
            guard record.header.isComplete, let index = Self.index(of: record.offset, in: evidence) else { return nil }
            let place = LocatedFrame(header: record.header, start: index - lower)
            return place.end == start ? place : nil
        }
        step = Self.step(
            after: frame.map { LocatedFrame(header: $0.header, start: all) }, bytes: evidence.bytes,
            reachesEnd: evidence.reachesEnd, extensions: evidence.extensions)
    }

    var sender: Endpoint? { evidence.sender }

    /// Returns the offset in the stream of the byte at an index.
    func offset(_ index: Int) -> UInt64 {
        switch evidence.cause {
        case .violation(let violation): violation.frameOffset &+ UInt64(bitPattern: Int64(index - start))
        case .unfinishedFrame(let record): record.offset &+ UInt64(bitPattern: Int64(index - start))
        }
    }

    /// Returns `offset 1,024`: the position of the byte at an index.
    func place(_ index: Int) -> String {
        guard let messageOffset else { return "offset " + Wording.grouped(offset(index)) }
        guard let frame, index >= frame.payloadStart else { return "offset " + Wording.grouped(messageOffset) }
        return "byte " + Wording.grouped(index - frame.payloadStart) + " of the inflated message"
    }

    /// The index of the offending frame among all available bytes of the stream, not only those of the window.
    var startInStream: Int { start + windowStart }

    /// The offending frame among all these bytes; nil if its first byte is not one of them, or nothing of its header
    /// is known.
    var frameInStream: LocatedFrame? {
        guard startInStream >= 0 else { return nil }
        return frame.map { LocatedFrame(header: $0.header, start: startInStream) }
    }

    /// The bytes from the offending frame's first on.
    var head: ArraySlice<UInt8> { bytes[start...] }

    /// Whether the fault is in a header: the bytes there may not be a header at all.
    var isAtHeader: Bool {
        switch rule?.field {
        case .byte0, .byte1, .extendedLength, .length: true
        case .closeCode, .compressedPayload, .closeReason, .text, nil: false
        }
    }

    /// Whether the stream ended inside the offending frame.
    var isUnfinished: Bool { violation == nil }

    /// Whether the offending frame is the stream's first.
    var isFirstFrame: Bool {
        switch evidence.cause {
        case .violation(let violation): violation.frame == 0
        case .unfinishedFrame(let record): record.index == 0
        }
    }

    /// The index of the offending byte of a payload; nil if it is not among the bytes, or if the fault is not in a
    /// payload.
    var faultIndex: Int? {
        guard let violation, !isAtHeader else { return nil }
        let distance = violation.offset &- violation.frameOffset
        guard distance <= 1 << 60 else { return nil }
        let index = start + Int(truncatingIfNeeded: distance)
        return (0...bytes.count).contains(index) ? index : nil
    }

    /// Returns whether a frame's whole payload is known.
    func isWhole(_ frame: LocatedFrame) -> Bool { frame.payloadStart >= 0 && frame.end <= bytes.count }

    /// Returns whether the stream ends exactly at an index.
    func isEnd(_ index: Int) -> Bool { reachesEnd && index == bytes.count }

    /// Returns what follows a frame that ends at that index: the stream's end, frames that are legal from this
    /// sender, or something else.
    func landing(at index: Int) -> ResumePoint {
        guard index >= 0, index <= bytes.count else { return .outside }
        if index == bytes.count { return reachesEnd ? .end : .outside }
        let run = FrameRun(from: index, in: self)
        return run.frames > 0 || run.isCut ? .frames(run) : .nothing
    }

    /// Returns the index of the byte at an offset; negative if it is before all bytes, nil if that is absurdly far.
    private static func index(of offset: UInt64, in evidence: Evidence) -> Int? {
        let index = Int(truncatingIfNeeded: offset &- evidence.offset)
        return (-1 << 60...1 << 60).contains(index) ? index : nil
    }

    /// Returns the index around which bytes are examined: the frame's start, or the fault's if a text is malformed
    /// far after it.
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
        after frame: LocatedFrame?, bytes: [UInt8], reachesEnd: Bool, extensions: AgreedExtensions
    ) -> ResumePoint {
        guard let frame, frame.end <= bytes.count else { return .outside }
        if frame.end == bytes.count { return reachesEnd ? .end : .outside }
        // The MASK bit may be at fault, here as well as in the frames after it.
        let run = FrameRun(
            from: frame.end, in: bytes, sender: nil, extensions: extensions, reachesEnd: reachesEnd,
            takesBrokenText: true)
        return run.frames > 0 || run.isCut ? .frames(run) : .nothing
    }
}

/// What comes where a frame would have ended.
enum ResumePoint {
    /// The stream ends there.
    case end
    /// Legal frames, or the start of one.
    case frames(FrameRun)
    /// Something that is not a legal frame.
    case nothing
    /// The index is not among the bytes.
    case outside

    /// Whether it confirms that a frame ended there.
    var confirms: Bool {
        switch self {
        case .end: true
        case .frames(let run): run.frames > 0
        case .nothing, .outside: false
        }
    }

    /// Whether two frames follow, or one that ends with the stream, or the stream ends: hardly anything else could be
    /// the case.
    var confirmsWell: Bool {
        switch self {
        case .end: true
        case .frames(let run): run.frames > 1 || run.isExact
        case .nothing, .outside: false
        }
    }
}
