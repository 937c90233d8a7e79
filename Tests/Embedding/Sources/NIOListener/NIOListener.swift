private import NIOCore
public import NIOHTTP1
private import NIOPosix
public import ServerOptions

/// Listens for HTTP/1.1 requests and upgrades them.
public enum NIOListener {
    /// Serves until the process is ended.
    public static func run(
        _ options: ServerOptions, upgrader: some HTTPServerProtocolUpgrader & Sendable
    ) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.threads ?? System.coreCount)
        let listener = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A client that has said all may still listen: its end of input is not the end of the connection.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withServerUpgrade: (
                            upgraders: [upgrader],
                            completionHandler: RefusalHandler.remove
                        ))
                    try channel.pipeline.syncOperations.addHandler(RefusalHandler())
                }
            }
            .bind(host: options.host, port: options.port).wait()
        ServerOptions.announce(host: options.host, port: listener.localAddress?.port ?? options.port)
        try listener.closeFuture.wait()
    }
}

/// Answers what is no upgrade to WebSocket.
private final class RefusalHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// An upgrade has succeeded: nothing to refuse any more.
    @Sendable static func remove(context: ChannelHandlerContext) {
        let operations = context.pipeline.syncOperations
        guard let refusal = try? operations.context(handlerType: Self.self) else { return }
        operations.removeHandler(context: refusal, promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let headers: HTTPHeaders = [
            "Connection": "close", "Content-Length": "0", "Sec-WebSocket-Version": "13", "Upgrade": "websocket",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .upgradeRequired, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nobody will ever end the request of a client that has closed its half.
        if event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
    }

}
