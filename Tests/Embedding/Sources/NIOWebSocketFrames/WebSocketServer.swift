public import NIOCore
public import NIOHTTP1
public import WebSocketFrames

/// How a server handles connections: what it agrees to, whom it refuses, and how long it waits.
public struct WebSocketServer: Sendable {
    /// The reason why a request is refused.
    public struct Refusal: Error, Sendable {
        /// The status.
        public let status: HTTPResponseStatus
        /// Fields in addition to `Connection` and `Content-Length`.
        public let headers: HTTPHeaders

        /// Creates a refusal.
        public init(_ status: HTTPResponseStatus, headers: HTTPHeaders = [:]) {
            self.status = status
            self.headers = headers
        }
    }

    /// The subprotocols that the server supports, and its preferences for permessage-deflate.
    public var handshake = ServerHandshake()
    /// How much the server accepts: a longer message is answered with 1009 before it has arrived.
    public var limits: Limits
    /// How many frames it accepts: more are answered with 1008.
    public var counts = CountLimits(fragments: 16_384, controlFrames: 1_024)
    /// How long a client may take to send its request.
    public var handshakeTimeout = TimeAmount.seconds(10)
    /// How long a client may be silent before it gets a ping, and after that before it is dropped.
    public var idleTimeout = TimeAmount.seconds(60)
    /// How long a client may take to close after a Close.
    public var closeTimeout = TimeAmount.seconds(30)

    /// Creates a server.
    ///
    /// - Parameter limits: how much it accepts; a message is kept until it is complete.
    public init(limits: Limits) {
        self.limits = limits
    }

    /// Configures a channel for HTTP/1.1 requests that become WebSocket connections. All other requests are refused:
    /// a plain GET with 426.
    ///
    /// - Parameters:
    ///   - channel: the channel, on its event loop.
    ///   - accept: creates the application of one connection from its request, or throws a ``Refusal`` (because of
    ///     its `Origin`, its path, its cookies).
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

    /// Configures a channel with any handlers in the pipeline after the handshake.
    ///
    /// - Parameter upgrade: adds the handlers that get the bytes of frames.
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
