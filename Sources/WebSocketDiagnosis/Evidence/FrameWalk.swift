public import WebSocketCaptures
public import WebSocketFrames

/// Walks through a stream frame by frame: judges it, and shows every frame.
///
/// It keeps no byte but those of an unfinished header and preview, and shows the same however the stream is cut.
public struct FrameWalk: Sendable {
    /// No more payload bytes than these are shown of a frame.
    public static let previewCount = 125

    /// Of which frames the first payload bytes are shown. Each preview is an array of its own.
    public enum Previews: Sendable, Hashable {
        /// Of every frame.
        case all
        /// Of Close, ping and pong: of these the whole payload. A data frame's ``SeenFrame/payload`` is empty.
        case controlOnly
    }

    /// Of which frames the first payload bytes are shown.
    public let previews: Previews

    /// The judge, as it stands.
    public private(set) var validator: InflatingValidator

    // What is asked for every frame is kept here: what a validator says of itself is read from a copy of it.

    private let inflates: Bool
    private var position: UInt64
    private var isSkipping: Bool
    /// The first byte of the frame that has begun and not ended, counted from the start of the stream; nil between two.
    public private(set) var openFrameOffset: UInt64?

    /// What messages carry is digested (``SeenFrame/message``); nil if that is not asked for.
    private var digester: MessageDigester?

    /// The last frame that ended without breaking a rule; nil while there is none.
    public private(set) var lastFrame: FrameRecord?

    /// The position of the current frame's first byte; meaningless between two frames.
    private var packetPosition: PacketPosition?
    /// The preview of the current frame, as far as it has arrived. `preview.count <= previewCount`
    private var preview: [UInt8] = []
    /// What that frame's payload was inflated to, likewise. `inflatedPreview.count <= previewCount`
    private var inflatedPreview: [UInt8] = []
    /// Payload bytes of the current frame that were not seen.
    private var missingCount: UInt64 = 0

    /// Begins a walk.
    ///
    /// - Parameters:
    ///   - validator: the judge. Where it stands inside a frame, that frame is shown without preview and
    ///     packetPosition.
    ///   - previews: the frames whose first payload bytes are shown.
    ///   - digests: whether ``SeenFrame/message`` is made. The validator must then stand between two messages.
    public init(validator: InflatingValidator, previews: Previews = .all, digests: Bool = false) {
        self.validator = validator
        self.previews = previews
        digester = digests ? MessageDigester() : nil
        inflates = validator.inflates
        position = validator.position
        isSkipping = validator.isSkipping
        openFrameOffset = validator.header.count > 0 ? validator.frameOffset : nil
    }

    /// Begins a walk in which nothing is inflated.
    public init(validator: FrameValidator, previews: Previews = .all) {
        self.init(validator: InflatingValidator(validator), previews: previews)
    }

    /// Judges the next bytes of the stream, and shows each frame that ends among them.
    ///
    /// A frame that breaks a rule is not shown, and neither is one that is skipped unjudged.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes.
    ///   - packetPosition: where in the capture they stand.
    ///   - visit: is given each frame as it ends.
    /// - Returns: ``openFrameOffset`` after them.
    /// - Throws: the first violation, when all frames before it have been shown. Go on after it as
    ///   `FrameValidator.skipFrame()` tells, with ``skipFrame()``.
    @discardableResult
    public mutating func read(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, _ visit: (SeenFrame) -> Void
    ) throws(Violation) -> UInt64? {
        if bytes.isEmpty, let violation = validator.violation { throw violation }
        var index = 0
        while index < bytes.count {
            let rest = bytes.extracting(index..<bytes.count)
            if isSkipping {
                defer { lookAtValidator() }
                index &+= try validator.consumeFrame(rest)
            } else {
                index &+= try walkFrame(rest, at: packetPosition, visit)
            }
        }
        return openFrameOffset
    }

    /// The validator has done more than go over a legal frame.
    private mutating func lookAtValidator() {
        position = validator.position
        isSkipping = validator.isSkipping
        openFrameOffset = validator.header.count > 0 ? validator.frameOffset : nil
    }

    /// Goes on after a violation: the rest of the frame is skipped, and not shown.
    ///
    /// - Returns: false when there is no violation, or when the frame's end cannot be known (`length-overflow`).
    public mutating func skipFrame() -> Bool {
        guard validator.skipFrame() else { return false }
        lookAtValidator()
        preview = []
        inflatedPreview = []
        missingCount = 0
        return true
    }

    /// Goes on after `count` bytes that were not seen, as `InflatingValidator.skipMissing(_:)` does. The
    /// frame is shown when it ends, and is not whole.
    ///
    /// - Returns: false if they may go beyond the current frame: then nothing changes.
    public mutating func skipMissing(_ count: UInt64, _ visit: (SeenFrame) -> Void) -> Bool {
        let header = validator.header
        let record = FrameRecord(index: validator.frameCount, offset: validator.frameOffset, header: header)
        let wasSkipping = isSkipping
        guard validator.skipMissing(count) else { return false }
        lookAtValidator()
        if wasSkipping { return true }
        missingCount &+= count
        if openFrameOffset == nil { endFrame(record, visit) }
        return true
    }

    /// Goes on with the first byte of a frame, as `InflatingValidator.resume(at:)` does.
    public mutating func resume(at position: UInt64) {
        validator.resume(at: position)
        lookAtValidator()
        lastFrame = nil
        preview = []
        inflatedPreview = []
        missingCount = 0
    }

    /// The frame that has begun and not ended, as far as it is known; nil between two frames, and in one that is passed
    /// over. At a violation it is the offending frame, up to and including the offending field.
    public var unfinishedFrame: SeenFrame? {
        let header = validator.header
        guard header.count > 0, !validator.isSkipping || validator.violation != nil else { return nil }
        let record = FrameRecord(index: validator.frameCount, offset: validator.frameOffset, header: header)
        let payloadCount =
            validator.position &- record.offset &- UInt64(truncatingIfNeeded: header.count) &- missingCount
        return SeenFrame(
            record: record, payload: preview, payloadCount: payloadCount, inflated: inflated(header), isWhole: false,
            packetPosition: packetPosition)
    }

    /// Judges bytes up to the end of the current frame, and shows it there.
    ///
    /// - Returns: how many bytes that were.
    @inline(__always)
    private mutating func walkFrame(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, _ visit: (SeenFrame) -> Void
    ) throws(Violation) -> Int {
        if openFrameOffset == nil {
            self.packetPosition = packetPosition
            digester?.beginFrame(bytes[0], uninflatedCount: validator.uninflatedMessageCount)
        }
        let step: FrameStep
        let room = previews == .all ? Self.previewCount &- inflatedPreview.count : 0
        var inflated: [UInt8] = []
        do {
            step = try takeStep(bytes, showing: &inflated, room)
        } catch {
            inflatedPreview += inflated
            noteViolation(bytes)
            throw error
        }
        position &+= UInt64(truncatingIfNeeded: step.count)
        openFrameOffset = step.isWhole ? nil : step.offset
        let header = step.header
        if !inflated.isEmpty { inflatedPreview += inflated }
        addPreview(of: header, bytes, step.headerCount..<step.count, from: step.payloadStart)
        digester?.add(bytes.extracting(step.headerCount..<step.count), of: header, from: step.payloadStart)
        if step.isWhole { endFrame(FrameRecord(index: step.index, offset: step.offset, header: header), visit) }
        return step.count
    }

    @inline(__always)
    private mutating func endFrame(_ record: FrameRecord, _ visit: (SeenFrame) -> Void) {
        let header = record.header
        lastFrame = record
        visit(
            SeenFrame(
                record: record, payload: preview, payloadCount: header.payloadLength &- missingCount,
                inflated: self.inflated(header), isWhole: missingCount == 0, packetPosition: packetPosition,
                message: digester?.ended(
                    with: header, inflates: inflates, uninflatedCount: validator.uninflatedMessageCount)))
        if !preview.isEmpty { preview = [] }
        if !inflatedPreview.isEmpty { inflatedPreview = [] }
        missingCount = 0
    }

    /// The frame that has begun breaks a rule in `bytes`: what was judged of its payload is still shown.
    private mutating func noteViolation(_ bytes: Span<UInt8>) {
        let start = position
        lookAtValidator()
        let header = validator.header
        let before = Int(clamping: start &- validator.frameOffset)
        let judged = Int(truncatingIfNeeded: position &- start)
        let headerCount = min(max(header.count &- before, 0), judged)
        addPreview(
            of: header, bytes, headerCount..<judged, from: UInt64(clamping: before &- header.count))
    }

    /// Has the bytes judged; digests what they inflate to if that is asked for, and shows the beginning of it.
    @inline(__always)
    private mutating func takeStep(
        _ bytes: Span<UInt8>, showing shown: inout [UInt8], _ room: Int
    ) throws(Violation) -> FrameStep {
        guard inflates else { return try validator.step(bytes) }
        var digest = digester?.inflated
        let step = try validator.step(bytes) { piece in
            digest?.add(piece)
            shown.append(piece, atMost: room &- shown.count)
        }
        if let digest { digester?.setInflated(digest) }
        return step
    }

    /// What the current frame has inflated to so far.
    @inline(__always)
    private func inflated(_ header: EncodedFrameHeader) -> InflatedPayload? {
        guard inflates, !header.opcode.isControl, let count = validator.frameInflatedCount else { return nil }
        return InflatedPayload(bytes: inflatedPreview, count: count)
    }

    /// Adds payload bytes to the preview, unmasked, as many as it still has room for.
    ///
    /// - Parameter start: the payload byte that stands first in `payload`, counted from the payload's start.
    @inline(__always)
    private mutating func addPreview(
        of header: EncodedFrameHeader, _ bytes: Span<UInt8>, _ payload: Range<Int>, from start: UInt64
    ) {
        guard previews == .all || header.opcode.isControl, !payload.isEmpty else { return }
        appendPreview(bytes.extracting(payload), from: start, key: header.maskingKey)
    }

    @inline(never)
    private mutating func appendPreview(_ payload: Span<UInt8>, from start: UInt64, key: MaskingKey?) {
        let known = preview.count
        let count = min(payload.count, Self.previewCount &- known)
        // What comes after a part that was not seen is no beginning.
        guard count > 0, start == UInt64(truncatingIfNeeded: known) else { return }
        preview.append(payload.extracting(first: count))
        var bytes = preview.mutableSpan
        key?.apply(to: &bytes, known..<(known &+ count), from: start)
    }
}
