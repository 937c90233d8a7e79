public import PerMessageDeflate

/// A ``Connection`` for callers that want whole messages and can afford the memory: at most a given number of bytes,
/// allocated only as bytes arrive. If permessage-deflate was agreed, messages arrive inflated, and long ones are sent
/// compressed.
///
/// ```swift
/// var connection = MessageConnection(role: .server, limits: Limits(message: 1 << 20))
/// var output: [UInt8] = []
/// var bytes = received.mutableSpan
/// var index = 0
/// while let event = connection.next(in: &bytes, from: &index, replies: &output) {
///     guard case .message(let message) = event else { continue }  // All others have been answered.
///     try connection.send(message.kind, message.bytes, to: &output)
/// }
/// ```
public struct MessageConnection: Sendable {
    /// The underlying connection: its state, and both sides.
    public private(set) var connection: Connection

    private let limit: UInt64
    private let deflate: DeflateParameters?
    /// The payload of the open message, inflated; `gathered.count <= limit`.
    private var gathered: [UInt8] = []
    private var text = UTF8Progress.boundary
    private var isCompressed = false
    // Allocated for the first message that needs them, and kept if the next one may refer to them.
    private var inflater: MessageInflater?
    private var compressor: (any MessageCompressor & Sendable)?
    private let makeCompressor: @Sendable (DeflateContext) -> any MessageCompressor & Sendable

    /// An event on the connection: something that has arrived.
    public enum Event: Sendable, Hashable {
        /// A whole message, inflated if it was compressed.
        case message(Message)
        /// A ping. Its pong has been written.
        case ping(ControlFrame)
        /// A pong.
        case pong(ControlFrame)
        /// The peer's Close. It has been answered, unless it was the answer itself.
        case close(ControlFrame)
        /// The peer broke a rule; the Close has been written.
        case violation(Violation)
        /// The peer sent more frames than this endpoint accepts; the Close has been written, with 1008.
        case exceeded(CountLimits.Kind)
        /// A compressed message cannot be inflated, or inflates to something illegal; the Close has been written, with
        /// the code.
        case corrupt(MessageFault)
    }

    /// Creates a connection whose handshake has just ended.
    ///
    /// - Parameters:
    ///   - role: which endpoint this is: `.server` in a server.
    ///   - deflate: the agreed parameters of permessage-deflate; nil if it was not agreed.
    ///   - limits: how much this endpoint accepts. The limit on messages applies to their inflated size as well: a
    ///     longer one is answered with 1009 as soon as its declared or inflated length is known to exceed it.
    ///   - counts: how many frames this endpoint accepts; no limit by default.
    ///   - compressor: creates what compresses this endpoint's messages, from the agreed window and context takeover:
    ///     before the first one, or before each one if the context is not taken over.
    public init(
        role: Endpoint, deflate: DeflateParameters? = nil, limits: Limits, counts: CountLimits = .none,
        compressor: @escaping @Sendable (DeflateContext) -> any MessageCompressor & Sendable = { MessageDeflater($0) }
    ) {
        connection = Connection(
            role: role, extensions: deflate == nil ? .none : .permessageDeflate,
            limits: deflate == nil ? limits : Self.wireLimits(limits), counts: counts)
        limit = limits.message
        self.deflate = deflate
        makeCompressor = compressor
    }

    /// The limits on the wire if messages are compressed: DEFLATE makes incompressible data slightly longer, while
    /// the limit is on inflated bytes. A stored block costs five bytes (RFC 1951 §3.2.4), and the smallest ones that
    /// compressors emit when short of memory hold 127.
    private static func wireLimits(_ limits: Limits) -> Limits {
        let (longer, overflow) = limits.message.addingReportingOverflow(limits.message / 16 &+ 64)
        return Limits(frame: limits.frame, message: overflow ? .max : longer)
    }

    // MARK: - Receiving

    /// Consumes bytes from `index` on up to the next event; see ``Connection/next(in:from:replies:)``.
    public mutating func next(
        in bytes: inout MutableSpan<UInt8>, from index: inout Int, replies: inout some FrameOutput
    ) -> Event? {
        while let event = connection.next(in: &bytes, from: &index, replies: &replies) {
            switch event {
            case .data(let slice):
                do throws(MessageFault) {
                    try add(slice, bytes.span.extracting(slice.range))
                } catch {
                    let close = ControlFrame.closing(error.closeCode, error.name) ?? .close
                    if let close = connection.answers.lastWord(close) { connection.answers.write(close, to: &replies) }
                    return .corrupt(error)
                }
                guard slice.endsMessage else { continue }
                defer { gathered = [] }
                return .message(Message(opcode: slice.messageOpcode, isCompressed: false, bytes: gathered))
            case .ping(let frame): return .ping(frame)
            case .pong(let frame): return .pong(frame)
            case .close(let frame): return .close(frame)
            case .violation(let violation): return .violation(violation)
            case .exceeded(let kind): return .exceeded(kind)
            }
        }
        return nil
    }

    /// Call this once, when the peer has closed its end of the socket; see ``Connection/endOfInput()``.
    public mutating func endOfInput() -> Bool { connection.endOfInput() }

    private mutating func add(_ slice: DataSlice, _ payload: Span<UInt8>) throws(MessageFault) {
        if slice.beginsMessage {
            isCompressed = slice.header.reservedBits.contains(.rsv1)
        }
        guard isCompressed, let deflate else {
            // The machine has allowed uncompressed frames slightly beyond the limit.
            let room = limit &- UInt64(truncatingIfNeeded: gathered.count)
            guard UInt64(truncatingIfNeeded: payload.count) <= room else { throw .tooBig }
            Kernels.append(payload, to: &gathered)
            return
        }
        var inflater =
            self.inflater
            ?? MessageInflater(
                connection.role == .server ? deflate.client : deflate.server, messageLimit: limit)
        self.inflater = nil
        let isText = slice.messageOpcode == .text
        var isBroken = false
        do throws(InflateFault) {
            try inflater.inflate(payload) { piece in
                let fault = isText ? TextJudge.firstFault(in: piece, key: 0, progress: &text) : nil
                if fault != nil { isBroken = true } else { Kernels.append(piece, to: &gathered) }
                return fault
            }
            if slice.endsMessage { try inflater.endMessage() }
        } catch {
            throw isBroken ? .textNotUTF8 : error.reason == .tooBig ? .tooBig : .inflating(error)
        }
        if slice.endsMessage, isText, text != .boundary { throw .textNotUTF8 }
        // Without context takeover, the window is not needed after the message.
        if !slice.endsMessage || inflater.context.takesOver { self.inflater = inflater }
    }
}

/// A fault of a message whose frames are legal.
public enum MessageFault: Error, Sendable, Hashable {
    /// The message is longer than the limit, inflated or not (§10.4).
    case tooBig
    /// The message cannot be inflated (RFC 7692 §7.2.2).
    case inflating(InflateFault)
    /// The message is text, and inflates to bytes that are not UTF-8 (RFC 6455 §8.1).
    case textNotUTF8

    /// The code to close with: 1009 for a message that is too big, else 1007.
    public var closeCode: CloseCode { self == .tooBig ? .messageTooBig : .invalidPayload }

    /// The name of the broken rule, which becomes the reason of the Close.
    public var name: StaticString {
        switch self {
        case .tooBig: Rule.messageTooBig.entry.name
        case .inflating: Rule.invalidDeflate.entry.name
        case .textNotUTF8: Rule.textNotUTF8.entry.name
        }
    }
}

// MARK: - Sending

extension MessageConnection {
    /// Messages shorter than this many bytes are sent uncompressed: compression would hardly shorten them.
    public static let compressedFrom = 128

    /// Appends a whole message in one frame, compressed if that was agreed and it is long enough.
    ///
    /// - Throws: the reason why it may not be sent now; nothing is appended then.
    public mutating func send(
        _ kind: MessageKind, _ payload: Span<UInt8>, to output: inout some FrameOutput
    ) throws(SendError) {
        guard let deflate, payload.count >= Self.compressedFrom, connection.state == .open else {
            return try connection.send(.whole(kind), payload, to: &output)
        }
        let context = connection.role == .server ? deflate.server : deflate.client
        var compressor = self.compressor ?? makeCompressor(context)
        self.compressor = nil
        defer { if context.takesOver { self.compressor = compressor } }
        var compressed: [UInt8] = []
        compressor.compress(payload, endsMessage: true) { Kernels.append($0, to: &compressed) }
        guard compressed.count < payload.count else {
            // A message sent uncompressed does not enter the receiver's window (RFC 7692 §7.2.3).
            compressor.forget()
            return try connection.send(.whole(kind), payload, to: &output)
        }
        try connection.send(.whole(kind), compressed.span, reservedBits: .rsv1, to: &output)
    }

    /// Appends a whole message given as an array.
    public mutating func send(
        _ kind: MessageKind, _ payload: [UInt8], to output: inout some FrameOutput
    ) throws(SendError) {
        try send(kind, payload.span, to: &output)
    }

    /// Appends a text message.
    public mutating func send(text: String, to output: inout some FrameOutput) throws(SendError) {
        try send(.text, Array(text.utf8).span, to: &output)
    }

    /// Appends a ping, a pong or a Close; see ``Connection/send(_:to:)``.
    public mutating func send(_ control: ControlFrame, to output: inout some FrameOutput) throws(SendError) {
        try connection.send(control, to: &output)
    }

    /// Begins the closing handshake; see ``Connection/close(_:reason:to:)``.
    public mutating func close(
        _ code: CloseCode? = .normalClosure, reason: String = "", to output: inout some FrameOutput
    ) throws(SendError) {
        try connection.close(code, reason: reason, to: &output)
    }

    /// Ends the connection because of an error on this side; see ``Connection/fail(_:to:)``.
    public mutating func fail(_ error: any Error, to output: inout some FrameOutput) {
        connection.fail(error, to: &output)
    }
}

extension Message {
    /// Whether the message is text or binary.
    public var kind: MessageKind { opcode == .text ? .text : .binary }
}
