public import NIOCore
public import WebSocketFrames

/// Reads and writes the frames of one connection, in the pipeline after the handshake.
///
/// The bytes of each `ByteBuffer` are judged and unmasked in place. Pings, the closing handshake and every violation
/// by the peer are answered here. No state of the handler is being accessed while the application is called: it may
/// send, close, throw, or remove the handler from inside each event.
public final class WebSocketHandler: ChannelDuplexHandler, RemovableChannelHandler, WebSocketSender {
    /// What the network delivers.
    public typealias InboundIn = ByteBuffer
    /// What any other code of the server may write to the channel at any time.
    public typealias OutboundIn = WebSocketMessage
    /// What is sent to the network.
    public typealias OutboundOut = ByteBuffer

    private var connection: MessageConnection
    private let application: any WebSocketApplication
    private let server: WebSocketServer
    private let request: HandshakeRequest
    private let agreement: HandshakeAgreement
    private var session: WebSocketSession?
    private var context: ChannelHandlerContext?
    // Bytes to be written.
    private var output = ByteBuffer()
    // Bytes that have been read and not yet judged: more than one buffer only if the application makes the channel
    // read.
    private var input: [ByteBuffer] = []
    private var isReading = false
    private var removal: ChannelHandlerContext.RemovalToken?
    // The code with which the connection ends; nil as long as it has not ended.
    private var ending: CloseCode?
    // Which halves of the socket have been closed.
    private var inputIsClosed = false
    private var outputIsClosing = false
    private var hasHeard = false
    private var hasPinged = false
    private var idleTimer: Scheduled<Void>?
    private var closeTimer: Scheduled<Void>?

    /// Creates the handler of one connection whose handshake has just ended.
    public init(
        _ application: any WebSocketApplication, of server: WebSocketServer, request: HandshakeRequest,
        agreement: HandshakeAgreement
    ) {
        self.application = application
        self.server = server
        self.request = request
        self.agreement = agreement
        connection = MessageConnection(
            role: .server, deflate: agreement.deflate, limits: server.limits, counts: server.counts)
    }

    /// Opens the connection.
    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let session = WebSocketSession(
            channel: context.channel, request: request, agreement: agreement, sender: self)
        self.session = session
        awaitSilence(context)
        call { try application.opened(session) }
        flush()
    }

    private func call(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            connection.fail(error, to: &output)  // 1011: ours.
            end(CloseCode(answering: error))
        }
    }

    private func end(_ code: CloseCode) { ending = ending ?? code }

    // MARK: - Receiving

    /// Judges what has arrived and passes it to the application.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        input.append(unwrapInboundIn(data))
        hasHeard = true
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        while !input.isEmpty, removal == nil {
            let buffer = input.removeFirst()
            var index = 0
            while removal == nil, let event = next(in: buffer, &index) { take(event) }
            if removal != nil {
                input.insert(
                    buffer.getSlice(at: buffer.readerIndex + index, length: buffer.readableBytes - index)
                        ?? ByteBuffer(), at: 0)
            }
        }
        if let removal { leave(removal, context) }
    }

    private func next(in buffer: ByteBuffer, _ index: inout Int) -> MessageConnection.Event? {
        buffer.withMutableBytes { connection.next(in: &$0, from: &index, replies: &output) }
    }

    private func take(_ event: MessageConnection.Event) {
        switch event {
        case .message(let message):
            guard let session else { return }
            call { try application.receive(message, in: session) }
        case .ping, .pong: break  // The pong has been written.
        case .close(let frame): end(frame.closeCode ?? .noStatusReceived)
        case .violation(let violation): end(violation.closeCode)  // 1002, 1007 or 1009: the peer's fault.
        case .exceeded: end(.policyViolation)
        case .corrupt(let fault): end(fault.closeCode)
        }
    }

    /// Sends the answers to what has been read.
    public func channelReadComplete(context: ChannelHandlerContext) {
        flush()
    }

    /// Handles the end of one half of the socket.
    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? ChannelEvent {
        case .inputClosed:
            inputIsClosed = true
            if !connection.endOfInput() { end(.abnormalClosure) }
            flush()  // What the peer has asked for, it still gets.
        case .outputClosed:
            if inputIsClosed { context.close(promise: nil) }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: - Sending

    var state: Connection.State { connection.connection.state }

    func send(
        _ body: (inout MessageConnection, inout ByteBuffer) throws(SendError) -> Void
    ) throws(SendError) {
        guard context != nil else { throw .closed }
        try body(&connection, &output)
        if !isReading { flush() }
    }

    /// Sends a message of the server's own. Its promise succeeds when the message has been sent, and fails with a
    /// `SendError` if it may not be.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        do {
            switch unwrapOutboundIn(data) {
            case .text(let text): try connection.send(text: text, to: &output)
            case .binary(let bytes): try connection.send(.binary, bytes, to: &output)
            case .control(let frame): try connection.send(frame, to: &output)
            }
            handOver(context, promise)
            endIfOver(context)
        } catch {
            promise?.fail(error)
        }
    }

    private func flush() {
        guard let context else { return }
        if output.readableBytes > 0 {
            handOver(context, nil)
            context.flush()
        }
        endIfOver(context)
    }

    private func handOver(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let written = output
        output = ByteBuffer()
        context.write(wrapOutboundOut(written), promise: promise)
    }

    // MARK: - The end

    /// Once a Close has been sent, or the peer's half is closed: closes the sending half after what is left to send,
    /// discards what still arrives until the peer closes too, and waits for that no longer than the time-out.
    ///
    /// Closing both halves at once would make the system answer bytes that are still in transit with a reset, which
    /// would take the Close frame away from the peer.
    private func endIfOver(_ context: ChannelHandlerContext) {
        let state = connection.connection.state
        guard state != .open else { return }
        if closeTimer == nil {
            closeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: server.closeTimeout) {
                context.close(promise: nil)
            }
        }
        guard state == .closed, !outputIsClosing else { return }
        outputIsClosing = true
        if inputIsClosed {
            // NIO would close the whole socket at once, with or without unsent bytes.
            context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
                context.close(promise: nil)
            }
        } else {
            context.close(mode: .output, promise: nil)
        }
    }

    private func awaitSilence(_ context: ChannelHandlerContext) {
        idleTimer = context.eventLoop.assumeIsolated().scheduleTask(in: server.idleTimeout) { [weak self] in
            self?.checkForSilence()
        }
    }

    /// Handles silence since the last check: first with a ping, then by ending the connection.
    private func checkForSilence() {
        guard let context, connection.connection.state == .open else { return }
        awaitSilence(context)
        defer { hasHeard = false }
        guard !hasHeard else {
            hasPinged = false
            return
        }
        guard !hasPinged, let ping = ControlFrame.ping() else { return context.close(promise: nil) }
        hasPinged = true
        try? send { (connection, output) throws(SendError) in try connection.send(ping, to: &output) }
    }

    /// Handles the end of the socket.
    public func channelInactive(context: ChannelHandlerContext) {
        finish()
        context.fireChannelInactive()
    }

    /// Handles a broken socket: nothing more can be sent.
    public func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    /// Leaves the pipeline: at once, or when the application has returned. Bytes that have not been judged are passed
    /// on as they arrived.
    public func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        if isReading { removal = removalToken } else { leave(removalToken, context) }
    }

    private func leave(_ token: ChannelHandlerContext.RemovalToken, _ context: ChannelHandlerContext) {
        removal = nil
        flush()
        let rest = input
        input = []
        for buffer in rest where buffer.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(buffer)) }
        context.leavePipeline(removalToken: token)
    }

    /// Handles the removal from the pipeline: by the application, or because the channel is closed.
    public func handlerRemoved(context: ChannelHandlerContext) {
        finish()
    }

    /// What later handlers in the pipeline get: nothing, unless this handler is removed.
    public typealias InboundOut = ByteBuffer

    private func finish() {
        guard context != nil else { return }
        context = nil
        session = nil
        idleTimer?.cancel()
        closeTimer?.cancel()
        application.closed(ending ?? .abnormalClosure)
    }
}
