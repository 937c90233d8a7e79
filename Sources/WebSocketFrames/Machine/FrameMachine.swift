internal import FrameKernels

/// The one state machine: what is known about one endpoint's stream, and every transition.
///
/// Every API is a short loop over three operations:
///
///     judge a header            bytes in; done, "need more", or a broken rule
///     judge a piece of payload  bytes in; the same
///     end the frame             at once when its last payload byte has been judged
///
/// Invariants:
///
/// 1. A field is judged when its last byte arrives, never before and never later; so the verdict is the same however
///    the stream is cut.
/// 2. Of a header only the 14 bytes of ``header`` are kept, of a payload nothing but counts and `progress`.
/// 3. A rule is broken at most once: then `phase` is `.failed`, and nothing changes until `recover()`.
/// 4. No input traps: every sum that bytes can drive wraps or saturates, and every count is 64 bits wide.
struct FrameMachine: Sendable {
    // The fields that a whole frame needs come first and together: when many connections are read in turn, each cache
    // line has to be fetched.

    // Only the operations in these files change it.

    // MARK: Position in the stream

    /// The number of bytes judged so far; after a violation, up to and including the offending field.
    var position: UInt64 = 0
    /// The number of frames that have ended, control frames included.
    var frameCount: UInt64 = 0
    /// The number of messages that have ended. `messageCount <= frameCount`
    var messageCount: UInt64 = 0
    /// The total length that the frames of the open message have declared so far, the current one included; 0 if none
    /// is open.
    var messageLength: UInt64 = 0
    var limits: Limits
    var phase: Phase
    var progress = UTF8Progress.boundary
    var message = OpenMessage.none
    var marks = Marks()
    /// The extensions, as specified by the caller.
    let extensions: AgreedExtensions
    /// The sender; if the caller did not say, nil until the first MASK bit has arrived.
    var sender: Endpoint?

    // MARK: Position in the frame

    /// The number of payload bytes of the current frame that have not arrived. `remaining <= header.payloadLength`
    var remaining: UInt64 = 0
    /// The current frame's header as far as it has arrived; empty between frames.
    var header = EncodedFrameHeader()

    // MARK: Close and violation

    var brokenRule = Rule.reservedBits
    /// The code of the first Close; 0 if there is none, or it has no code.
    var closeCode: UInt16 = 0
    var offendingValue: UInt16 = 0

    /// - Parameter inflates: whether the machine's user inflates messages with RSV1, and limits their size.
    init(sender: Endpoint?, extensions: AgreedExtensions, limits: Limits, inflates: Bool = false) {
        self.sender = sender
        self.extensions = extensions
        self.limits = limits
        phase = sender == nil ? .header : .idle
        if inflates { marks.insert(.inflates) }
    }
}

// MARK: - Judging a header

extension FrameMachine {
    /// Consumes header bytes from `bytes[index...]` and judges every field that ends there.
    ///
    /// - Returns: true if the header is complete, and `phase` says what its payload is; false if more bytes are needed.
    @inline(__always)
    mutating func judgeHeader(_ bytes: Span<UInt8>, _ index: inout Int) throws(Broken) -> Bool {
        phase = .header
        if header.count == 0, bytes.count &- index >= 16 {
            return try judgeWholeHeader(bytes, &index)
        }
        return try judgeHeaderByBytes(bytes, &index)
    }

    /// The reference definition: one byte at a time; each field is judged with its last byte.
    private mutating func judgeHeaderByBytes(_ bytes: Span<UInt8>, _ index: inout Int) throws(Broken) -> Bool {
        while index < bytes.count {
            header.append(bytes[index])
            index &+= 1
            switch header.count {
            case 1: try judgeByte0()
            case 2: try judgeByte1()
            case header.lengthEnd: try judgeExtendedLength()
            default: break
            }
            if header.isComplete {
                beginPayload()
                return true
            }
        }
        return false
    }

    /// Judges a header that has arrived completely: it is loaded at once, and judged by the same rules in the same
    /// order.
    @inline(__always)
    private mutating func judgeWholeHeader(_ bytes: Span<UInt8>, _ index: inout Int) throws(Broken) -> Bool {
        let (low, high) = Kernels.load16(bytes, from: index)
        let start = index
        header = EncodedFrameHeader(low: low, high: high, count: 1)
        index = start &+ 1
        try judgeByte0()
        header = EncodedFrameHeader(low: low, high: high, count: 2)
        index = start &+ 2
        try judgeByte1()
        if header.lengthEnd > 2 {
            header = EncodedFrameHeader(low: low, high: high, count: header.lengthEnd)
            index = start &+ header.count
            try judgeExtendedLength()
        }
        header = EncodedFrameHeader(low: low, high: high, count: header.expectedCount)
        index = start &+ header.count
        beginPayload()
        return true
    }

    @inline(__always)
    var sequence: SequencePosition {
        SequencePosition(messageIsOpen: message != .none, isClosed: marks.contains(.closed))
    }

    @inline(__always)
    private mutating func judgeByte0() throws(Broken) {
        guard !marks.contains(.skipping) else { return }
        if let rule = HeaderRules.rule(brokenByByte0: header[0], extensions: extensions, sequence: sequence) {
            throw Broken(rule)
        }
        // A payload that another extension has changed as well is not inflated.
        if marks.contains(.inflates), header.reservedBits == .rsv1 { marks.insert(.inInflated) }
    }

    @inline(__always)
    private mutating func judgeByte1() throws(Broken) {
        let sender = self.sender ?? (header.isMasked ? .client : .server)
        self.sender = sender
        guard !marks.contains(.skipping) else { return }
        if let rule = HeaderRules.rule(brokenByByte1: header[1], opcode: header.opcode, sender: sender) {
            throw Broken(rule)
        }
        if header.lengthEnd == 2 { try judgeSize() }
    }

    private mutating func judgeExtendedLength() throws(Broken) {
        let broken = HeaderRules.rule(brokenByExtendedLength: header.payloadLength, lengthEnd: header.lengthEnd)
        // Without a known end there is nothing to skip to, so this rule is reported even for a frame that already
        // broke one.
        if let rule = broken, rule == .lengthOverflow || !marks.contains(.skipping) { throw Broken(rule) }
        if !marks.contains(.skipping) { try judgeSize() }
    }

    @inline(__always)
    private mutating func judgeSize() throws(Broken) {
        guard !header.opcode.isControl else { return }
        let length = header.payloadLength
        var limits = limits
        // The limit applies to the inflated size.
        if marks.contains(.inInflated) { limits.message = .max }
        if let rule = HeaderRules.rule(brokenByLength: length, before: messageLength, limits: limits) {
            throw Broken(rule)
        }
        if !marks.contains(.inInflated) { messageLength &+= length }
    }

    /// Ends a complete header: decides what its payload is.
    @inline(__always)
    mutating func beginPayload() {
        remaining = header.payloadLength
        phase = .payload
        if !header.reservedBits.isEmpty { marks.insert(.usedReservedBits) }
        if marks.contains(.skipping) { return beginSkipping() }
        switch header.opcode {
        case .text:
            message = header.reservedBits.isEmpty ? .text : .opaque
            progress = .boundary
        case .binary: message = .binary
        case .continuation: break
        case .close:
            progress = .boundary
            phase = remaining > 0 ? .closeCode : .closeReason
            return
        default: return
        }
        if message == .text { phase = .text }
    }

    /// Begins to skip the payload of a frame that broke a rule. If the frame opened a message, that message counts as
    /// open, or one fault would be reported again with every continuation.
    mutating func beginSkipping() {
        guard !header.opcode.isControl else { return }
        guard message != .none || !marks.contains(.outOfSequence) else { return }
        message = .opaque
        // The message is no longer judged as text, so none of its characters is pending.
        progress = .boundary
    }
}

// MARK: - Judging a payload

extension FrameMachine {
    /// Consumes payload bytes from `bytes[index...]`, judges them, and ends the frame with its last one.
    ///
    /// Afterwards the machine is ``isInHeader`` if the frame has ended, and is not if more bytes are needed.
    @inline(__always)
    mutating func judgePayload(_ bytes: Span<UInt8>, _ index: inout Int) throws(Broken) {
        if phase == .closeCode { try judgeCloseCode(bytes, &index) }
        let count = Int(truncatingIfNeeded: min(remaining, UInt64(truncatingIfNeeded: bytes.count &- index)))
        if phase == .text || phase == .closeReason {
            try judgeText(bytes.extracting(index..<(index &+ count)), &index)
        } else if phase == .payload {
            remaining &-= UInt64(truncatingIfNeeded: count)
            index &+= count
        }
        if remaining == 0 { try endFrame() }
    }

    private mutating func judgeCloseCode(_ bytes: Span<UInt8>, _ index: inout Int) throws(Broken) {
        let first = header.payloadLength
        while index < bytes.count, phase == .closeCode {
            let at = first &- remaining
            let byte = bytes[index] ^ (header.maskingKey?[at] ?? 0)
            index &+= 1
            remaining &-= 1
            offendingValue = offendingValue << 8 | UInt16(byte)
            guard at == 1 else { continue }
            if let rule = CloseRules.rule(brokenByCloseCode: CloseCode(rawValue: offendingValue)) { throw Broken(rule) }
            if !marks.contains(.closed) { closeCode = offendingValue }
            phase = .closeReason
        }
    }

    mutating func judgeText(_ piece: Span<UInt8>, _ index: inout Int) throws(Broken) {
        let start = header.payloadLength &- remaining
        let key = header.maskingKey?.repeated(from: start) ?? 0
        guard let fault = TextJudge.firstFault(in: piece, key: key, progress: &progress) else {
            remaining &-= UInt64(truncatingIfNeeded: piece.count)
            index &+= piece.count
            return
        }
        let at = start &+ UInt64(truncatingIfNeeded: fault)
        offendingValue = UInt16(piece[fault] ^ (header.maskingKey?[at] ?? 0))
        remaining &-= UInt64(truncatingIfNeeded: fault &+ 1)
        index &+= fault &+ 1
        progress = .boundary
        throw Broken(phase == .text ? .textNotUTF8 : .closeReasonNotUTF8)
    }

    /// Ends the frame, whose last byte has been judged.
    @inline(__always)
    private mutating func endFrame() throws(Broken) {
        if progress != .boundary, header.isFinal {
            // A fragment of text may end inside a character, but the message may not.
            offendingValue = 0
            if phase == .text { throw Broken(.textNotUTF8) }
            if phase == .closeReason { throw Broken(.closeReasonNotUTF8) }
        }
        finishFrame()
    }

    @inline(__always)
    mutating func finishFrame() {
        frameCount &+= 1
        if header.opcode.isControl {
            if header.opcode == .close { marks.insert(.closed) }
        } else if header.isFinal, !marks.contains(.outOfSequence) {
            messageCount &+= 1
            message = .none
            messageLength = 0
            marks.remove(.inInflated)
            // A message that could not be judged may have left a character pending.
            progress = .boundary
        }
        marks.subtract(.ofOneFrame)
        header = EncodedFrameHeader()
        phase = marks.isDisjoint(with: .ofNoFastPath) ? .idle : .header
    }

    /// Counts payload bytes that were found legal. This does not end the frame, even if no byte is left: the end has
    /// yet to be judged.
    @inline(__always)
    mutating func passPayload(_ count: Int, _ progress: UTF8Progress) {
        remaining &-= UInt64(truncatingIfNeeded: count)
        self.progress = progress
    }

    /// Counts fast-path frames that a kernel has accepted.
    @inline(__always)
    mutating func pass(_ result: wsk_result) {
        let state = result.state
        let isFresh = isInHeader || result.frames > 0
        frameCount &+= result.frames
        messageCount &+= result.messages
        message = OpenMessage(rawValue: state.open_kind) ?? .none
        messageLength = result.open_length
        progress = UTF8Progress(pendingLead: state.utf8_pending_lead)
        if state.kind == UInt8(WSK_NONE) {
            header = EncodedFrameHeader()
            remaining = 0
            phase = .idle
        } else {
            if isFresh { header = EncodedFrameHeader(low: result.low, high: result.high) }
            remaining = state.remaining
            phase = state.kind == UInt8(WSK_TEXT) ? .text : .payload
        }
    }

    /// Counts one whole frame of `count` bytes, accepted by a kernel, that begins, continues or interrupts a message.
    mutating func passFragment(_ word: HeaderWord, count: Int) {
        frameCount &+= 1
        advance(by: count)
        if word.opcode.isControl { return }
        if word.isFinal {
            messageCount &+= 1
            message = .none
            messageLength = 0
        } else {
            // A continuation leaves the message as it is.
            if word.opcode == .text { message = word.hasRSV1 ? .opaque : .text }
            if word.opcode == .binary { message = .binary }
            messageLength &+= UInt64(truncatingIfNeeded: word.payloadLength)
        }
    }

    /// Counts one whole frame of `count` bytes, accepted by a kernel while no message was open: unless it is a control
    /// frame, it is a message.
    @inline(__always)
    mutating func passSingle(isControl: Bool, count: Int) {
        frameCount &+= 1
        messageCount &+= isControl ? 0 : 1
        advance(by: count)
    }

    /// Adds to the number of bytes judged. The APIs call it once for each piece.
    @inline(__always)
    mutating func advance(by count: Int) {
        position &+= UInt64(truncatingIfNeeded: count)
    }
}
