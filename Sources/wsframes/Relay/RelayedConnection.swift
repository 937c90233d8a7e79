/// A client's connection and its connection to the server: what one side sends is forwarded to the other unchanged.
final class RelayedConnection {
    /// The most unsent bytes for the other side: beyond that nothing is read, and TCP slows the sender down.
    private static let maximumUnsent = 1 << 20

    /// One of the two connections.
    private struct Side {
        var link: Link
        /// The bytes that are still to be sent to it.
        var unsent: [UInt8] = []
        /// Whether it has announced that it sends nothing more.
        var hasEnded = false
        /// Whether the end of the other side was forwarded to it.
        var isHalfClosed = false
    }

    private var client: Side
    private var server: Side
    private var packets: RelayedPackets
    private var hasBegun = false
    private let deadline: Double
    private(set) var isOver = false
    /// The reason why the server was not reached.
    private(set) var fault: SystemFault?

    init(_ socket: Socket, to server: ProbeServer, timeout: Double) throws(SystemFault) {
        client = Side(link: Link(accepted: socket))
        self.server = Side(link: try Link(to: server))
        packets = RelayedPackets(client: socket.peerAddress, server: nil)
        deadline = System.seconds + timeout
    }

    /// The two sockets, and whether to wait until they can be written.
    var waits: [(socket: Socket, interest: Socket.Interest)] {
        [
            (client.link.socket, interest(of: client, other: server)),
            (server.link.socket, interest(of: server, other: client)),
        ]
    }

    private func interest(of side: Side, other: Side) -> Socket.Interest {
        Socket.Interest(
            reads: side.link.isOpen
                ? !side.hasEnded && other.unsent.count < Self.maximumUnsent && other.link.isOpen : true,
            writes: side.link.isOpen ? !side.unsent.isEmpty : side.link.wantsToWrite)
    }

    /// A piece of what was forwarded, or an event, with its time: nanoseconds since 1970.
    struct Piece {
        let connection: RelayedConnection
        let content: Content
        let time: UInt64

        enum Content {
            case opening
            case bytes([UInt8], fromClient: Bool)
            case end(fromClient: Bool, isReset: Bool)
        }

        /// The number of bytes that were forwarded.
        var size: Int {
            if case .bytes(let bytes, _) = content { bytes.count } else { 0 }
        }

        /// The piece as packets of a capture. To be read once for each piece, in order.
        var packets: [UInt8] {
            switch content {
            case .opening: connection.packets.opening(at: time)
            case .bytes(let bytes, let fromClient):
                connection.packets.data(bytes, fromClient: fromClient, at: time)
            case .end(let fromClient, let isReset):
                connection.packets.end(fromClient: fromClient, isReset: isReset, at: time)
            }
        }
    }

    private func piece(_ content: Piece.Content) -> Piece {
        Piece(connection: self, content: content, time: System.nanosecondsSince1970)
    }

    /// Forwards what has arrived.
    ///
    /// - Parameter visit: receives what was forwarded, afterwards.
    func go(_ clientReady: Socket.Readiness, _ serverReady: Socket.Readiness, _ visit: (Piece) -> Void) {
        guard server.link.isOpen else { return connect(serverReady, visit) }
        if clientReady.canRead { pass(from: &client, to: &server, fromClient: true, visit) }
        if serverReady.canRead { pass(from: &server, to: &client, fromClient: false, visit) }
        if clientReady.canWrite { Self.flush(&client) }
        if serverReady.canWrite { Self.flush(&server) }
        Self.halfClose(&client, after: server)
        Self.halfClose(&server, after: client)
        if client.isHalfClosed, server.isHalfClosed { isOver = true }
    }

    private func connect(_ ready: Socket.Readiness, _ visit: (Piece) -> Void) {
        do throws(SystemFault) {
            try server.link.open(ready)
            if !server.link.isOpen, System.seconds > deadline {
                throw SystemFault(message: SystemError.timedOut.message)
            }
        } catch {
            fault = error
            isOver = true
            return
        }
        guard server.link.isOpen, !hasBegun else { return }
        hasBegun = true
        packets = RelayedPackets(client: client.link.socket.peerAddress, server: server.link.socket.peerAddress)
        visit(piece(.opening))
    }

    private func pass(from side: inout Side, to other: inout Side, fromClient: Bool, _ visit: (Piece) -> Void) {
        guard !side.hasEnded else { return }
        switch side.link.receive() {
        case .bytes(let bytes):
            let time = System.nanosecondsSince1970
            Self.send(bytes, to: &other)
            // The buffer has far more capacity than the piece needs while it waits.
            let content = Piece.Content.bytes(Array(bytes[...]), fromClient: fromClient)
            visit(Piece(connection: self, content: content, time: time))
        case .end:
            side.hasEnded = true
            visit(piece(.end(fromClient: fromClient, isReset: false)))
        case .reset:
            visit(piece(.end(fromClient: fromClient, isReset: true)))
            other.link.socket.resetWhenClosed()
            isOver = true
        case .nothing: break
        }
    }

    /// Sends bytes at once if nothing waits before them.
    private static func send(_ bytes: [UInt8], to side: inout Side) {
        guard side.unsent.isEmpty else {
            side.unsent += bytes
            return flush(&side)
        }
        // A broken connection shows when it is read.
        guard let count = side.link.send(bytes[...]), count < bytes.count else { return }
        side.unsent = Array(bytes[count...])
        flush(&side)
    }

    private static func flush(_ side: inout Side) {
        var sent = 0
        while sent < side.unsent.count {
            guard let count = side.link.send(side.unsent[sent...]) else {
                // The connection is broken, which shows when it is read.
                side.unsent = []
                return
            }
            if count == 0 { break }
            sent += count
        }
        side.unsent.removeFirst(sent)
    }

    private static func halfClose(_ side: inout Side, after other: Side) {
        guard other.hasEnded, side.unsent.isEmpty, !side.isHalfClosed else { return }
        side.isHalfClosed = true
        side.link.halfClose()
    }
}
