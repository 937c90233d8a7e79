import Foundation
import ProbedPeers
import WebSocketFrames

@testable import wsframes

/// Runs a server in memory on real sockets of the loopback address, in a thread of its own.
final class LoopbackServer: Sendable {
    let port: UInt16
    private let isStopped = StopFlag()

    /// Misbehaviour in addition to the fault of the server in memory.
    enum Manner {
        case plain
        /// Sends endless pongs once a connection is open, and answers nothing.
        case floods
        /// Accepts connections and sends nothing.
        case silent
    }

    init(_ fault: MemoryServer.Fault, _ manner: Manner = .plain) throws {
        let listener = try Socket.listening(
            at: SocketEndpoint.resolve("127.0.0.1", port: 0, forListening: true), named: "the test's server")
        port = listener.port ?? 0
        let isStopped = isStopped
        Thread.detachNewThread { Self.serve(listener, fault, manner, isStopped) }
    }

    deinit { isStopped.set() }

    var url: String { "ws://127.0.0.1:\(port)/" }

    private final class Client {
        let socket: Socket
        var server: MemoryServer
        var unsent: ArraySlice<UInt8> = []
        var hasAnswered = false
        var isOver = false

        init(_ socket: Socket, _ fault: MemoryServer.Fault) {
            self.socket = socket
            server = MemoryServer(fault)
        }
    }

    private static func serve(
        _ listener: Socket, _ fault: MemoryServer.Fault, _ manner: Manner, _ isStopped: StopFlag
    ) {
        var clients: [Client] = []
        let flood = Array(repeatElement([0x8A, 125] + [UInt8](repeating: 0x20, count: 125), count: 64).joined())
        while !isStopped.isSet {
            let sockets =
                clients.map { ($0.socket, !$0.unsent.isEmpty || (manner == .floods && $0.hasAnswered)) } + [
                    (listener, false)
                ]
            let ready = Socket.wait(for: sockets, seconds: 0.1)
            for (client, ready) in zip(clients, ready) {
                if ready.canRead, manner != .silent { read(client, onlyHandshake: manner == .floods) }
                if ready.canWrite, manner == .floods, client.hasAnswered, client.unsent.isEmpty {
                    client.unsent = flood[...]
                }
                while !client.unsent.isEmpty, let count = client.socket.send(client.unsent), count > 0 {
                    client.unsent = client.unsent.dropFirst(count)
                }
                if client.server.hasEnded, client.unsent.isEmpty { client.isOver = true }
                // The server has crashed, and all its connections with it.
                if client.server.isDead { return }
            }
            clients.removeAll { $0.isOver }
            while let accepted = try? listener.accepting() { clients.append(Client(accepted, fault)) }
        }
    }

    private static func read(_ client: Client, onlyHandshake: Bool) {
        switch client.socket.receive() {
        case .bytes(let bytes):
            // A server that has sent everything keeps reading, so that TCP ends properly.
            if client.server.hasEnded || onlyHandshake && client.hasAnswered { break }
            client.unsent += client.server.receive(bytes)
            client.hasAnswered = !client.unsent.isEmpty || client.hasAnswered
        case .end, .reset: client.isOver = true
        case .nothing: break
        }
    }
}

/// Set by one thread, read by another.
final class StopFlag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false

    var isSet: Bool { lock.withLock { value } }
    func set() { lock.withLock { value = true } }
}
