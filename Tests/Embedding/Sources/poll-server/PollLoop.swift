import Glibc
import ServerOptions

/// Waits for sockets, and lets each client read and send when it can.
struct PollLoop {
    private let options: ServerOptions
    private let listener: Int32
    private var clients: [Int32: Client] = [:]
    // The sockets to wait for: the listener first, then the clients in any order.
    private var sockets: [pollfd] = []
    // The buffer that all clients read into, one after the other: nothing is kept in it.
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(_ options: ServerOptions) throws(Sockets.Failure) {
        self.options = options
        let (socket, port) = try Sockets.listen(host: options.host, port: options.port)
        listener = socket
        ServerOptions.announce(host: options.host, port: port)
    }

    /// Serves until the process is ended.
    mutating func run() {
        while true { turn() }
    }

    private mutating func turn() {
        sockets.removeAll(keepingCapacity: true)
        sockets.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
        for client in clients.values {
            let events = (client.wantsToReceive ? POLLIN : 0) | (client.wantsToSend ? POLLOUT : 0)
            sockets.append(pollfd(fd: client.socket, events: Int16(events), revents: 0))
        }
        Sockets.wait(for: &sockets, milliseconds: 1000)
        for index in 1..<sockets.count where sockets[index].revents != 0 { serve(sockets[index]) }
        if sockets[0].revents != 0 { acceptAll() }
        dropLateClients()
    }

    private mutating func serve(_ ready: pollfd) {
        guard let client = clients[ready.fd] else { return }
        let events = Int32(ready.revents)
        var isAlive = true
        if events & POLLOUT != 0 { isAlive = client.send() }
        if isAlive && events & POLLIN != 0 { isAlive = client.receive(into: &buffer) }
        if events & (POLLERR | POLLNVAL) != 0 || (events & POLLHUP != 0 && events & POLLIN == 0) { isAlive = false }
        if !isAlive || client.isDone { drop(client) }
    }

    private mutating func acceptAll() {
        while let socket = Sockets.accept(from: listener) {
            clients[socket] = Client(socket: socket, options: options)
        }
    }

    private mutating func dropLateClients() {
        let now = Sockets.now()
        for client in clients.values where client.deadline.map({ $0 < now }) ?? false { drop(client) }
    }

    private mutating func drop(_ client: Client) {
        Sockets.close(client.socket)
        clients[client.socket] = nil
    }
}
