/// A connection to the probed implementation: TCP or a Unix socket, with TLS for wss.
struct Link {
    let socket: Socket
    private let session: TLSSession?
    private(set) var isConnected: Bool
    private var isSecured: Bool

    /// Starts to connect.
    ///
    /// - Throws: the error that the system reports at once.
    init(to server: ProbeServer) throws(SystemFault) {
        do throws(SystemError) {
            socket = try Socket.connecting(to: server.endpoint)
        } catch {
            throw SystemFault(error)
        }
        session =
            server.isSecure
            ? try TLSSession(over: socket, host: server.host, checksCertificate: server.checksCertificate) : nil
        isConnected = false
        isSecured = !server.isSecure
    }

    /// Creates the link for a connection from a client.
    init(accepted socket: Socket) {
        self.socket = socket
        session = nil
        (isConnected, isSecured) = (true, true)
    }

    /// Whether bytes can be sent and received.
    var isOpen: Bool { isConnected && isSecured }

    /// Whether opening it can continue only when the socket is writable.
    var wantsToWrite: Bool { !isConnected || (session?.wantsToWrite ?? false) }

    /// Continues opening the connection when the socket is ready.
    ///
    /// - Throws: the reason why there is no connection.
    mutating func open(_ ready: Socket.Readiness) throws(SystemFault) {
        if !isConnected {
            guard ready.canWrite else { return }
            if let error = socket.finishConnecting() { throw SystemFault(error) }
            isConnected = true
        }
        if !isSecured, let session { isSecured = try session.shakeHands() }
    }

    func receive() -> Socket.Received { session?.receive() ?? socket.receive() }

    /// - Returns: the number of bytes that were accepted; nil if the connection is broken.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? { session.map { $0.send(bytes) } ?? socket.send(bytes) }

    /// Announces that nothing more will be sent.
    func halfClose() { session.map { $0.halfClose() } ?? socket.halfClose() }
}

/// The server that the connections of a probe go to.
struct ProbeServer {
    let endpoint: SocketEndpoint
    /// The name that the certificate must be valid for.
    var host = ""
    var isSecure = false
    var checksCertificate = true

    /// Connects once, waiting for no longer than `seconds`.
    ///
    /// - Throws: the reason why that is not possible.
    func reach(seconds: Double) throws(SystemFault) {
        var link = try Link(to: self)
        let deadline = System.seconds + seconds
        while !link.isOpen {
            let left = deadline - System.seconds
            guard left > 0 else {
                let what = link.isConnected ? "no TLS handshake" : "no connection"
                throw SystemFault(message: "\(what) within \(Int(seconds.rounded(.up))) s")
            }
            try link.open(Socket.wait(for: [(link.socket, link.wantsToWrite)], seconds: left)[0])
        }
    }

    /// Returns the first of an address's servers that accepts a connection.
    ///
    /// - Throws: the reason why none does within `seconds`, with the name of the place.
    static func reachable(
        _ address: ProbeAddress, checksCertificate: Bool, _ seconds: Double
    ) throws(SystemFault) -> ProbeServer {
        var fault: SystemFault?
        do throws(SystemFault) {
            for endpoint in try address.endpoints() {
                let server = ProbeServer(
                    endpoint: endpoint, host: address.host, isSecure: address.isSecure,
                    checksCertificate: checksCertificate)
                do throws(SystemFault) {
                    try server.reach(seconds: seconds)
                    return server
                } catch {
                    fault = fault ?? error
                }
            }
        } catch {
            fault = error
        }
        throw SystemFault(message: "\(address.place): \(fault?.message ?? "no address")")
    }
}
