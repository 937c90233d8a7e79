public import WebSocketCaptures
public import WebSocketFrames

/// Judges a stream frame by frame, and shows every frame.
///
/// It keeps no bytes except those of an unfinished header and preview, and shows the same frames however the stream
/// is cut.
public struct FrameWalk: Sendable {
    /// The most payload bytes that are shown of a frame.
    public static let previewCount = 125

    /// The frames whose first payload bytes are shown. Each preview is an array of its own.
    public enum Previews: Sendable, Hashable {
        /// Every frame.
        case all
        /// Close, ping and pong, with the whole payload. A data frame's ``SeenFrame/payload`` is empty.
        case controlOnly
    }

    /// The frames whose first payload bytes are shown.
    public let previews: Previews

    /// The current state of the validator.
    public private(set) var validator: InflatingValidator

    // What is needed for every frame is kept here, since reading a validator's properties copies it.

    private let inflates: Bool
    private var position: UInt64
    private var isSkipping: Bool
    /// The offset of the first byte of the frame that has begun and not ended, counted from the start of the stream;
    /// nil between two frames.
    public private(set) var openFrameOffset: UInt64?

    /// Digests the content of messages (``SeenFrame/message``); nil if that is not asked for.
    private var digester: MessageDigester?

    /// The last frame that ended without breaking a rule; nil if there is none yet.
    public private(set) var lastFrame: FrameRecord?

    /// The position of the current frame's first byte; meaningless between two frames.
    private var packetPosition: PacketPosition?
    /// The preview of the current frame, as far as it has arrived. `preview.count <= previewCount`
    private var preview: [UInt8] = []
    /// The beginning of what that frame's payload was inflated to. `inflatedPreview.count <= previewCount`
    private var inflatedPreview: [UInt8] = []
    /// The number of payload bytes of the current frame that are missing.
    private var missingCount: UInt64 = 0

    /// Creates a walk.
    ///
    /// - Parameters:
    ///   - validator: the validator. If it is inside a frame, that frame is shown without preview and packet
    ///     position.
    ///   - previews: the frames whose first payload bytes are shown.
    ///   - digests: whether to set ``SeenFrame/message``. The validator must then be between two messages.
    public init(validator: InflatingValidator, previews: Previews = .all, digests: Bool = false) {
        self.validator = validator
        self.previews = previews
        digester = digests ? MessageDigester() : nil
        inflates = validator.inflates
        position = validator.position
        isSkipping = validator.isSkipping
        openFrameOffset = validator.header.count > 0 ? validator.frameOffset : nil
    }

    /// Creates a walk in which nothing is inflated.
    public init(validator: FrameValidator, previews: Previews = .all) {
        self.init(validator: InflatingValidator(validator), previews: previews)
    }

    /// Judges the next bytes of the stream, and shows each frame that ends among them.
    ///
    /// A frame that breaks a rule is not shown, and neither is one that is skipped unjudged.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes.
    ///   - packetPosition: their position in the capture.
    ///   - visit: receives each frame as it ends.
    /// - Returns: ``openFrameOffset`` after these bytes.
    /// - Throws: the first violation, after all frames before it have been shown. Continue as described at
    ///   `FrameValidator.skipFrame()`, with ``skipFrame()``.
    @discardableResult
    public mutating func read(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, _ visit: (SeenFrame) -> Void
    ) throws(Violation) -> UInt64? {
        try read(bytes, at: { _ in packetPosition }, visit)
    }

    /// Judges the next bytes of the stream, which several packets may have carried.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes.
    ///   - packetPosition: returns the position of a byte in the capture, given its index in `bytes`. The indices it is
    ///     called with increase.
    ///   - visit: receives each frame as it ends.
    /// - Returns: ``openFrameOffset`` after these bytes.
    /// - Throws: the first violation, after all frames before it have been shown.
    @discardableResult
    public mutating func read(
        _ bytes: Span<UInt8>, at packetPosition: (Int) -> PacketPosition?, _ visit: (SeenFrame) -> Void
    ) throws(Violation) -> UInt64? {
        if bytes.isEmpty, let violation = validator.violation { throw violation }
        var index = 0
        while index < bytes.count {
            let rest = bytes.extracting(index..<bytes.count)
            if isSkipping {
                defer { lookAtValidator() }
                index &+= try validator.consumeFrame(rest)
                continue
            }
            if openFrameOffset == nil {
                self.packetPosition = packetPosition(index)
                digester?.beginFrame(rest[0], uninflatedCount: validator.uninflatedMessageCount)
            }
            index &+= try walkFrame(rest, visit)
        }
        return openFrameOffset
    }

    /// Takes over the validator's position and state, after it has done more than pass a legal frame.
    private mutating func lookAtValidator() {
        position = validator.position
        isSkipping = validator.isSkipping
        openFrameOffset = validator.header.count > 0 ? validator.frameOffset : nil
    }

    /// Continues after a violation: the rest of the frame is skipped, and not shown.
    ///
    /// - Returns: false if there is no violation, or if the frame's end cannot be known (`length-overflow`).
    public mutating func skipFrame() -> Bool {
        guard validator.skipFrame() else { return false }
        lookAtValidator()
        preview = []
        inflatedPreview = []
        missingCount = 0
        return true
    }

    /// Continues after `count` missing bytes, as `InflatingValidator.skipMissing(_:)` does. The frame is shown when
    /// it ends, marked as incomplete.
    ///
    /// - Returns: false, with nothing changed, if the bytes may extend beyond the current frame.
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

    /// Continues at the first byte of a frame, as `InflatingValidator.resume(at:)` does.
    public mutating func resume(at position: UInt64) {
        validator.resume(at: position)
        lookAtValidator()
        lastFrame = nil
        preview = []
        inflatedPreview = []
        missingCount = 0
    }

    /// The frame that has begun and not ended, as far as it is known; nil between two frames, and in one that is
    /// skipped. At a violation it is the offending frame, up to and including the offending field.
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

    /// Judges bytes up to the end of the current frame, and shows the frame when it ends.
    ///
    /// - Returns: the number of bytes judged.
    @inline(__always)
    private mutating func walkFrame(
        _ bytes: Span<UInt8>, _ visit: (SeenFrame) -> Void
    ) throws(Violation) -> Int {
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

    /// Adds to the preview the payload of `bytes` that was judged before the current frame broke a rule.
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

    /// Lets the validator judge the bytes; digests what they inflate to if that is asked for, and adds its beginning
    /// to the preview.
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

    /// The number of bytes to which the current frame has inflated so far.
    @inline(__always)
    private func inflated(_ header: EncodedFrameHeader) -> InflatedPayload? {
        guard inflates, !header.opcode.isControl, let count = validator.frameInflatedCount else { return nil }
        return InflatedPayload(bytes: inflatedPreview, count: count)
    }

    /// Adds payload bytes to the preview, unmasked, as many as fit.
    ///
    /// - Parameter start: the index of the first byte of `payload` within the frame's payload.
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
        // Bytes after a missing part do not belong to the beginning.
        guard count > 0, start == UInt64(truncatingIfNeeded: known) else { return }
        preview.append(payload.extracting(first: count))
        var bytes = preview.mutableSpan
        key?.apply(to: &bytes, known..<(known &+ count), from: start)
    }
}
