public import NIOCore
public import WebSocketAsync
public import WebSocketFrames

/// A connection whose handshake has ended, to be read as an `AsyncSequence` of messages.
public struct AsyncWebSocket: Sendable {
    /// The channel, with its address and event loop.
    public let channel: any Channel
    /// The request that opened the connection.
    public let request: HandshakeRequest
    /// What the handshake agreed on.
    public let agreement: HandshakeAgreement

    private let bytes: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private let server: WebSocketServer

    init(
        _ channel: any Channel, of server: WebSocketServer, request: HandshakeRequest, agreement: HandshakeAgreement
    ) throws {
        self.channel = channel
        self.server = server
        self.request = request
        self.agreement = agreement
        try channel.pipeline.syncOperations.addHandlers([
            IdleStateHandler(readTimeout: server.idleTimeout + server.idleTimeout), SilenceHandler(),
        ])
        // Each message is a write of its own, which costs a few hundred bytes while it waits, however short it is.
        try channel.syncOptions?.setOption(.writeBufferWaterMark, value: .init(low: 4_096, high: 16_384))
        bytes = try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    /// Runs the connection: see `withWebSocket`. When `body` has returned or thrown, the connection is closed, and
    /// the client has the server's time-out to close too.
    public func run<Result: Sendable>(
        _ body: (WebSocketInbound<Chunks>, WebSocketOutbound) async throws -> Result
    ) async throws -> Result {
        try await bytes.executeThenClose { inbound, outbound in
            let chunks = Chunks(inbound)
            let timeout = self.server.closeTimeout
            func end() async {
                let timer = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
                // Wait until all that was written has been sent: if the client has closed its half, NIO would close
                // the whole socket at once, with or without unsent bytes.
                try? await channel.writeAndFlush(ByteBuffer())
                outbound.finish()
                // A socket that is closed with unread bytes is reset, and the client may never see the Close.
                while (try? await chunks.next()) != nil {}
                timer.cancel()
            }
            var closing: Scheduled<Void>?
            do {
                let result = try await withWebSocket(
                    role: .server, agreement: agreement, limits: server.limits, counts: server.counts, inbound: chunks,
                    send: { try await outbound.write(ByteBuffer(bytes: $0)) }
                ) { inbound, socket in
                    let result = try await body(inbound, socket)
                    // From here on only the Close, and the wait for the client's.
                    closing = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
                    return result
                }
                // Otherwise it would keep the channel, and everything read from it, alive until then.
                closing?.cancel()
                await end()
                return result
            } catch {
                closing?.cancel()
                await end()
                throw error
            }
        }
    }

    /// The bytes of a channel. All iterators share one position.
    public final class Chunks: AsyncSequence, AsyncIteratorProtocol {
        private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator

        init(_ stream: NIOAsyncChannelInboundStream<ByteBuffer>) {
            iterator = stream.makeAsyncIterator()
        }

        /// Returns what has been read next; nil at the end.
        public func next() async throws -> [UInt8]? {
            try await iterator.next().map { Array($0.readableBytesView) }
        }

        /// Returns an iterator that continues where the last one stopped.
        public func makeAsyncIterator() -> Chunks { self }
    }
}

extension WebSocketServer {
    /// Configures a channel as ``configure(_:accept:)`` does, for a handler of the form `for try await message in …`: what
    /// a bootstrap's `bind` takes as its initializer.
    ///
    /// - Parameters:
    ///   - channel: the channel, on its event loop.
    ///   - accept: throws a ``Refusal`` for a request that is not welcome.
    /// - Returns: the connection when its handshake has ended; nil if there is none.
    public func configureAsync(
        _ channel: any Channel, accept: @escaping (HandshakeRequest) throws(Refusal) -> Void = { _ in }
    ) throws -> EventLoopFuture<AsyncWebSocket?> {
        let promise = channel.eventLoop.makePromise(of: AsyncWebSocket?.self)
        try configure(channel, accept: accept) { _, request, agreement in
            promise.succeed(try AsyncWebSocket(channel, of: self, request: request, agreement: agreement))
        } refused: {
            promise.succeed(nil)
        }
        return promise.futureResult
    }
}

/// Ends a connection that has said nothing for too long.
private final class SilenceHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
