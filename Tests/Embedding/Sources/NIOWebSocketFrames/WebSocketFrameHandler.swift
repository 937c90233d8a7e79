public import NIOCore
public import WebSocketFrames

/// Reads and writes WebSocket frames in a channel: what stands in the pipeline instead of NIO's
/// `WebSocketFrameDecoder`, `WebSocketFrameEncoder` and `WebSocketProtocolErrorHandler`.
///
/// The bytes of each `ByteBuffer` are judged and unmasked where they lie, and their payload is lent to the application.
/// Pings, the closing handshake and all that a peer may do wrong are answered here.
public final class WebSocketFrameHandler<Application: WebSocketApplication>: ChannelDuplexHandler {
    /// What the network gives.
    public typealias InboundIn = ByteBuffer
    /// What any other code of the server may write into the channel at any time: a message.
    public typealias OutboundIn = WebSocketMessage
    /// What the network takes.
    public typealias OutboundOut = ByteBuffer

    private var session: WebSocketSession
    private var application: Application
    private let closeTimeout: TimeAmount
    // What the connection ends with; nil as long as it has not ended.
    private var ending: CloseCode?
    // The other half of the socket has been closed, by the peer or by us.
    private var inputIsClosed = false
    private var outputIsClosing = false
    private var timeout: Scheduled<Void>?

    /// Creates the handler of one connection.
    ///
    /// - Parameters:
    ///   - application: gets what arrives.
    ///   - limits: what is too long for this server, answered with 1009 before it has arrived.
    ///   - closeTimeout: how long the peer may take to close, once it has been reported to.
    public init(_ application: Application, limits: Limits, closeTimeout: TimeAmount = .seconds(30)) {
        self.application = application
        self.closeTimeout = closeTimeout
        session = WebSocketSession(limits: limits)
    }

    // MARK: - Receiving

    /// Judges what has arrived and hands it to the application.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard ending == nil else { return }  // After the end everything is skipped.
        let buffer = unwrapInboundIn(data)
        buffer.withMutableBytes { bytes in
            var index = 0
            while let event = session.next(in: &bytes, from: &index) {
                switch event {
                case .data(let slice): receive(bytes.span.extracting(slice.range), of: slice)
                case .ping, .pong: break  // The pong has been written.
                case .close: ending = session.closeCode ?? .noStatusReceived
                case .violation(let violation): ending = violation.closeCode  // 1002, 1007 or 1009: the peer's fault.
                }
            }
        }
    }

    private func receive(_ payload: Span<UInt8>, of slice: DataSlice) {
        do {
            try application.receive(payload, of: slice, in: &session)
        } catch {
            session.fail(error)  // 1011: ours.
            ending = CloseCode(answering: error)
        }
    }

    /// Sends the answers to what has been read.
    public func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
    }

    /// One half of the socket has been closed.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? ChannelEvent {
        case .inputClosed:
            inputIsClosed = true
            if !session.endOfInput() && ending == nil { ending = .abnormalClosure }
            flush(context)  // What the peer has asked for, it still gets.
        case .outputClosed:
            if inputIsClosed { context.close(promise: nil) }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: - Sending

    /// Takes a message of the server's own.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .text(let text): session.send(.text, ByteBuffer(string: text))
        case .binary(let bytes): session.send(.binary, bytes)
        case .ping(let data): ControlFrame.ping(data.readableBytesView).map { session.send($0) }
        case .close(let code, let reason): session.close(code, reason: reason)
        }
        guard session.hasOutput else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        handOver(context)
        // After the message, so that its promise is kept when the message has been sent.
        if let promise { context.write(wrapOutboundOut(ByteBuffer()), promise: promise) }
        endIfOver(context)
    }

    private func flush(_ context: ChannelHandlerContext) {
        if session.hasOutput {
            handOver(context)
            context.flush()
        }
        endIfOver(context)
    }

    private func handOver(_ context: ChannelHandlerContext) {
        session.handOver { context.write(wrapOutboundOut($0), promise: nil) }
    }

    // MARK: - The end

    /// Once a Close has been sent, or the peer's half is closed: closes the sending half after what is left to send,
    /// skips what still arrives until the peer closes too, and waits for that no longer than `closeTimeout`.
    ///
    /// Closing both halves at once would make the system answer bytes that are still on their way with a reset, and
    /// the reset would take the Close frame away from the peer.
    private func endIfOver(_ context: ChannelHandlerContext) {
        guard session.state != .open else { return }
        if timeout == nil {
            timeout = context.eventLoop.assumeIsolated().scheduleTask(in: closeTimeout) { context.close(promise: nil) }
        }
        guard session.state == .closed, !outputIsClosing else { return }
        outputIsClosing = true
        if inputIsClosed {
            // NIO would close all of the socket at once, unsent bytes or not.
            context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
        } else {
            context.close(mode: .output, promise: nil)
        }
    }

    /// The socket is closed.
    public func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        application.closed(ending ?? .abnormalClosure)
        context.fireChannelInactive()
    }

    /// A broken socket: nothing can be sent any more.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// What is written into the channel.
public enum WebSocketMessage: Sendable {
    /// A text message.
    case text(String)
    /// A binary message.
    case binary(ByteBuffer)
    /// A ping with at most 125 bytes; a longer one is not sent.
    case ping(ByteBuffer)
    /// The beginning of the closing handshake.
    case close(CloseCode, reason: String)
}
