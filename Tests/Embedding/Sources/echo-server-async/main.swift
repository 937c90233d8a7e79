import NIOCore
import NIOPosix
import NIOWebSocketFrames
import PerMessageDeflate
import ServerOptions
import WebSocketAsync
import WebSocketFrames

let options = ServerOptions.ofThisProcess()
var limits = Limits(message: UInt64(options.maximumMessage))
if let maximum = options.maximumFrame { limits.frame = UInt64(maximum) }
var server = WebSocketServer(limits: limits)
let deflate = DeflateParameters(
    clientMaxWindowBits: options.clientWindowBits, serverMaxWindowBits: options.serverWindowBits,
    clientNoContextTakeover: !options.clientTakesOver, serverNoContextTakeover: !options.serverTakesOver)
server.handshake = ServerHandshake(subprotocols: ["echo"], deflate: deflate)
server.counts = .none  // An echo stores nothing for each frame.
server.closeTimeout = .seconds(Int64(options.closeTimeout))
server.handshakeTimeout = server.closeTimeout

let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
    .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
    .childChannelOption(.allowRemoteHalfClosure, value: true)
    .bind(host: options.host, port: options.port) { [server] channel in
        channel.eventLoop.makeCompletedFuture { try server.configureAsync(channel) }
    }
ServerOptions.announce(host: options.host, port: listener.channel.localAddress?.port ?? options.port)

try await withThrowingDiscardingTaskGroup { group in
    try await listener.executeThenClose { connections in
        for try await connection in connections {
            group.addTask {
                // A failure of one connection ends only that one: its Close has been sent.
                guard let socket = try? await connection.get() else { return }
                try? await socket.run { inbound, outbound in
                    for try await message in inbound { try await echo(message, outbound) }
                }
            }
        }
    }
}

/// Sends a message back unchanged.
func echo(_ message: Message, _ outbound: WebSocketOutbound) async throws {
    if message.bytes == options.throwOn { throw RequestedFailure() }
    if message.bytes == options.closeOn { return try await outbound.close(.goingAway, reason: "as you wish") }
    // What arrives after this server's Close is no longer answered.
    if await outbound.state == .open { try await outbound.write(message) }
}
