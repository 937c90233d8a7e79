/// Writes the frames of one endpoint in such a way that ``FrameValidator`` finds no fault in them: what it would
/// refuse either cannot be expressed or is thrown as a ``SendError``.
///
/// Each frame of a client is masked with a fresh key, a server's frames are not masked, and lengths are in the
/// shortest form; the writer knows whether a message is open and whether its Close has been sent. Only that text is
/// UTF-8 is left to the caller.
///
/// ```swift
/// var writer = FrameWriter(sender: .server)
/// var output: [UInt8] = []
/// try writer.write(text: "Hello", to: &output)
/// try writer.write(.first(.binary), received.span, to: &output)
/// try writer.write(.close, to: &output)
/// ```
public struct FrameWriter: Sendable {
    /// Who sends the frames.
    public let sender: Endpoint
    /// The extensions that the handshake agreed on.
    public let extensions: AgreedExtensions
    /// The message that has begun and not ended; nil if none is open.
    public private(set) var openMessage: MessageKind?
    /// Whether the Close has been sent: only pings and pongs may follow (RFC 6455 §5.5.1).
    public private(set) var isClosed = false

    /// Creates a writer at the start of a stream.
    ///
    /// - Parameters:
    ///   - sender: who sends the frames: this endpoint.
    ///   - extensions: what the handshake agreed on.
    public init(sender: Endpoint, extensions: AgreedExtensions = .none) {
        self.sender = sender
        self.extensions = extensions
    }

    /// Returns the header of a data frame whose payload the caller sends, for payloads that should not be copied.
    ///
    /// - Parameters:
    ///   - part: which part of its message the frame is.
    ///   - payloadLength: bytes of payload that will follow, below 2⁶³.
    ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
    ///   - key: what the caller masks the payload with; nil for a server.
    /// - Returns: the header, 2…14 bytes.
    public mutating func header(
        _ part: MessagePart, payloadLength: UInt64, reservedBits: ReservedBits = [], key: MaskingKey?
    ) throws(SendError) -> EncodedFrameHeader {
        precondition((key != nil) == (sender == .client), "a client masks what it sends, a server does not")
        let byte0 = part.byte0 | reservedBits.rawValue
        let sequence = SequencePosition(messageIsOpen: openMessage != nil, isClosed: isClosed)
        if let rule = HeaderRules.rule(brokenByByte0: byte0, extensions: extensions, sequence: sequence) {
            throw SendError(rule)
        }
        guard payloadLength >> 63 == 0 else { throw .tooLong }
        switch part {
        case .first(let kind): openMessage = kind
        case .whole, .last: openMessage = nil
        case .middle: break
        }
        return EncodedFrameHeader(
            opcode: Opcode(rawValue: byte0), isFinal: byte0 & 0x80 != 0, reservedBits: reservedBits,
            payloadLength: payloadLength, maskingKey: key)
    }

    /// Returns the header of a control frame, which then counts as sent.
    @usableFromInline
    mutating func header(_ control: ControlFrame, key: MaskingKey?) throws(SendError) -> EncodedFrameHeader {
        if control.opcode == .close {
            guard !isClosed else { throw .closed }
            isClosed = true
        }
        return EncodedFrameHeader(
            opcode: control.opcode, payloadLength: UInt64(truncatingIfNeeded: control.payload.count), maskingKey: key)
    }
}

#if !hasFeature(Embedded)
    extension FrameWriter {
        /// Returns the header of a data frame whose payload the caller sends, masked with the header's
        /// ``EncodedFrameHeader/maskingKey`` if it has one (``MaskingKey/apply(to:_:from:)``).
        ///
        /// - Parameters:
        ///   - part: which part of its message the frame is.
        ///   - payloadLength: bytes of payload that will follow, below 2⁶³.
        ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
        /// - Returns: the header, 2…14 bytes. A client's has a fresh key.
        public mutating func header(
            _ part: MessagePart, payloadLength: UInt64, reservedBits: ReservedBits = []
        ) throws(SendError) -> EncodedFrameHeader {
            try header(part, payloadLength: payloadLength, reservedBits: reservedBits, key: freshKey())
        }

        /// Appends one data frame.
        ///
        /// - Parameters:
        ///   - part: which part of its message the frame is.
        ///   - payload: the frame's payload. The caller vouches for a text message being UTF-8.
        ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
        ///   - output: where the frame is appended.
        /// - Throws: the reason why the frame may not be sent now; nothing is appended then.
        @inlinable
        public mutating func write(
            _ part: MessagePart, _ payload: Span<UInt8>, reservedBits: ReservedBits = [],
            to output: inout some FrameOutput
        ) throws(SendError) {
            let length = UInt64(truncatingIfNeeded: payload.count)
            output.appendFrame(try header(part, payloadLength: length, reservedBits: reservedBits), payload)
        }

        /// Appends one data frame whose payload is a collection.
        @inlinable
        public mutating func write(
            _ part: MessagePart, _ payload: some Collection<UInt8>, reservedBits: ReservedBits = [],
            to output: inout some FrameOutput
        ) throws(SendError) {
            let length = UInt64(truncatingIfNeeded: payload.count)
            output.append(try header(part, payloadLength: length, reservedBits: reservedBits), contentsOf: payload)
        }

        /// Appends a whole text message in one frame.
        @inlinable
        public mutating func write(text: String, to output: inout some FrameOutput) throws(SendError) {
            try write(.whole(.text), text.utf8, to: &output)
        }

        /// Appends a Close, a ping or a pong (RFC 6455 §5.5): 2…131 bytes.
        ///
        /// - Throws: ``SendError/closed`` for a second Close.
        @inlinable
        public mutating func write(_ control: ControlFrame, to output: inout some FrameOutput) throws(SendError) {
            let header = try header(control, key: freshKey())
            control.payload.withSpan { output.appendFrame(header, $0) }
        }

        /// Appends the pong with this payload, which may always be sent.
        @inlinable
        func writePong(_ payload: Span<UInt8>, to output: inout some FrameOutput) {
            output.appendFrame(EncodedFrameHeader(control: .pong, payload: payload, maskingKey: freshKey()), payload)
        }

        /// Writes one data frame into memory of a fixed size.
        ///
        /// - Parameters:
        ///   - part: which part of its message the frame is.
        ///   - payload: the frame's payload.
        ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
        ///   - bytes: where the frame is written.
        ///   - index: where it begins, `0...bytes.count`; moved past the frame.
        /// - Throws: the reason why the frame may not be sent now, or ``SendError/noRoom(_:)``; nothing is written
        ///   then.
        public mutating func write(
            _ part: MessagePart, _ payload: Span<UInt8>, reservedBits: ReservedBits = [],
            into bytes: inout MutableSpan<UInt8>, at index: inout Int
        ) throws(SendError) {
            checkIndex(index, upTo: bytes.count)
            var next = self
            let length = UInt64(truncatingIfNeeded: payload.count)
            let header = try next.header(part, payloadLength: length, reservedBits: reservedBits)
            let count = header.count + payload.count
            guard count <= bytes.count - index else { throw .noRoom(count) }
            self = next
            header.withBytes { Kernels.copy($0, to: &bytes, at: index) }
            let start = index + header.count
            Kernels.copy(payload, to: &bytes, at: start)
            header.maskingKey?.apply(to: &bytes, start..<(start + payload.count))
            index += count
        }

        /// Returns an unpredictable key from the system's secure source (RFC 6455 §5.3); nil for a server.
        @inlinable @inline(__always)
        func freshKey() -> MaskingKey? { sender == .client ? Self.freshClientKey() : nil }

        @usableFromInline
        static func freshClientKey() -> MaskingKey? {
            if let key = Kernels.freshKey() { return MaskingKey(bytes: key) }
            var source = SystemRandomNumberGenerator()
            return MaskingKey(bytes: UInt32(truncatingIfNeeded: source.next()))
        }
    }
#endif
