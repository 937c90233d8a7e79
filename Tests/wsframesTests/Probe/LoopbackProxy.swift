import Foundation
import ProbedPeers
import WebSocketFrames

@testable import wsframes

/// Runs a proxy in memory between real sockets on the loopback address, in a thread of its own.
final class LoopbackProxy: Sendable {
    let port: UInt16
    /// The port to connect to, on which the test listens.
    let backend: UInt16
    private let isStopped = StopFlag()

    init(_ manner: MemoryProxy.Manner) throws {
        let free = try SocketEndpoint.resolve("127.0.0.1", port: 0, forListening: true)
        let listener = try Socket.listening(at: free, named: "the test's proxy")
        port = listener.port ?? 0
        backend = try Socket.listening(at: free, named: "the test").port ?? 0
        let (isStopped, backend) = (isStopped, backend)
        Thread.detachNewThread { Self.serve(listener, backend, manner, isStopped) }
    }

    deinit { isStopped.set() }

    var arguments: [String] { ["probe", "--through", "ws://127.0.0.1:\(port)/", "--listen", "127.0.0.1:\(backend)"] }

    private final class Side {
        let socket: Socket
        var unsent: ArraySlice<UInt8> = []
        /// Set when nothing more is to be sent.
        var isEnding = false
        var hasEnded = false
        var isHeard = true

        init(_ socket: Socket) { self.socket = socket }

        func flush() {
            while !unsent.isEmpty, let count = socket.send(unsent), count > 0 { unsent = unsent.dropFirst(count) }
            guard isEnding, unsent.isEmpty, !hasEnded else { return }
            hasEnded = true
            socket.halfClose()
        }
    }

    private final class Pair {
        let client: Side
        let server: Side
        var proxy: MemoryProxy
        /// What is to be sent, and when.
        var outputs: [(time: Double, output: MemoryProxy.Output)] = []

        init(_ client: Socket, _ server: Socket, _ manner: MemoryProxy.Manner) {
            (self.client, self.server, proxy) = (Side(client), Side(server), MemoryProxy(manner))
        }

        var isOver: Bool { !client.isHeard && !server.isHeard && client.hasEnded && server.hasEnded }

        func read(_ side: Side, from sender: Endpoint) {
            guard side.isHeard else { return }
            let output: [MemoryProxy.Output]
            switch side.socket.receive() {
            case .bytes(let bytes): output = proxy.receive(bytes, from: sender)
            case .end, .reset:
                side.isHeard = false
                output = proxy.end(from: sender)
            case .nothing: return
            }
            let time = System.seconds + (proxy.manner == .delays ? 0.4 : 0)
            outputs += output.map { (time, $0) }
        }

        func write() {
            while let first = outputs.first, first.time <= System.seconds {
                outputs.removeFirst()
                switch first.output {
                case .bytes(let bytes, .client): client.unsent += bytes
                case .bytes(let bytes, .server): server.unsent += bytes
                case .end(.client): client.isEnding = true
                case .end(.server): server.isEnding = true
                }
            }
            client.flush()
            server.flush()
        }
    }

    private static func serve(
        _ listener: Socket, _ backend: UInt16, _ manner: MemoryProxy.Manner, _ isStopped: StopFlag
    ) {
        guard let endpoint = try? SocketEndpoint.resolve("127.0.0.1", port: backend).first else { return }
        var pairs: [Pair] = []
        while !isStopped.isSet {
            var sockets = pairs.flatMap { pair in
                [pair.client, pair.server].map { side in
                    (side.socket, Socket.Interest(reads: side.isHeard, writes: !side.unsent.isEmpty))
                }
            }
            sockets.append((listener, Socket.Interest()))
            let due = pairs.compactMap(\.outputs.first?.time).min() ?? .infinity
            let ready = Socket.wait(for: sockets, seconds: min(max(due - System.seconds, 0), 0.1))
            for (index, pair) in pairs.enumerated() {
                if ready[2 * index].canRead { pair.read(pair.client, from: .client) }
                if ready[2 * index + 1].canRead { pair.read(pair.server, from: .server) }
                pair.write()
            }
            pairs.removeAll { $0.isOver }
            while let client = try? listener.accepting(), let server = try? Socket.connecting(to: endpoint) {
                // On the loopback address a connection is established or refused at once.
                _ = Socket.wait(for: [(server, true)], seconds: 10)
                pairs.append(Pair(client, server, manner))
            }
        }
    }
}
