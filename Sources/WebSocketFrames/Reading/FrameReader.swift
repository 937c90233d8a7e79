/// Judges the frames that a peer sends, unmasks their payloads in place and hands them over: the second API to the
/// machine, for servers and clients.
///
/// Pass it the bytes just received, in pieces of any size, and handle one event after the other:
///
/// ```swift
/// var reader = FrameReader(peer: .client)
/// var bytes = received.mutableSpan
/// var index = 0
/// while let event = try reader.next(in: &bytes, from: &index) {
///     switch event {
///     case .data(let slice): use(bytes, slice.range)
///     case .control: answer(reader.controlFrame)
///     }
/// }
/// ```
///
/// `nil` means that all bytes are used up and more are needed. The caller may stop after any event and continue
/// later: bytes before `index` are done with, those after it untouched. Rules, offsets and violations are those of
/// ``FrameValidator``; all frames before the offending one have been handed over by then.
///
/// Callers that never stop early can pass all bytes to ``read(_:data:control:)``, which hands over the same and is
/// faster.
///
/// Nothing is allocated, and no data payload is stored; a control frame that arrives in pieces is collected in the
/// reader itself.
public struct FrameReader: Sendable {
    var machine: FrameMachine
    @usableFromInline var controlOpcode = Opcode.close
    @usableFromInline var controlPayload = ControlPayload()

    /// Creates a reader at the start of a stream.
    ///
    /// - Parameters:
    ///   - peer: who sends the stream: `.client` in a server.
    ///   - extensions: what the handshake agreed on.
    ///   - limits: how much this endpoint accepts; no limit by default.
    public init(peer: Endpoint, extensions: AgreedExtensions = .none, limits: Limits = .none) {
        machine = FrameMachine(sender: peer, extensions: extensions, limits: limits)
    }

    /// Creates a reader for a caller that may inflate messages itself.
    ///
    /// - Parameter inflates: whether the caller inflates messages with RSV1 and limits their inflated size; the
    ///   reader then does not limit them.
    package init(peer: Endpoint, extensions: AgreedExtensions, limits: Limits, inflates: Bool) {
        machine = FrameMachine(sender: peer, extensions: extensions, limits: limits, inflates: inflates)
    }

    /// Judges bytes from `index` on up to the next event, unmasking the payload among them in place.
    ///
    /// - Parameters:
    ///   - bytes: what was received. The payload of the event's slice is unmasked in place; nothing else is changed.
    ///     After a violation in a payload, some of its bytes may have been unmasked although no event hands them over.
    ///   - index: the first unused byte, `0...bytes.count`; moved past the event.
    /// - Returns: the event; nil if all bytes are used up and more are needed.
    /// - Throws: the stream's first ``Violation``; from then on every call throws it again.
    @inlinable @inline(__always)
    public mutating func next(
        in bytes: inout MutableSpan<UInt8>, from index: inout Int
    ) throws(Violation) -> FrameEvent? {
        checkIndex(index, upTo: bytes.count)
        // A caller that handles one event at a time calls once more after the last byte.
        if index == bytes.count {
            try checkHasNotFailed()
            return nil
        }
        let single = unmaskSingleFrame(&bytes, from: index)
        if single.count > 0 {
            let payload = single.payload(from: index)
            index &+= single.count
            guard single.header.opcode.isControl else {
                return .data(DataSlice(header: single.header.header, range: payload, continuing: single.message))
            }
            noteControlFrame(single.header.opcode, bytes.span.extracting(payload))
            return .control
        }
        return try nextOfAnyKind(in: &bytes, from: &index)
    }

    @usableFromInline @inline(never)
    mutating func checkHasNotFailed() throws(Violation) {
        if machine.phase == .failed { throw machine.failAgain() }
    }

    /// Returns the next event, unless it is one whole frame that a kernel accepts on its own.
    @usableFromInline @inline(never)
    mutating func nextOfAnyKind(
        in bytes: inout MutableSpan<UInt8>, from index: inout Int
    ) throws(Violation) -> FrameEvent? {
        try checkHasNotFailed()
        while index < bytes.count {
            let start = index
            let open = messageOpcode
            if let header = machine.unmaskFastPathFrame(&bytes, &index) {
                machine.advance(by: index &- start)
                let payload = (start &+ header.count)..<index
                guard header.opcode.isControl else {
                    let slice = DataSlice(
                        header: header, range: payload, continuing: open, endsFrame: machine.isInHeader)
                    return .data(slice)
                }
                noteControlFrame(header.opcode, bytes.span.extracting(payload))
                return .control
            }
            do throws(FrameMachine.Broken) {
                let event = try step(in: &bytes, from: &index)
                machine.advance(by: index &- start)
                if let event { return event }
            } catch {
                machine.advance(by: index &- start)
                throw machine.fail(error)
            }
        }
        return nil
    }

    /// Handles one frame, or the part of it that has arrived. Never inlined, to keep the path of fast-path frames
    /// short.
    @inline(never)
    private mutating func step(
        in bytes: inout MutableSpan<UInt8>, from index: inout Int
    ) throws(FrameMachine.Broken) -> FrameEvent? {
        let beginsFrame = machine.isInHeader
        if beginsFrame {
            guard try machine.judgeHeader(bytes.span, &index) else { return nil }
        }
        // The machine forgets the frame when it ends, so whatever is needed later is copied now.
        let header = machine.header
        let messageOpcode = messageOpcode
        let payloadOffset = machine.payloadPosition
        let start = index
        machine.unmaskFastPathText(&bytes, &index)
        let masked = index
        try machine.judgePayload(bytes.span, &index)
        let endsFrame = machine.isInHeader
        if let key = header.maskingKey {
            key.apply(to: &bytes, masked..<index, from: payloadOffset &+ UInt64(truncatingIfNeeded: masked &- start))
        }

        guard header.opcode.isControl else {
            return .data(
                DataSlice(
                    header: header, range: start..<index, payloadOffset: payloadOffset, messageOpcode: messageOpcode,
                    beginsFrame: beginsFrame, endsFrame: endsFrame))
        }
        if beginsFrame { beginControlFrame(header.opcode) }
        controlPayload.append(bytes.span.extracting(start..<index))
        return endsFrame ? .control : nil
    }

    /// The kind of the open message; text if none is open.
    @inline(__always)
    var messageOpcode: Opcode { machine.message == .binary ? .binary : .text }

    @usableFromInline
    mutating func noteControlFrame(_ opcode: Opcode, _ payload: Span<UInt8>) {
        beginControlFrame(opcode)
        controlPayload.append(payload)
    }

    private mutating func beginControlFrame(_ opcode: Opcode) {
        controlOpcode = opcode
        controlPayload = ControlPayload()
    }
}

extension FrameReader {
    /// The Close, ping or pong that the last ``FrameEvent/control`` was about; before the first one, a Close without a
    /// code.
    public var controlFrame: ControlFrame { ControlFrame(opcode: controlOpcode, payload: controlPayload) }

    /// Whether the stream may end at this point.
    public var state: StreamState { machine.state }

    /// The violation that ended the stream; nil if there is none.
    public var violation: Violation? { machine.violation }

    /// The number of bytes judged so far; after a violation, up to and including the offending field.
    public var position: UInt64 { machine.position }

    /// The number of frames that have ended, control frames included.
    public var frameCount: UInt64 { machine.frameCount }

    /// The number of messages that have ended. Control frames are not messages.
    public var messageCount: UInt64 { machine.messageCount }

    /// Whether a complete Close has arrived: only control frames may follow (RFC 6455 §5.5.1).
    public var isClosed: Bool { machine.marks.contains(.closed) }
}
