public import NIOCore
private import NIOPosix
public import ServerOptions

/// A listener that keeps serving whatever becomes of a connection.
public enum NIOListener {
    /// Serves until the process is ended.
    ///
    /// - Parameter configure: adds a connection's handlers to its pipeline.
    public static func run(
        _ options: ServerOptions, configure: @escaping @Sendable (any Channel) throws -> Void
    ) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: options.threads ?? System.coreCount)
        let listener = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A client that has sent everything may still listen: its end of input is not the end of the connection.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try configure(channel) }
            }
            .bind(host: options.host, port: options.port).wait()
        ServerOptions.announce(host: options.host, port: listener.localAddress?.port ?? options.port)
        try listener.closeFuture.wait()
    }
}
