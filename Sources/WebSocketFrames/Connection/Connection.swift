/// One endpoint's side of an open connection: judges what the peer sends, hands it over, and writes what the protocol
/// itself demands: pongs, the closing handshake, and the Close that ends a connection in error.
///
/// It does no input or output. Bytes that arrive go through ``next(in:from:replies:)``; whatever must be sent is
/// appended to a buffer of any kind (``FrameOutput``), which the caller sends.
///
/// **It knows both sides**, ``ours`` and ``theirs``, **and how an error arrives says who is at fault.** A rule that the
/// peer breaks arrives as ``Event/violation(_:)``, answered with the rule's own code: 1002, 1007 or 1009. What this
/// side may not send is thrown as a ``SendError``, and nothing is written. Failures of this program, such as a handler
/// that throws or a resource that runs out, are passed to ``fail(_:to:)`` and answered with 1011.
public struct Connection: Sendable {
    // The order of the fields keeps those that a frame needs adjacent: the reader ends with the payload of the last
    // control frame.
    @usableFromInline var answers: Answers
    @usableFromInline var reader: FrameReader

    /// How close a connection is to its end (RFC 6455 §7.1).
    public enum State: UInt8, Sendable, Hashable {
        /// Both endpoints may send.
        case open
        /// This endpoint has sent its Close and waits for the peer's.
        case closing
        /// Nothing more is judged or sent. A server sends what is left, shuts down its writing side, and reads and
        /// discards what still arrives until the client is gone or a few seconds have passed: closing both sides at
        /// once, with bytes unread, makes TCP reset the connection, and the Close is lost. A client waits a moment for
        /// the server to do so (§7.1.1).
        case closed
    }

    /// The state of one of a connection's two streams.
    public enum Side: UInt8, Sendable, Hashable {
        /// Between two messages.
        case idle
        /// Inside a message.
        case inMessage
        /// After the Close.
        case closed
    }

    /// An event on the connection: something that has arrived.
    public enum Event: Sendable, Hashable {
        /// A piece of a message.
        case data(DataSlice)
        /// A ping. Its pong has been written.
        case ping(ControlFrame)
        /// A pong.
        case pong(ControlFrame)
        /// The peer's Close. It has been answered, unless it was the answer itself.
        case close(ControlFrame)
        /// The peer broke a rule. A Close that says so has been written, unless this endpoint had already sent one. It
        /// carries the rule's close code, and the rule's name as its reason.
        case violation(Violation)
        /// The peer sent more frames than this endpoint accepts. A Close has been written likewise, with 1008.
        case exceeded(CountLimits.Kind)
    }

    /// Creates a connection whose handshake has just ended.
    ///
    /// - Parameters:
    ///   - role: which endpoint this is: `.server` in a server.
    ///   - extensions: what the handshake agreed on.
    ///   - limits: how much this endpoint accepts; no limit by default.
    ///   - counts: how many frames it accepts; no limit by default.
    public init(
        role: Endpoint, extensions: AgreedExtensions = .none, limits: Limits = .none, counts: CountLimits = .none
    ) {
        self.init(role: role, extensions: extensions, limits: limits, counts: counts, inflates: false)
    }

    /// Creates a connection for a caller that may inflate messages itself.
    ///
    /// - Parameter inflates: the caller inflates messages with RSV1.
    package init(
        role: Endpoint, extensions: AgreedExtensions, limits: Limits, counts: CountLimits, inflates: Bool
    ) {
        reader = FrameReader(peer: role.peer, extensions: extensions, limits: limits, inflates: inflates)
        answers = Answers(FrameWriter(sender: role, extensions: extensions), limits: counts)
    }

    /// Which endpoint this is.
    public var role: Endpoint { answers.writer.sender }

    /// How close the connection is to its end.
    public var state: State { answers.isOver ? .closed : answers.writer.isClosed ? .closing : .open }

    /// The state of the stream that this endpoint sends.
    public var ours: Side {
        answers.writer.isClosed ? .closed : answers.writer.openMessage == nil ? .idle : .inMessage
    }

    /// The state of the stream that the peer sends.
    public var theirs: Side {
        reader.isClosed ? .closed : reader.machine.message == .none ? .idle : .inMessage
    }

    // MARK: - Receiving

    #if !hasFeature(Embedded)
        /// Consumes bytes from `index` on up to the next event.
        ///
        /// The caller may stop after any event and continue later. Once the connection is ``State-swift.enum/closed``,
        /// nothing more is judged: all further bytes are used up without an event.
        ///
        /// - Parameters:
        ///   - bytes: what was received; the payload of an event's slice is unmasked in place.
        ///   - index: the first unused byte, `0...bytes.count`; moved past the event.
        ///   - replies: where what must be sent is appended: at most one control frame for each event, 2…131 bytes.
        /// - Returns: nil if all bytes are used up and more are needed, or if the connection is closed.
        @inlinable @inline(__always)
        public mutating func next(
            in bytes: inout MutableSpan<UInt8>, from index: inout Int, replies: inout some FrameOutput
        ) -> Event? {
            guard let step = self.step(in: &bytes, from: &index) else { return nil }
            switch step {
            case .data(let slice): return .data(slice)
            case .ping:
                reader.controlPayload.withSpanInPlace { answers.writer.writePong($0, to: &replies) }
                return .ping(reader.controlFrame)
            case .pong: return .pong(reader.controlFrame)
            case .close, .violation, .exceeded:
                let event = event(of: step)
                if let reply = answers.reply(to: event) { answers.write(reply, to: &replies) }
                return event
            }
        }
    #endif

    /// Returns the next event; ``reply(to:)`` returns the answer, which must be sent.
    @inlinable @inline(__always)
    package mutating func nextEvent(in bytes: inout MutableSpan<UInt8>, from index: inout Int) -> Event? {
        guard let step = self.step(in: &bytes, from: &index) else { return nil }
        if case .data(let slice) = step { return .data(slice) }
        return event(of: step)
    }

    /// An event without the payload of a control frame, which is larger than everything else in it.
    @usableFromInline
    enum Step {
        case data(DataSlice)
        case ping, pong, close
        case violation(Violation)
        case exceeded(CountLimits.Kind)
    }

    /// Consumes bytes up to the next event; returns nil if all are used up.
    @inlinable @inline(__always)
    mutating func step(in bytes: inout MutableSpan<UInt8>, from index: inout Int) -> Step? {
        checkIndex(index, upTo: bytes.count)
        guard !answers.isOver else {
            index = bytes.count
            return nil
        }
        do throws(Violation) {
            switch try reader.next(in: &bytes, from: &index) {
            case nil: return nil
            case .data(let slice):
                return answers.hasTooManyFragments(with: slice) ? .exceeded(.fragments) : .data(slice)
            case .control:
                let opcode = reader.controlOpcode
                if answers.hasTooManyControlFrames(with: opcode) { return .exceeded(.controlFrames) }
                return opcode == .ping ? .ping : opcode == .pong ? .pong : .close
            }
        } catch {
            return .violation(error)
        }
    }

    @usableFromInline @inline(never)
    mutating func event(of step: Step) -> Event {
        switch step {
        case .violation(let violation): .violation(violation)
        case .exceeded(let kind): .exceeded(kind)
        case .data(let slice): .data(slice)
        case .ping: .ping(reader.controlFrame)
        case .pong: .pong(reader.controlFrame)
        case .close: .close(reader.controlFrame)
        }
    }

    /// Call this once, when the peer has closed its end of the socket.
    ///
    /// - Returns: true if the connection was already ``State-swift.enum/closed``: by the closing handshake, a violation
    ///   or ``fail(_:to:)``. Otherwise the peer vanished: an application sees 1006 (RFC 6455 §7.1.5).
    public mutating func endOfInput() -> Bool {
        defer { answers.isOver = true }
        return answers.isOver
    }
}

// For an API that has no output buffer, and its own source of masking keys.
extension Connection {
    /// Records that the last slice inflates to something that breaks a rule; returns that event.
    package mutating func fail(_ fault: InflatedFault) -> Event { .violation(reader.fail(fault)) }

    /// Returns what must be sent in answer to an event.
    package mutating func reply(to event: Event) -> ControlFrame? { answers.reply(to: event) }

    /// Returns the header of a control frame, which then counts as sent.
    ///
    /// - Throws: ``SendError/closed`` if the connection is over, and for a second Close.
    package mutating func header(
        _ control: ControlFrame, key: MaskingKey?
    ) throws(SendError) -> EncodedFrameHeader {
        if answers.isOver { throw .closed }
        return try answers.writer.header(control, key: key)
    }

    /// Returns the header of a control frame that ``reply(to:)`` or ``failing()`` returned.
    package mutating func header(ofReply control: ControlFrame, key: MaskingKey?) -> EncodedFrameHeader {
        // A second Close is never due, and no other reply can be refused.
        (try? answers.writer.header(control, key: key)) ?? EncodedFrameHeader()
    }

    /// Returns the header of a data frame, which then counts as sent.
    package mutating func header(
        _ part: MessagePart, payloadLength: UInt64, reservedBits: ReservedBits, key: MaskingKey?
    ) throws(SendError) -> EncodedFrameHeader {
        if answers.isOver { throw .closed }
        return try answers.writer.header(
            part, payloadLength: payloadLength, reservedBits: reservedBits, key: key)
    }

    /// Ends the connection because of an error on this side; returns the Close with 1011, or nil if a Close has
    /// already been sent.
    package mutating func failing() -> ControlFrame? {
        answers.lastWord(.closing(.internalError) ?? .close)
    }
}
