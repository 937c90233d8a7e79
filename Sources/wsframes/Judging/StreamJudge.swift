import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

/// Judges one stream piece by piece, and finds what a person wants to see around a violation: the bytes before and
/// after it, the last good frame, and what probably happened.
///
/// There are two ways to feed it. ``judge(_:)`` is the quick one: none of that may slow down the judging of legal bytes,
/// so nothing is written down on the way. Kept are the last bytes, and the piece in which a frame ended last, with the
/// validator as it stood before that piece: from the two the last frame can be found again when it is asked for. Memory
/// stays at two pieces. ``judge(_:at:see:)`` goes from frame to frame, and shows each one.
struct StreamJudge {
    /// How it is to be judged.
    struct Course {
        /// Tell of violations after the first one, where the frame's end is known.
        var tellsAll = false
        /// Go on to judge after a violation, whether or not it is reported.
        var goesOn = false
        /// Show what data frames carry.
        var showsPayloads = false
    }

    private let origin: StreamOrigin
    private let course: Course
    private let streamStart: UInt64
    private var walk: FrameWalk
    private var around: SurroundingBytes
    private var queue: ViolationQueue
    private let terms: ViolationQueue.Terms

    /// The masking keys of the frames that were seen.
    private(set) var keys = MaskingKeyCount()
    private var lastGoodFrame: FrameRecord?
    /// The piece in which a frame ended last, and the validator before it.
    private var kept = Piece.empty
    private var validatorBeforeKept: FrameValidator
    private var keptIsSearched = true

    /// Bytes of the stream, judged or not.
    private(set) var bytes: UInt64 = 0
    /// The first violation.
    private(set) var firstViolation: Violation?
    /// The counts as they stood at the first violation.
    private var firstFailure: StreamSummary?
    /// Nothing more is judged: a violation ended the stream, or bytes of it are missing.
    private(set) var isOver = false
    /// The stream goes on, or may, after what is known of it.
    private var isCut = false

    /// - Parameters:
    ///   - origin: the stream; its sender is told by the validator.
    ///   - streamStart: bytes of the input that stand before the stream.
    ///   - reach: how much is kept of the bytes around a violation.
    init(
        origin: StreamOrigin, validator: FrameValidator, course: Course, terms: ViolationQueue.Terms,
        streamStart: UInt64 = 0, reach: SurroundingBytes.Reach = .wide
    ) {
        self.origin = origin
        self.course = course
        self.streamStart = streamStart
        self.terms = terms
        around = SurroundingBytes(reach: reach, budget: terms.kept)
        queue = ViolationQueue(terms: terms)
        walk = FrameWalk(validator: validator, previews: course.showsPayloads ? .all : .controlOnly)
        validatorBeforeKept = validator
    }

    /// Judges the next piece.
    ///
    /// - Parameter piece: its buffer may be exchanged for another one that is free.
    /// - Returns: the violations of which all is known now.
    mutating func judge(_ piece: inout Piece) -> [ViolationFinding] {
        guard !piece.isEmpty else { return [] }
        if bytes == 0 { keys.look(at: piece.bytes.span.extracting(piece.range)) }
        let before = walk.validator
        judgeQuickly(piece.bytes.span.extracting(piece.range))
        if walk.validator.frameCount != before.frameCount {
            validatorBeforeKept = before
            kept = piece
            keptIsSearched = false
        }
        bytes &+= UInt64(piece.range.count)
        around.pass(taking: &piece, frameOffset: unfinishedOffset)
        return queue.takeWhole()
    }

    private mutating func judgeQuickly(_ piece: Span<UInt8>) {
        queue.extend(with: piece)
        guard !isOver else { return }
        let before = walk.validator
        var validator = before
        do {
            try validator.consume(piece)
            walk = FrameWalk(validator: validator, previews: walk.previews)
        } catch {
            // Once more, frame by frame.
            walk = FrameWalk(validator: before, previews: walk.previews)
            walkOn(piece, at: nil, see: { _ in }, meet: { _ in })
        }
    }

    /// Judges the next bytes from frame to frame.
    ///
    /// - Parameters:
    ///   - packetPosition: where in the capture the bytes stand.
    ///   - see: is shown each frame that ends among them.
    ///   - meet: is shown each violation that will be reported, in its place among the frames.
    /// - Returns: the violations of which all is known now.
    mutating func judge(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, see: (SeenFrame) -> Void,
        meet: (Violation) -> Void = { _ in }
    ) -> [ViolationFinding] {
        guard !bytes.isEmpty else { return [] }
        queue.extend(with: bytes)
        if !isOver {
            var keys = keys
            walkOn(
                bytes, at: packetPosition,
                see: { frame in
                    keys.see(frame.record.header)
                    see(frame)
                }, meet: meet)
            self.keys = keys
        }
        return pass(bytes)
    }

    /// Bytes of the stream are missing here: nothing after them is judged.
    ///
    /// - Returns: the violations that waited for those bytes.
    mutating func endHere() -> [ViolationFinding] {
        isOver = true
        isCut = true
        return queue.takeAll(reachesEnd: false)
    }

    /// The input is at its end.
    ///
    /// - Parameter isWhole: the stream is, too; else it may have gone on.
    mutating func end(isWhole: Bool = true) -> (violations: [ViolationFinding], summary: StreamSummary) {
        isCut = isCut || !isWhole
        var summary = firstFailure ?? makeSummary()
        summary.bytes = bytes
        summary.origin.sender = walk.validator.sender
        return (queue.takeAll(reachesEnd: !isCut), summary)
    }

    /// Nothing more is asked of it.
    mutating func release() { around.release() }

    var sender: Endpoint? { walk.validator.sender }
    var closeCode: CloseCode? { walk.validator.closeCode }
    var usedReservedBits: Bool { walk.validator.usedReservedBits }
    /// The frame in the middle of which the stream stands.
    var unfinishedFrame: SeenFrame? { walk.unfinishedFrame }

    /// What probably happened, where the stream ends inside a frame that cannot be as it says.
    var diagnosisOfUnfinishedFrame: Diagnosis? {
        guard firstViolation == nil, let frame = walk.unfinishedFrame, frame.record.header.isComplete else {
            return nil
        }
        let (bytes, offset, isWhole) = around.unfinishedFrame
        return Diagnosis.of(
            Evidence(
                cause: .unfinishedFrame(frame.record), sender: sender, bytes: bytes, offset: offset,
                reachesEnd: isWhole && !isCut, lastGoodFrame: walk.lastFrame ?? lastGoodFrame,
                extensions: terms.extensions,
                offeredDeflate: terms.offeredDeflate))
    }

    // MARK: - Violations

    private mutating func walkOn(
        _ piece: Span<UInt8>, at packetPosition: PacketPosition?, see: (SeenFrame) -> Void, meet: (Violation) -> Void
    ) {
        var start = 0
        while start < piece.count {
            do {
                try walk.read(piece.extracting(start..<piece.count), at: packetPosition, see)
                return
            } catch {
                let end = Int(truncatingIfNeeded: walk.validator.position &- around.position)
                if firstViolation == nil || course.tellsAll { meet(error) }
                note(error, at: end, of: piece, packetPosition)
                guard course.goesOn, walk.skipFrame() else {
                    isOver = true
                    return
                }
                start = end
            }
        }
    }

    private mutating func note(
        _ violation: Violation, at end: Int, of piece: Span<UInt8>, _ packetPosition: PacketPosition?
    ) {
        let isFirst = firstViolation == nil
        if isFirst {
            firstViolation = violation
            firstFailure = makeSummary()
        }
        findLastGoodFrame(before: violation)
        guard isFirst || course.tellsAll else { return }
        var origin = origin
        origin.sender = walk.validator.sender
        queue.add(
            ViolationFinding(
                origin: origin, violation: violation, streamStart: streamStart, context: [], contextOffset: 0,
                lastGoodFrame: lastGoodFrame, packetPosition: packetPosition),
            at: end, of: piece, with: around)
    }

    /// Looks at the frames walked over, then in the piece in which a frame ended last. When neither has a good frame, none
    /// has ended since the last time somebody asked.
    private mutating func findLastGoodFrame(before violation: Violation) {
        if let frame = walk.lastFrame {
            lastGoodFrame = frame
        } else if !keptIsSearched {
            // Once is enough: it does not change, and a stream of bad frames only would have it walked over for each.
            keptIsSearched = true
            lastGoodFrame = lastFrameOfKept ?? lastGoodFrame
        }
    }

    private var lastFrameOfKept: FrameRecord? {
        var walk = FrameWalk(validator: validatorBeforeKept, previews: .controlOnly)
        let piece = kept.bytes.span.extracting(kept.range)
        var start = 0
        while start < piece.count {
            let before = walk.validator.position
            do {
                try walk.read(piece.extracting(start..<piece.count), at: nil) { _ in }
                break
            } catch {
                start += Int(truncatingIfNeeded: walk.validator.position &- before)
                guard walk.skipFrame() else { break }
            }
        }
        return walk.lastFrame
    }

    private func makeSummary() -> StreamSummary {
        let validator = walk.validator
        var origin = origin
        origin.sender = validator.sender
        return StreamSummary(
            origin: origin, state: validator.state, frames: validator.frameCount, messages: validator.messageCount,
            bytes: bytes, isClosed: validator.isClosed, closeCode: validator.violation?.closeCode,
            sentCloseCode: validator.closeCode)
    }

    /// Where the frame begins in the middle of which the stream stands; nil between two frames.
    private var unfinishedOffset: UInt64? {
        isOver ? nil : walk.validator.header.count > 0 ? walk.validator.frameOffset : nil
    }

    /// The piece has been judged.
    private mutating func pass(_ piece: Span<UInt8>) -> [ViolationFinding] {
        around.pass(piece, frameOffset: unfinishedOffset)
        bytes &+= UInt64(piece.count)
        return queue.takeWhole()
    }
}
