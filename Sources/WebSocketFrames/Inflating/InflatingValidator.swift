internal import PerMessageDeflate

/// Judges the frames that one endpoint sent, as ``FrameValidator`` does, and, if asked to
/// (``AgreedExtensions/permessageDeflate(_:inflating:)``), inflates compressed messages to check that they are valid
/// DEFLATE (``Rule/invalidDeflate``), how large they are (``Rule/messageTooBig``), and that their text is UTF-8
/// (``Rule/textNotUTF8``).
///
/// ```swift
/// var validator = InflatingValidator(sender: .client, extensions: .permessageDeflate(.standard))
/// try validator.consume(received.span) { inflated in print(inflated.count) }
/// ```
///
/// A window is allocated for the first compressed message, and released after each message if there is no context
/// takeover (RFC 7692 §7.1.1). If nothing is inflated, this is a `FrameValidator` and as fast.
public struct InflatingValidator: Sendable {
    var frames: FrameValidator
    private let extensions: AgreedExtensions
    private let messageLimit: UInt64
    private var payload: PayloadInflater?
    private var message = Message.plain
    /// Whether the next message may refer to messages that were not seen or not inflated.
    private var missesMessages: Bool
    private var failure: Failure?
    /// The number of messages with RSV1 that could not be inflated, since they refer to others that were not seen or
    /// not inflated.
    public private(set) var uninflatedMessageCount: UInt64 = 0
    /// The number of payload bytes of all complete messages that were inflated.
    public private(set) var compressedByteCount: UInt64 = 0
    /// The number of bytes to which those messages inflated.
    public private(set) var inflatedByteCount: UInt64 = 0
    /// The number of bytes to which the payload of the last data frame has inflated so far; nil if it was not
    /// inflated.
    public private(set) var frameInflatedCount: UInt64?
    /// The number of inflated bytes in earlier frames of the same message.
    private var inflatedBeforeFrame: UInt64 = 0

    private enum Message {
        /// No message is open, or the open one is not compressed.
        case plain
        case inflating
        /// The open message is compressed, and no longer inflated.
        case skipped
    }

    /// A violation inside an inflated message, and the counts before it.
    private struct Failure {
        let violation: Violation
        let frameCount: UInt64
        let messageCount: UInt64
    }

    /// Creates a validator at the start of a stream.
    ///
    /// - Parameters:
    ///   - sender: who sends the stream; nil to infer it from the first frame's MASK bit.
    ///   - extensions: what the handshake agreed on, and whether compressed messages are to be inflated.
    ///   - limits: how much the receiver accepts; no limit by default. A compressed message is limited by its inflated
    ///     size.
    ///   - missingEarlierMessages: whether messages came before these bytes that were not seen: a compressed message
    ///     that refers to them is not judged.
    public init(
        sender: Endpoint?, extensions: AgreedExtensions = .none, limits: Limits = .none,
        missingEarlierMessages: Bool = false
    ) {
        frames = FrameValidator(
            sender: sender, extensions: extensions, limits: limits, inflates: extensions.inflates)
        self.extensions = extensions
        messageLimit = limits.message
        missesMessages = missingEarlierMessages
    }

    /// Continues at the position of `frames`, and inflates nothing.
    public init(_ frames: FrameValidator) {
        self.frames = frames
        extensions = .none
        messageLimit = .max
        missesMessages = false
    }

    /// Judges the next bytes of the stream, all of them.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes, as they arrived.
    ///   - inflated: receives what compressed messages inflate to, in order; ``isInflating`` and ``inflatedCount``
    ///     say which message it belongs to.
    /// - Throws: the stream's first ``Violation``, as soon as the last byte of the offending field arrives; the bytes
    ///   after it are not judged. Every later call throws the same violation again, until ``skipFrame()``.
    public mutating func consume(
        _ bytes: Span<UInt8>, _ inflated: (Span<UInt8>) -> Void = { _ in }
    ) throws(Violation) {
        guard extensions.inflates else { return try frames.consume(bytes) }
        var index = 0
        while index < bytes.count {
            index &+= try consumeFrame(bytes.extracting(index..<bytes.count), inflated)
        }
    }

    /// Judges the next bytes of the stream up to the end of the current frame. Pass the rest in the next call. `bytes`
    /// may be empty.
    /// - Returns: the number of bytes that were judged: all of them if the frame continues after them.
    /// - Throws: the stream's first ``Violation``, as ``consume(_:_:)`` does.
    public mutating func consumeFrame(
        _ bytes: Span<UInt8>, _ inflated: (Span<UInt8>) -> Void = { _ in }
    ) throws(Violation) -> Int {
        guard extensions.inflates else { return try frames.consumeFrame(bytes) }
        if let failure { throw failure.violation }
        if frames.isSkipping { return try followSkippedFrame(bytes) }
        var index = 0
        while index < bytes.count || frames.violation != nil {
            let rest = bytes.extracting(index..<bytes.count)
            if frames.header.isComplete {
                index &+= try consumePayload(rest, inflated)
            } else {
                index &+= try consumeHeader(rest)
            }
            if frames.header.count == 0 { break }
        }
        return index
    }

    /// Continues after a violation, as ``FrameValidator/skipFrame()`` does. If it was in an inflated message, the
    /// rest of that message is not inflated.
    public mutating func skipFrame() -> Bool {
        guard failure != nil else {
            guard frames.skipFrame() else { return false }
            // Whatever frame that was, it may have been part of a compressed message.
            if extensions.inflates { skipMessage() }
            return true
        }
        failure = nil
        skipMessage()
        endMessageIfNoneIsOpen()
        return true
    }

    /// Declares that the next `count` bytes of the stream are missing, as ``FrameValidator/skipMissing(_:)`` does. If
    /// they belong to a compressed message, the rest of it is not inflated, and later ones only if they do not refer
    /// to anything before them.
    ///
    /// - Returns: false, with nothing changed, if the bytes may extend beyond the current frame, or the validator is
    ///   between two frames, inside a header or at a violation. Find the next frame then, and continue with
    ///   ``resume(at:)``.
    public mutating func skipMissing(_ count: UInt64) -> Bool {
        let isControl = frames.header.opcode.isControl
        guard failure == nil, frames.skipMissing(count) else { return false }
        if message == .inflating, !isControl { leaveMessageUninflated() }
        if frames.header.count == 0 { endMessageIfNoneIsOpen() }
        return true
    }

    /// Continues at the first byte of a frame, after bytes that were missing or not judged, as
    /// ``FrameValidator/resume(at:)`` does. From then on only those compressed messages are inflated that do not
    /// refer to missing data.
    public mutating func resume(at position: UInt64) {
        guard failure == nil, frames.violation == nil else { return }
        frames.resume(at: position)
        message = .plain
        frameInflatedCount = nil
        missesMessages = extensions.inflates
        payload?.loseWindow()
    }
}

// MARK: - Frame by frame

extension InflatingValidator {
    private mutating func followSkippedFrame(_ bytes: Span<UInt8>) throws(Violation) -> Int {
        let count = try frames.consumeFrame(bytes)
        if !frames.isSkipping { endMessageIfNoneIsOpen() }
        return count
    }

    /// Consumes as much of a header as has arrived, and no byte of its payload.
    private mutating func consumeHeader(_ bytes: Span<UInt8>) throws(Violation) -> Int {
        let known = frames.header
        let wanted = known.count < 2 ? 1 : known.expectedCount &- known.count
        let count = min(wanted, bytes.count)
        var header = known
        for index in 0..<count { header.append(bytes[index]) }
        let ending = header.isComplete && header.payloadLength == 0 ? endingViolation(header) : nil
        try feed(bytes.extracting(0..<count), ending)
        if known.count == 0 {
            beginMessage(header)
            if !header.opcode.isControl {
                inflatedBeforeFrame = inflatedCount
                frameInflatedCount = isInflating ? 0 : nil
            }
        }
        if frames.header.count == 0 { endMessageIfNoneIsOpen() }
        return count
    }

    private mutating func consumePayload(
        _ bytes: Span<UInt8>, _ inflated: (Span<UInt8>) -> Void
    ) throws(Violation) -> Int {
        let header = frames.header
        let index = frames.position &- frames.frameOffset &- UInt64(truncatingIfNeeded: header.count)
        let remaining = header.payloadLength &- index
        let count = Int(truncatingIfNeeded: min(remaining, UInt64(truncatingIfNeeded: bytes.count)))
        let piece = bytes.extracting(0..<count)
        var ending: Violation?
        if message == .inflating, !header.opcode.isControl {
            try inflate(piece, header, from: index, inflated)
            if remaining == UInt64(truncatingIfNeeded: count) { ending = endingViolation(header) }
        }
        try feed(piece, ending)
        if frames.header.count == 0 { endMessageIfNoneIsOpen() }
        return count
    }

    private mutating func inflate(
        _ piece: Span<UInt8>, _ header: EncodedFrameHeader, from index: UInt64, _ inflated: (Span<UInt8>) -> Void
    ) throws(Violation) {
        let before = payload?.compressedCount ?? 0
        defer { if isInflating { frameInflatedCount = inflatedCount &- inflatedBeforeFrame } }
        do throws(InflateFault) {
            try payload?.inflate(piece, key: header.maskingKey, from: index, inflated)
        } catch {
            guard error.reason != .needsEarlierMessage else { return leaveMessageUninflated() }
            // One of the bytes just consumed reveals the fault.
            let place = Int(truncatingIfNeeded: error.offset &- before)
            let offset = frames.position &+ UInt64(truncatingIfNeeded: place)
            let violation = violation(error, header, offset: offset, length: 1)
            try feed(piece.extracting(0..<min(place &+ 1, piece.count)), violation)
        }
    }

    /// Returns the violation that the message must not end with this frame; nil if it does not end, or may.
    private mutating func endingViolation(_ header: EncodedFrameHeader) -> Violation? {
        guard message == .inflating, header.isFinal, !header.opcode.isControl else { return nil }
        let end = frames.frameOffset &+ UInt64(truncatingIfNeeded: header.count) &+ header.payloadLength
        let inflatedCount = payload?.inflatedCount ?? 0
        let compressedCount = payload?.compressedCount ?? 0
        do throws(InflateFault) {
            guard try payload?.endMessage() == true else {
                compressedByteCount &+= compressedCount
                inflatedByteCount &+= inflatedCount
                return nil
            }
            return violation(.textNotUTF8, header, offset: end, length: 0, value: 0, messageOffset: inflatedCount)
        } catch {
            return violation(error, header, offset: end, length: 0)
        }
    }

    /// Passes the frame validator bytes in which it finds no fault, and then fails if the message does.
    private mutating func feed(_ bytes: Span<UInt8>, _ violation: Violation?) throws(Violation) {
        let counted = (frames.frameCount, frames.messageCount)
        try frames.consume(bytes)
        guard let violation else { return }
        failure = Failure(violation: violation, frameCount: counted.0, messageCount: counted.1)
        throw violation
    }

    private func violation(
        _ fault: InflateFault, _ header: EncodedFrameHeader, offset: UInt64, length: Int
    ) -> Violation {
        switch fault.reason {
        case .refused:
            violation(
                .textNotUTF8, header, offset: offset, length: length, value: UInt16(payload?.refusedByte ?? 0),
                messageOffset: fault.messageOffset)
        case .tooBig: violation(.messageTooBig, header, offset: offset, length: length)
        default: violation(.invalidDeflate, header, offset: offset, length: length, deflateFault: fault.reason)
        }
    }

    private func violation(
        _ rule: Rule, _ header: EncodedFrameHeader, offset: UInt64, length: Int, value: UInt16 = 0,
        messageOffset: UInt64? = nil, deflateFault: InflateFault.Reason? = nil
    ) -> Violation {
        Violation(
            rule: rule, offset: offset, length: length, frame: frames.frameCount, frameOffset: frames.frameOffset,
            header: header, value: value, messageOffset: messageOffset, deflateFault: deflateFault)
    }
}

// MARK: - Message by message

extension InflatingValidator {
    /// Byte 0 is legal: a message with RSV1 may begin with it.
    private mutating func beginMessage(_ header: EncodedFrameHeader) {
        let opcode = header.opcode
        guard opcode == .text || opcode == .binary else { return }
        // A message that another extension has changed as well cannot be inflated.
        guard header.reservedBits == .rsv1, let deflate = extensions.deflate else { return }
        message = .inflating
        if let sender = frames.sender { beginInflating(sender, deflate, isText: opcode == .text) }
    }

    private mutating func beginInflating(_ sender: Endpoint, _ deflate: DeflateParameters, isText: Bool) {
        if payload == nil {
            payload = PayloadInflater(
                sender == .client ? deflate.client : deflate.server, messageLimit: messageLimit,
                isMasked: sender == .client, missingEarlierMessages: missesMessages)
        }
        payload?.beginMessage(isText: isText)
    }

    /// Stops inflating a message that refers to one that was not seen.
    private mutating func leaveMessageUninflated() {
        uninflatedMessageCount &+= 1
        frameInflatedCount = nil
        skipMessage()
    }

    private mutating func skipMessage() {
        message = .skipped
        missesMessages = true
    }

    private mutating func endMessageIfNoneIsOpen() {
        guard message != .plain, frames.state == .complete else { return }
        if message == .skipped { payload?.loseWindow() }
        message = .plain
        // Without context takeover, the window is not needed after the message.
        if let deflate = extensions.deflate, let sender = frames.sender {
            let context = sender == .client ? deflate.client : deflate.server
            if !context.takesOver { payload = nil }
        }
    }
}

// MARK: - What is known

extension InflatingValidator {
    /// Whether compressed messages are inflated, unless data that they refer to is missing.
    public var inflates: Bool { extensions.inflates }

    /// Whether the open message is compressed, and being inflated.
    public var isInflating: Bool { message == .inflating }

    /// The number of bytes to which the open message has inflated so far; 0 if none is being inflated.
    public var inflatedCount: UInt64 { isInflating ? payload?.inflatedCount ?? 0 : 0 }

    /// Whether the stream may end at this point.
    public var state: StreamState { failure == nil ? frames.state : .violation }

    /// The violation that ended the stream; nil if there is none.
    public var violation: Violation? { failure?.violation ?? frames.violation }

    /// Who sends the stream; if the caller did not say, nil until the first MASK bit has arrived.
    public var sender: Endpoint? { frames.sender }

    /// The number of bytes judged so far; after a violation, up to and including the offending field.
    public var position: UInt64 { frames.position }

    /// The number of frames that have ended, control frames included; after a violation, those before it.
    public var frameCount: UInt64 { failure?.frameCount ?? frames.frameCount }

    /// The number of messages that have ended; after a violation, those before it. Control frames are not messages.
    public var messageCount: UInt64 { failure?.messageCount ?? frames.messageCount }

    /// Whether a complete Close has arrived: only control frames may follow (RFC 6455 §5.5.1).
    public var isClosed: Bool { frames.isClosed }

    /// The code of the stream's first Close; nil if there is none, or it has no code.
    public var closeCode: CloseCode? { frames.closeCode }

    /// Whether some frame had a reserved bit set that belongs to an agreed extension.
    public var usedReservedBits: Bool { frames.usedReservedBits }

    /// The header of the current frame, as far as it has arrived; empty between two frames.
    public var header: EncodedFrameHeader { failure?.violation.header ?? frames.header }

    /// The offset of the current frame, or of the next one, in bytes from the start of the stream.
    public var frameOffset: UInt64 { failure?.violation.frameOffset ?? frames.frameOffset }

    /// Whether the current frame broke a rule and the rest of it is being skipped (see ``skipFrame()``).
    public var isSkipping: Bool { frames.isSkipping }
}
