/// One endpoint's side of an open connection: judges what the peer sends, hands it over, and writes what the protocol
/// itself demands: pongs, the closing handshake, and the Close that ends a connection that went wrong.
///
/// It does no input or output. Bytes that arrive go through ``next(in:from:replies:)``; whatever it has to say is
/// appended to a buffer that the caller sends.
///
/// **Who is at fault is told by which API an error comes through.** What the peer breaks comes as
/// ``Event/violation(_:)``, answered with the rule's own code: 1002, 1007 or 1009. What goes wrong on this side, a
/// handler that throws or a resource that runs out, is given to ``fail(_:replies:)`` and answered with 1011.
public struct Connection: Sendable {
    /// Who this endpoint is.
    public let role: Endpoint
    /// How far the connection is from its end.
    public private(set) var state = State.open

    private var reader: FrameReader
    private let writer: FrameWriter

    /// How far a connection is from its end (RFC 6455 §7.1).
    public enum State: UInt8, Sendable, Hashable {
        /// Both may send.
        case open
        /// This endpoint has sent its Close and waits for the peer's.
        case closing
        /// Nothing more is to be judged or said. A server sends what is left, shuts down its writing side, and reads and
        /// drops what still comes until the client is gone or a few seconds are over: closing both sides at once, with
        /// bytes unread, makes TCP reset the connection, and the Close is lost. A client waits a packetPosition for the server
        /// to do so (§7.1.1).
        case closed
    }

    /// What has arrived. ``Connection/controlFrame`` holds what a ping, pong or Close carries.
    public enum Event: Sendable, Hashable {
        /// A piece of a message.
        case data(DataSlice)
        /// A ping. Its pong has been written, unless this endpoint has sent its Close.
        case ping
        /// A pong.
        case pong
        /// The peer's Close. It has been answered, unless it was the answer itself.
        case close
        /// The peer broke a rule. The Close that tells it so has been written, unless this endpoint had sent one
        /// before. It carries the rule's close code, and the rule's name as its reason.
        case violation(Violation)
    }

    /// Creates a connection whose handshake has just ended.
    ///
    /// - Parameters:
    ///   - role: who this endpoint is: `.server` in a server.
    ///   - extensions: what the handshake agreed on.
    ///   - limits: how much this endpoint takes; no limit unless given.
    public init(role: Endpoint, extensions: AgreedExtensions = .none, limits: Limits = .none) {
        self.role = role
        reader = FrameReader(peer: role.peer, extensions: extensions, limits: limits)
        writer = FrameWriter(sender: role)
    }

    // MARK: - Receiving

    /// Takes bytes from `index` on up to the next event.
    ///
    /// The caller may stop after any event and go on later. After the peer's Close or a violation nothing more is
    /// looked at: all further bytes are used up without an event.
    ///
    /// - Parameters:
    ///   - bytes: what was received; the payload of an event's slice is unmasked in place.
    ///   - index: the first byte not yet used, `0...bytes.count`; moved after the event.
    ///   - replies: where what must be sent is appended: at most one control frame an event, 2…131 bytes.
    /// - Returns: nil when all bytes are used up and more are needed, or when the connection is closed.
    public mutating func next(
        in bytes: inout MutableSpan<UInt8>, from index: inout Int,
        replies: inout [UInt8]
    ) -> Event? {
        guard state != .closed else {
            index = bytes.count
            return nil
        }
        do {
            switch try reader.next(in: &bytes, from: &index) {
            case nil: return nil
            case .data(let slice): return .data(slice)
            case .control: return take(reader.controlFrame, replies: &replies)
            }
        } catch {
            close(error.closeCode, reason: error.rule.name, replies: &replies)
            state = .closed
            return .violation(error)
        }
    }

    /// The ping, pong or Close that the last event was about; a Close without a code while there was none.
    public var controlFrame: ControlFrame { reader.controlFrame }

    private mutating func take(
        _ frame: ControlFrame, replies: inout [UInt8]
    ) -> Event {
        switch frame.opcode {
        case .ping:
            if state == .open { writer.write(.pong(answering: frame), to: &replies) }
            return .ping
        case .close:
            // The answer repeats the code (§5.5.1).
            if state == .open { writer.write(frame.closeCode.flatMap { .close($0) } ?? .close, to: &replies) }
            state = .closed
            return .close
        default: return .pong
        }
    }

    /// The peer's end of the socket was closed. Tell it once.
    ///
    /// - Returns: true when the connection was ``State-swift.enum/closed`` by then: by the closing handshake, a
    ///   violation or ``fail(_:replies:)``. Otherwise the peer vanished: an application sees 1006 (RFC 6455 §7.1.5).
    public mutating func endOfInput() -> Bool {
        defer { state = .closed }
        return state == .closed
    }

    // MARK: - Sending

    /// Appends one data frame; see ``FrameWriter/write(_:_:isFinal:reservedBits:to:)-(_,Collection<UInt8>,_,_,_)``.
    ///
    /// - Parameters:
    ///   - opcode: `text` or `binary` for the first frame of a message, `continuation` for the others.
    ///   - payload: the frame's payload. Of a text message it is the caller's word that it is UTF-8.
    ///   - isFinal: this is the message's last frame.
    ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
    ///   - buffer: where the frame is appended.
    /// - Returns: false, and nothing is written, when this endpoint has sent its Close (RFC 6455 §5.5.1).
    @discardableResult
    public func send(
        _ opcode: Opcode, _ payload: some Collection<UInt8>, isFinal: Bool = true, reservedBits: ReservedBits = [],
        to buffer: inout [UInt8]
    ) -> Bool {
        guard state == .open else { return false }
        writer.write(opcode, payload, isFinal: isFinal, reservedBits: reservedBits, to: &buffer)
        return true
    }

    /// Appends one data frame whose payload lies in some buffer, as a slice that has just been handed over.
    ///
    /// - Parameters:
    ///   - opcode: `text` or `binary` for the first frame of a message, `continuation` for the others.
    ///   - payload: the frame's payload.
    ///   - isFinal: this is the message's last frame.
    ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
    ///   - buffer: where the frame is appended.
    /// - Returns: false, and nothing is written, when this endpoint has sent its Close (RFC 6455 §5.5.1).
    @discardableResult
    public func send(
        _ opcode: Opcode, _ payload: Span<UInt8>, isFinal: Bool = true, reservedBits: ReservedBits = [],
        to buffer: inout [UInt8]
    ) -> Bool {
        guard state == .open else { return false }
        writer.write(opcode, payload, isFinal: isFinal, reservedBits: reservedBits, to: &buffer)
        return true
    }

    /// The header of a frame whose payload the caller sends itself; see
    /// ``FrameWriter/header(_:payloadLength:isFinal:reservedBits:)``.
    ///
    /// - Parameters:
    ///   - opcode: `text` or `binary` for the first frame of a message, `continuation` for the others.
    ///   - payloadLength: bytes of payload that will follow, below 2⁶³.
    ///   - isFinal: this is the message's last frame.
    ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
    /// - Returns: nil when this endpoint has sent its Close: then no data may follow (RFC 6455 §5.5.1).
    public func header(
        _ opcode: Opcode, payloadLength: UInt64, isFinal: Bool = true, reservedBits: ReservedBits = []
    ) -> EncodedFrameHeader? {
        guard state == .open else { return nil }
        return writer.header(opcode, payloadLength: payloadLength, isFinal: isFinal, reservedBits: reservedBits)
    }

    /// Appends a ping or a pong.
    ///
    /// - Parameters:
    ///   - control: the ping or the pong.
    ///   - buffer: where it is appended, 2…131 bytes.
    /// - Returns: false, and nothing is written, when the connection is not open, or for a Close: that is what
    ///   ``close(_:reason:replies:)`` is for.
    @discardableResult
    public func send(_ control: ControlFrame, to buffer: inout [UInt8]) -> Bool {
        guard state == .open, control.opcode != .close else { return false }
        writer.write(control, to: &buffer)
        return true
    }

    // MARK: - Closing

    /// Begins the closing handshake. Goes on reading until the peer has answered.
    ///
    /// A code that must not be sent is replaced by no code at all. When this endpoint has sent its Close already,
    /// nothing is written.
    ///
    /// - Parameters:
    ///   - code: why the connection ends (RFC 6455 §7.4).
    ///   - reason: a text for logs. What goes beyond 123 bytes of UTF-8 is left out, between two characters.
    ///   - replies: where the Close is appended, 2…131 bytes.
    public mutating func close(
        _ code: CloseCode = .normalClosure, reason: String = "",
        replies: inout [UInt8]
    ) {
        guard state == .open else { return }
        writer.write(.close(code, reason: reason) ?? .close, to: &replies)
        state = .closing
    }

    /// Ends the connection because of an error on **this** side: Close with 1011. A ``Violation`` that comes this way
    /// is still the peer's, and closes with its own code (``CloseCode/init(answering:)``).
    ///
    /// The connection is ``State-swift.enum/closed`` afterwards. When this endpoint has sent its Close already, nothing
    /// is written.
    ///
    /// - Parameters:
    ///   - error: what went wrong. Nothing of it is reported to the peer but the code.
    ///   - replies: where the Close is appended, 4…8 bytes.
    public mutating func fail(_ error: any Error, replies: inout [UInt8]) {
        close(CloseCode(answering: error), replies: &replies)
        state = .closed
    }
}
