import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Judges one stream chunk by chunk, and finds what people want to see around a violation: the bytes before and after
/// it, the last good frame, and what probably happened. This is the one place where a stream's validator is created
/// and fed.
///
/// There are two ways to feed it. ``feed(exchanging:onViolation:)`` is the quick one: no legal byte is read twice, and
/// nothing is recorded on the way. It keeps the last buffers, and the one in which the latest frame ended, with the
/// state of the validator before it: from these the last frames are found again when they are needed.
/// ``feed(_:of:onFrame:onViolation:onEvent:)`` goes from frame to frame, and shows each one.
final class StreamInspector {
    /// The most violations of a stream that are explained: later ones mostly follow from them.
    static let maximumDiagnosed = 8
    /// The most violations that wait for bytes after them.
    static let maximumPending = 4096

    private let origin: StreamOrigin
    private let policy: ContinuationPolicy
    let agreement: Agreement
    /// The number of bytes in the input before the stream.
    private let streamStart: UInt64
    var walk: FrameWalk
    let history: StreamHistory
    /// Assembles messages; nil if they are not wanted.
    let gatherer: MessageGatherer?
    /// The other direction of the conversation, which owns both.
    unowned var peer: StreamInspector?

    /// The violations that are not ready yet, in order.
    var pending: [PendingViolation] = []
    private var diagnosedCount = 0
    /// The masking keys of the frames that were seen.
    var keys = MaskingKeyCount()
    var lastGoodFrame: FrameRecord?
    /// The last frames, if each is shown. `earlierFrames.count <= StreamBytes.Reach.earlierFrames`
    var earlierFrames: [FrameRecord] = []
    /// The buffer in which the latest frame ended, and the validator before it.
    private var kept = Chunk(bytes: [], range: 0..<0)
    private var validatorBeforeKept: InflatingValidator
    private var keptIsSearched = true

    /// The stream's first Close, even if it came after a violation.
    private(set) var sentClose: SentClose?

    /// The first violation.
    private(set) var firstViolation: Violation?
    /// The counts at the first violation.
    private var firstFailure: StreamSummary?
    /// Whether nothing more is judged: a violation ended the stream, or nothing after missing bytes can be read.
    var isOver = false
    /// Whether no frame was found after the last missing bytes.
    var isLost = false
    /// Whether the stream continues, or may, after what is known of it.
    var isCut = false
    /// Whether bytes are missing at its very start, so that nothing was judged.
    var isBlind = false
    /// The number of bytes of the stream so far, judged or not, without those that are missing.
    var byteCount: UInt64 = 0
    /// The number of bytes that are missing, as far as it is known.
    var missingCount: UInt64 = 0
    /// Whether bytes are missing.
    var hasGap = false
    /// The search for the next frame after missing bytes; nil if there is none.
    var search: NextFrameSearch? {
        didSet { budget.searched += (search?.heldCount ?? 0) - (oldValue?.heldCount ?? 0) }
    }
    let budget: HistoryBudget

    init(
        origin: StreamOrigin, sender: Endpoint?, limits: Limits, agreement: Agreement, policy: ContinuationPolicy,
        streamStart: UInt64 = 0, budget: HistoryBudget, gatherer: MessageGatherer? = nil
    ) {
        self.origin = origin
        self.policy = policy
        self.agreement = agreement
        self.streamStart = streamStart
        self.gatherer = gatherer
        self.budget = budget
        history = StreamHistory(budget: budget)
        let validator = InflatingValidator(sender: sender, extensions: agreement.extensions, limits: limits)
        walk = FrameWalk(
            validator: validator, previews: policy.showsPayloads ? .all : .controlOnly, digests: policy.digests)
        validatorBeforeKept = validator
    }

    deinit {
        history.clear()
        budget.searched -= search?.heldCount ?? 0
    }

    /// The number of bytes of the stream so far, including those that are missing.
    var offset: UInt64 { byteCount &+ missingCount }
    var sender: Endpoint? { walk.validator.sender }
    var closeCode: CloseCode? { walk.validator.closeCode }
    /// The numbers of payload bytes of whole messages that were inflated, of bytes they inflated to, and of messages
    /// that could not be inflated.
    var inflation: (compressed: UInt64, inflated: UInt64, uninflated: UInt64) {
        let validator = walk.validator
        return (validator.compressedByteCount, validator.inflatedByteCount, validator.uninflatedMessageCount)
    }
    /// Whether violations wait for bytes after them.
    var isWaiting: Bool { !pending.isEmpty }
    /// The current frame of the stream.
    var unfinishedFrame: SeenFrame? { walk.unfinishedFrame }
    /// Returns the notice about what was assumed about permessage-deflate, if that mattered.
    func assumption(aboutCapture isCapture: Bool) -> Notice? {
        walk.validator.usedReservedBits ? agreement.notice(aboutCapture: isCapture) : nil
    }

    /// Receives a violation, the opcode of the frame that breaks the rule if its header is known, the position in the
    /// capture where it was found, and the violation as it will be reported, if it will be.
    typealias ViolationVisitor = (Violation, Opcode?, PacketPosition?, PendingViolation?) -> Void

    /// What a stream reports besides frames and violations.
    enum Event {
        /// A message has ended.
        case message(MessageFinding)
        /// Judging continues after missing bytes where a frame begins; this many bytes before it were skipped.
        case resumed(skipped: UInt64, PacketPosition?)
        /// No frame was found in this many bytes after the missing ones. They are not judged.
        case frameNotFound(UInt64)
    }

    // MARK: Feeding

    /// Judges the next bytes.
    ///
    /// - Parameters:
    ///   - chunk: its buffer may be exchanged for another one that is free.
    ///   - onViolation: receives each violation, as ``ViolationVisitor`` says.
    func feed(exchanging chunk: inout Chunk, onViolation: ViolationVisitor) {
        guard !chunk.isEmpty else { return }
        let start = history.end
        byteCount &+= UInt64(chunk.range.count)
        let before = walk.validator
        var closeIsAmongThem = false
        if !isOver {
            let bytes = chunk.bytes.span.extracting(chunk.range)
            if start == 0 { keys.look(at: bytes) }
            var validator = before
            do {
                try validator.consume(bytes)
                walk = FrameWalk(validator: validator, previews: walk.previews)
                closeIsAmongThem = validator.isClosed && !before.isClosed
            } catch {
                // Again, frame by frame.
                walk = FrameWalk(validator: before, previews: walk.previews)
                let whole = StreamPiece(range: 0..<bytes.count, packetPosition: nil)
                continueWalk(bytes, from: start, in: [whole], onFrame: { _ in }, onViolation: onViolation)
            }
            if walk.validator.frameCount != before.frameCount {
                validatorBeforeKept = before
                kept = chunk
                keptIsSearched = false
            }
        }
        history.append(exchanging: &chunk, keeping: wantedStart)
        if closeIsAmongThem, sentClose == nil {
            // A frame that began earlier is kept whole.
            let first = before.header.count > 0 ? before.frameOffset : start
            sentClose = SentClose(firstIn: history.bytes(from: first, to: history.end).0)
        }
        pass(walk.openFrameOffset)
    }

    /// The length up to which no frame of a stream needs to be remembered.
    static let wholeCount = UInt64(StreamBytes.Reach.before / 4)

    func remember(_ frame: FrameRecord) {
        if earlierFrames.count == StreamBytes.Reach.earlierFrames { earlierFrames.removeFirst() }
        earlierFrames.append(frame)
    }

    private var wantedStart: UInt64 { pending.first?.wantedStart ?? .max }

    /// Notes that the appended bytes were judged, and the offset of the frame that the stream is in.
    func pass(_ openFrame: UInt64?) {
        let unfinished = isOver ? nil : openFrame
        guard !pending.isEmpty else { return history.pass(frameOffset: unfinished, keeping: .max) }
        let count = pending.count > Self.maximumPending ? nil : pending.firstIndex { history.end < $0.wantedEnd }
        complete(count ?? pending.count, reachesEnd: false)
        history.pass(frameOffset: unfinished, keeping: wantedStart)
    }

    private func complete(_ count: Int, reachesEnd: Bool) {
        guard count > 0 else { return }
        for violation in pending.prefix(count) {
            violation.complete(with: history, reachesEnd: reachesEnd, agreement: agreement, peer: peer)
        }
        pending.removeFirst(count)
    }

    /// Stops waiting: violations are explained with what is known.
    func completePending() {
        complete(pending.count, reachesEnd: false)
    }

    /// Ends the stream at the end of the input.
    ///
    /// - Parameter isWhole: whether the stream ends as well; otherwise it may have continued.
    func finish(isWhole: Bool = true) -> StreamSummary {
        isCut = isCut || !isWhole
        complete(pending.count, reachesEnd: !isCut)
        var summary = firstFailure ?? makeSummary()
        summary.bytes = byteCount
        summary.missingBytes = hasGap ? missingCount : nil
        summary.sentCloseCode = sentClose?.code
        summary.sentCloseReason = sentClose?.reason
        summary.origin.sender = walk.validator.sender
        summary.isJudged = !isBlind
        return summary
    }

    /// Its compressed messages, to be reviewed; nil if there are none, if they were not inflated, or if something is
    /// known to be wrong.
    var compressionReview: CompressionReview? {
        guard firstViolation == nil, !isBlind, !hasGap, let sender, walk.validator.usedReservedBits,
            agreement.extensions.inflates
        else { return nil }
        return CompressionReview(history.whole, sender: sender, extensions: agreement.extensions)
    }

    /// What probably happened if the stream ends inside a frame that cannot be as its header says.
    var diagnosisOfUnfinishedFrame: Diagnosis? {
        guard firstViolation == nil, let frame = walk.unfinishedFrame, frame.record.header.isComplete,
            let bytes = history.unfinishedFrame(reachesEnd: !isCut)
        else { return nil }
        return Diagnosis.of(
            Evidence(
                cause: .unfinishedFrame(frame.record), sender: sender, stream: bytes,
                lastGoodFrame: walk.lastFrame ?? lastGoodFrame, earlierFrames: earlierFrames,
                peer: peer?.history.whole, extensions: agreement.extensions,
                offeredDeflate: agreement.wasOffered, isUnanswered: agreement.isUnanswered))
    }

    // MARK: Violations

    /// How far ``continueWalk(_:from:in:onFrame:onViolation:)`` got.
    struct WalkResult {
        /// The pieces that were judged: all of them, or those up to and including the one with a violation.
        var pieces: ArraySlice<StreamPiece>
        /// The offset of the frame that the stream is then in; nil between two frames.
        var openFrame: UInt64?
        /// The offset of the first frame that broke a rule; nil if none did.
        var brokenFrame: UInt64?
    }

    @discardableResult
    func continueWalk(
        _ bytes: Span<UInt8>, from offset: UInt64, in pieces: ArraySlice<StreamPiece>, onFrame: (SeenFrame) -> Void,
        onViolation: ViolationVisitor
    ) -> WalkResult {
        var walked = WalkResult(pieces: pieces)
        var (start, end) = (0, bytes.count)
        var cursor = PieceCursor(pieces)
        while start < end {
            do {
                try walk.read(bytes.extracting(start..<end), at: { cursor.packetPosition(of: start + $0) }) { frame in
                    if frame.record.header.opcode == .close, frame.isWhole, sentClose == nil {
                        sentClose = SentClose(frame.payload)
                    }
                    onFrame(frame)
                }
                start = end
            } catch {
                start = Int(truncatingIfNeeded: walk.validator.position &- offset)
                let packetPosition = cursor.packetPosition(of: max(start - 1, 0))
                walked.pieces = cursor.passed
                end = walked.pieces.range.count
                walked.brokenFrame = walked.brokenFrame ?? error.frameOffset
                let opcode = walk.unfinishedFrame?.record.header.opcode
                onViolation(error, opcode, packetPosition, note(error, packetPosition))
                guard policy.continues, walk.skipFrame() else {
                    isOver = true
                    return walked
                }
            }
        }
        walked.openFrame = walk.openFrameOffset
        return walked
    }

    /// - Returns: the violation as it will be reported; nil if it will not be.
    private func note(_ violation: Violation, _ packetPosition: PacketPosition?) -> PendingViolation? {
        let isFirst = firstViolation == nil
        if isFirst {
            firstViolation = violation
            firstFailure = makeSummary()
        }
        findLastGoodFrame()
        guard isFirst || policy.reportsAll else { return nil }
        var origin = origin
        origin.sender = walk.validator.sender
        let isDiagnosed = diagnosedCount < Self.maximumDiagnosed
        if isDiagnosed { diagnosedCount += 1 }
        let new = PendingViolation(
            ViolationFinding(
                origin: origin, violation: violation, streamStart: streamStart, context: [], contextOffset: 0,
                lastGoodFrame: lastGoodFrame, packetPosition: packetPosition),
            isDiagnosed: isDiagnosed, earlierFrames: earlierFrames)
        pending.append(new)
        return new
    }

    /// Searches the frames visited, then the buffer in which the latest frame ended. If neither has a good frame,
    /// none has ended since the last search.
    private func findLastGoodFrame() {
        if let frame = walk.lastFrame {
            lastGoodFrame = frame
        } else if !keptIsSearched {
            // Once is enough: it does not change, and in a stream of bad frames only it would be searched for each of
            // them.
            keptIsSearched = true
            lastGoodFrame = lastFrameOfKept ?? lastGoodFrame
        }
    }

    private var lastFrameOfKept: FrameRecord? {
        var walk = FrameWalk(validator: validatorBeforeKept, previews: .controlOnly)
        let kept = kept
        let bytes = kept.bytes.span.extracting(kept.range)
        var start = 0
        while start < bytes.count {
            let before = walk.validator.position
            do {
                try walk.read(bytes.extracting(start..<bytes.count), at: nil) { remember($0.record) }
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
            bytes: byteCount, isClosed: validator.isClosed, closeCode: validator.violation?.closeCode)
    }
}
