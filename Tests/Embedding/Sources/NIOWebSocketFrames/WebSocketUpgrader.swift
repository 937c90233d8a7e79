public import NIOCore
public import NIOHTTP1
internal import NIOWebSocket
public import WebSocketFrames

/// Upgrades HTTP/1.1 connections to WebSocket: the handshake is NIO's, the frames are ours.
///
/// `NIOWebSocketServerUpgrader` checks the request and computes `Sec-WebSocket-Accept`; it is not asked for the
/// pipeline, so that its decoder is never there.
public final class WebSocketUpgrader<Application: WebSocketApplication>: HTTPServerProtocolUpgrader, Sendable {
    private let handshake: NIOWebSocketServerUpgrader
    private let limits: Limits
    private let closeTimeout: TimeAmount
    private let makeApplication: @Sendable (HTTPRequestHead) -> Application

    /// Creates an upgrader.
    ///
    /// - Parameters:
    ///   - limits: what is too long for this server.
    ///   - closeTimeout: how long a client may take to close, once it has been reported to.
    ///   - makeApplication: makes the application of one connection, from the request that opened it.
    public init(
        limits: Limits, closeTimeout: TimeAmount = .seconds(30),
        makeApplication: @escaping @Sendable (HTTPRequestHead) -> Application
    ) {
        self.limits = limits
        self.closeTimeout = closeTimeout
        self.makeApplication = makeApplication
        handshake = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
    }

    /// `websocket`.
    public var supportedProtocol: String { handshake.supportedProtocol }

    /// The headers without which there is no upgrade.
    public var requiredUpgradeHeaders: [String] { handshake.requiredUpgradeHeaders }

    /// Checks the request and answers it.
    public func buildUpgradeResponse(
        channel: any Channel, upgradeRequest: HTTPRequestHead, initialResponseHeaders: HTTPHeaders
    ) -> EventLoopFuture<HTTPHeaders> {
        handshake.buildUpgradeResponse(
            channel: channel, upgradeRequest: upgradeRequest, initialResponseHeaders: initialResponseHeaders)
    }

    /// Puts the frames' handler in the pipeline, after one that stops reading while the peer does not read.
    public func upgrade(context: ChannelHandlerContext, upgradeRequest: HTTPRequestHead) -> EventLoopFuture<Void> {
        context.eventLoop.makeCompletedFuture {
            try context.pipeline.syncOperations.addHandlers([
                BackPressureHandler(),
                WebSocketFrameHandler(makeApplication(upgradeRequest), limits: limits, closeTimeout: closeTimeout),
            ])
        }
    }
}
