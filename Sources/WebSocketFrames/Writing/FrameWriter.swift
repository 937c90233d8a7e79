/// Writes the frames of one endpoint, so that ``FrameValidator`` would find nothing in them: a client's masked with a
/// fresh key each, a server's not, lengths in the shortest form, no control frame over 125 bytes.
///
/// It appends to an array, or makes only the header (``header(_:payloadLength:isFinal:reservedBits:)``) for a buffer of
/// another kind, and holds no state but who is sending. Which frame may come when is the
/// caller's to know, or ``Connection``'s.
public struct FrameWriter: Sendable {
    /// Who sends the frames.
    public let sender: Endpoint

    /// Creates a writer.
    ///
    /// - Parameter sender: who sends the frames: this endpoint.
    public init(sender: Endpoint) {
        self.sender = sender
    }

    /// Appends one data frame (RFC 6455 §5.6).
    ///
    /// - Parameters:
    ///   - opcode: `text` or `binary` for the first frame of a message, `continuation` for the others.
    ///   - payload: the frame's payload. Of a text message it is the caller's word that it is UTF-8.
    ///   - isFinal: this is the message's last frame.
    ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
    ///   - buffer: where the frame is appended.
    public func write(
        _ opcode: Opcode, _ payload: some Collection<UInt8>, isFinal: Bool = true, reservedBits: ReservedBits = [],
        to buffer: inout [UInt8]
    ) {
        let header = header(
            opcode, payloadLength: UInt64(truncatingIfNeeded: payload.count), isFinal: isFinal,
            reservedBits: reservedBits)
        append(header, to: &buffer) { $0.append(contentsOf: payload) }
    }

    /// Appends one data frame whose payload lies in some buffer, as a slice that ``FrameReader`` has handed over.
    ///
    /// - Parameters:
    ///   - opcode: `text` or `binary` for the first frame of a message, `continuation` for the others.
    ///   - payload: the frame's payload.
    ///   - isFinal: this is the message's last frame.
    ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
    ///   - buffer: where the frame is appended.
    public func write(
        _ opcode: Opcode, _ payload: Span<UInt8>, isFinal: Bool = true, reservedBits: ReservedBits = [],
        to buffer: inout [UInt8]
    ) {
        let header = header(
            opcode, payloadLength: UInt64(truncatingIfNeeded: payload.count), isFinal: isFinal,
            reservedBits: reservedBits)
        append(header, to: &buffer) { Kernels.append(payload, to: &$0) }
    }

    /// Appends a header and what `appendPayload` appends, masked with the header's key where it has one.
    private func append(
        _ header: EncodedFrameHeader, to buffer: inout [UInt8], _ appendPayload: (inout [UInt8]) -> Void
    ) {
        for byte in header { buffer.append(byte) }
        let start = buffer.count
        appendPayload(&buffer)
        guard let key = header.maskingKey else { return }
        let end = buffer.count
        var bytes = buffer.mutableSpan
        key.apply(to: &bytes, start..<end)
    }

    /// Appends a whole text message in one frame.
    ///
    /// - Parameters:
    ///   - text: the message; it is sent as UTF-8.
    ///   - buffer: where the frame is appended.
    public func write(text: String, to buffer: inout [UInt8]) {
        write(.text, text.utf8, to: &buffer)
    }

    /// Appends a Close, a ping or a pong (RFC 6455 §5.5).
    ///
    /// - Parameters:
    ///   - control: the frame.
    ///   - buffer: where it is appended, 2…131 bytes.
    public func write(_ control: ControlFrame, to buffer: inout [UInt8]) {
        write(control.opcode, control.payload, to: &buffer)
    }

    /// The header of a frame whose payload the caller sends itself, masked with the header's key where it has one:
    /// for payloads that should not be copied.
    ///
    /// - Parameters:
    ///   - opcode: `text` or `binary` for the first frame of a message, `continuation` for the others.
    ///   - payloadLength: bytes of payload that will follow, below 2⁶³.
    ///   - isFinal: this is the message's last frame.
    ///   - reservedBits: for extensions: RSV1 on the first frame of a compressed message.
    /// - Returns: the header, 2…14 bytes. A client's has a fresh ``EncodedFrameHeader/maskingKey``:
    ///   ``MaskingKey/apply(to:_:from:)`` masks the payload.
    public func header(
        _ opcode: Opcode, payloadLength: UInt64, isFinal: Bool = true, reservedBits: ReservedBits = []
    ) -> EncodedFrameHeader {
        EncodedFrameHeader(
            opcode: opcode, isFinal: isFinal, reservedBits: reservedBits, payloadLength: payloadLength,
            maskingKey: freshKey())
    }

    /// A key that nobody can foresee, from the system's secure source (RFC 6455 §5.3); nil for a server.
    private func freshKey() -> MaskingKey? {
        guard sender == .client else { return nil }
        var source = SystemRandomNumberGenerator()
        return MaskingKey(bytes: UInt32(truncatingIfNeeded: source.next()))
    }
}
