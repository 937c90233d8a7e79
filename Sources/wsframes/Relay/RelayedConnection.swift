/// A client's connection and the one to the server that belongs to it: what one side sends, the other gets, unchanged.
final class RelayedConnection {
    /// While the other side has more than this still to take, in bytes, nothing is read: TCP then slows the sender down.
    private static let mostUnsent = 1 << 20

    /// One of the two connections.
    private struct Side {
        var link: Link
        /// What is still to be sent to it.
        var unsent: [UInt8] = []
        /// It has said that it sends nothing more.
        var hasEnded = false
        /// What the other side has ended was ended here too.
        var isHalfClosed = false
    }

    private var client: Side
    private var server: Side
    private var packets: RelayedPackets
    private var hasBegun = false
    private let deadline: Double
    private(set) var isOver = false
    /// Why the server was not reached.
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
                ? !side.hasEnded && other.unsent.count < Self.mostUnsent && other.link.isOpen : true,
            writes: side.link.isOpen ? !side.unsent.isEmpty : side.link.wantsToWrite)
    }

    /// Passes on what has come.
    ///
    /// - Parameter visit: is given what passed, as packets of a capture, after it was passed on.
    func go(_ clientReady: Socket.Readiness, _ serverReady: Socket.Readiness, _ visit: ([UInt8]) -> Void) {
        guard server.link.isOpen else { return connect(serverReady, visit) }
        if clientReady.canRead { pass(from: &client, to: &server, fromClient: true, visit) }
        if serverReady.canRead { pass(from: &server, to: &client, fromClient: false, visit) }
        if clientReady.canWrite { Self.flush(&client) }
        if serverReady.canWrite { Self.flush(&server) }
        Self.halfClose(&client, after: server)
        Self.halfClose(&server, after: client)
        if client.isHalfClosed, server.isHalfClosed { isOver = true }
    }

    private func connect(_ ready: Socket.Readiness, _ visit: ([UInt8]) -> Void) {
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
        visit(packets.opening(at: System.nanosecondsSince1970))
    }

    private func pass(from side: inout Side, to other: inout Side, fromClient: Bool, _ visit: ([UInt8]) -> Void) {
        guard !side.hasEnded else { return }
        switch side.link.receive() {
        case .bytes(let bytes):
            let time = System.nanosecondsSince1970
            other.unsent += bytes
            Self.flush(&other)
            visit(packets.data(bytes, fromClient: fromClient, at: time))
        case .end:
            side.hasEnded = true
            visit(packets.end(fromClient: fromClient, isReset: false, at: System.nanosecondsSince1970))
        case .reset:
            visit(packets.end(fromClient: fromClient, isReset: true, at: System.nanosecondsSince1970))
            other.link.socket.resetWhenClosed()
            isOver = true
        case .nothing: break
        }
    }

    private static func flush(_ side: inout Side) {
        var sent = 0
        while sent < side.unsent.count {
            guard let count = side.link.send(side.unsent[sent...]) else {
                // It broke: that is heard when it is read.
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
