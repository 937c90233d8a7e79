public import NIOCore
public import NIOHTTP1
public import WebSocketFrames

/// How a server takes connections: what it agrees to, whom it refuses, and for how long it waits.
public struct WebSocketServer: Sendable {
    /// Why a request is refused.
    public struct Refusal: Error, Sendable {
        /// The status.
        public let status: HTTPResponseStatus
        /// Fields beside `Connection` and `Content-Length`.
        public let headers: HTTPHeaders

        /// Creates a refusal.
        public init(_ status: HTTPResponseStatus, headers: HTTPHeaders = [:]) {
            self.status = status
            self.headers = headers
        }
    }

    /// The subprotocols that the server speaks, and what it wishes of permessage-deflate.
    public var handshake = ServerHandshake()
    /// What is too long for this server: answered with 1009 before it has arrived.
    public var limits: Limits
    /// How many frames it takes: answered with 1008.
    public var counts = CountLimits(fragments: 16_384, controlFrames: 1_024)
    /// How long a client may take for its request.
    public var handshakeTimeout = TimeAmount.seconds(10)
    /// How long a client may say nothing before it gets a ping, and after that before it is dropped.
    public var idleTimeout = TimeAmount.seconds(60)
    /// How long a client may take to close after a Close.
    public var closeTimeout = TimeAmount.seconds(30)

    /// Creates a server.
    ///
    /// - Parameter limits: what is too long for it; a message is kept until it is whole.
    public init(limits: Limits) {
        self.limits = limits
    }

    /// Configures a channel for HTTP/1.1 requests that become WebSocket connections. Whatever else is asked for is
    /// refused: a plain GET with 426.
    ///
    /// - Parameters:
    ///   - channel: the channel, on its event loop.
    ///   - accept: makes the application of one connection from its request, or throws a ``Refusal`` (of its `Origin`,
    ///     its path, its cookies).
    public func configure(
        _ channel: any Channel,
        accept: @escaping (HandshakeRequest) throws(Refusal) -> any WebSocketApplication
    ) throws {
        try configure(channel, accept: accept) { application, request, agreement in
            try channel.pipeline.syncOperations.addHandlers([
                BackPressureHandler(),
                WebSocketHandler(application, of: self, request: request, agreement: agreement),
            ])
        }
    }

    /// The same for whatever stands in the pipeline after the handshake.
    ///
    /// - Parameter upgrade: adds the handlers that get the frames' bytes.
    func configure<Accepted>(
        _ channel: any Channel,
        accept: @escaping (HandshakeRequest) throws(Refusal) -> Accepted,
        upgrade: @escaping (Accepted, HandshakeRequest, HandshakeAgreement) throws -> Void,
        refused: @escaping () -> Void = {}
    ) throws {
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        let encoder = HTTPResponseEncoder()
        try channel.pipeline.syncOperations.addHandlers([
            encoder, decoder,
            HandshakeHandler(
                handshake, timeout: handshakeTimeout, encoder: encoder, decoder: decoder, accept: accept,
                upgrade: upgrade, refused: refused),
        ])
    }
}
