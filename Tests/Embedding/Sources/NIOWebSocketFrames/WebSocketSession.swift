public import NIOCore
public import WebSocketFrames

/// A connection's protocol state, and what it has to say but has not yet written.
public struct WebSocketSession {
    /// Larger payloads are sent from where they lie, smaller ones copied after their headers.
    private static let copiedAtMost = 4096
    /// A connection at rest keeps no more memory for what it will send next.
    private static let keptAtMost = 4096

    private var connection: Connection
    private let writer = FrameWriter(sender: .server)
    // What is to be written: the full buffers, then `open`.
    private var full: [ByteBuffer] = []
    private var open = ByteBuffer()
    // `open` belongs to the network, and is to be cleared before anything is written into it.
    private var isHandedOver = true
    // Pongs and Closes on their way into `open`.
    private var replies: [UInt8] = []

    init(limits: Limits) {
        connection = Connection(role: .server, limits: limits)
    }

    /// Whether both may send, this end has sent its Close, or all is over.
    public var state: Connection.State { connection.state }

    /// Sends a message, or one fragment of it. After a Close, nothing is sent.
    public mutating func send(_ opcode: Opcode, _ payload: Span<UInt8>, isFinal: Bool = true) {
        guard state == .open else { return }
        beginWriting(EncodedFrameHeader.maximumCount + payload.count)
        open.writeBytes(writer.header(opcode, payloadLength: UInt64(payload.count), isFinal: isFinal))
        open.write(payload)
    }

    /// The same for a payload that is a buffer: a large one is not copied.
    public mutating func send(_ opcode: Opcode, _ payload: ByteBuffer, isFinal: Bool = true) {
        guard payload.readableBytes > Self.copiedAtMost else {
            return send(opcode, payload.readableBytesUInt8Span, isFinal: isFinal)
        }
        guard state == .open else { return }
        beginWriting(EncodedFrameHeader.maximumCount)
        open.writeBytes(writer.header(opcode, payloadLength: UInt64(payload.readableBytes), isFinal: isFinal))
        full.append(open)
        full.append(payload)
        open = ByteBuffer()
        isHandedOver = true
    }

    /// Sends a ping or a pong.
    public mutating func send(_ control: ControlFrame) {
        connection.send(control, to: &replies)
        moveReplies()
    }

    /// Begins the closing handshake.
    public mutating func close(_ code: CloseCode = .normalClosure, reason: String = "") {
        connection.close(code, reason: reason, replies: &replies)
        moveReplies()
    }

    /// An error on this side: 1011.
    mutating func fail(_ error: any Error) {
        connection.fail(error, replies: &replies)
        moveReplies()
    }

    /// The code of the peer's Close, once it has come with one.
    var closeCode: CloseCode? { connection.controlFrame.closeCode }

    mutating func endOfInput() -> Bool { connection.endOfInput() }

    mutating func next(in bytes: inout MutableSpan<UInt8>, from index: inout Int) -> Connection.Event? {
        let event = connection.next(in: &bytes, from: &index, replies: &replies)
        moveReplies()
        return event
    }

    /// Whether there is anything to be written.
    var hasOutput: Bool { !isHandedOver || !full.isEmpty }

    /// Hands over what is to be written.
    mutating func handOver(_ write: (ByteBuffer) -> Void) {
        for buffer in full { write(buffer) }
        full = []
        guard !isHandedOver else { return }
        write(open)
        isHandedOver = true
        if open.capacity > Self.keptAtMost { open = ByteBuffer() }
    }

    /// Clears what the network has had by now: without an allocation, if it has written it.
    private mutating func beginWriting(_ count: Int) {
        guard isHandedOver else { return }
        open.clear(minimumCapacity: count)
        isHandedOver = false
    }

    private mutating func moveReplies() {
        guard !replies.isEmpty else { return }
        beginWriting(replies.count)
        open.writeBytes(replies)
        replies.removeAll(keepingCapacity: true)
    }
}
