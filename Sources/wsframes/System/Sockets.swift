// The fence around TCP and Unix sockets: besides SystemCalls, Threads, SystemCryptography and SystemTLS the only file
// of the command line that contains `unsafe`. Each call gets a pointer that lives as long as the call, and its
// length.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The address that a socket connects to or listens on, in the system's form.
struct SocketEndpoint: Sendable {
    fileprivate let family: Int32
    fileprivate let address: [UInt8]

    /// Returns the addresses of a host, in the order in which the system recommends to try them.
    ///
    /// - Throws: an error if the name does not resolve.
    static func resolve(_ host: String, port: UInt16, forListening: Bool = false) throws(SystemFault)
        -> [SocketEndpoint]
    {
        // It contains no pointers, as a hint must not.
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Self.stream
        if forListening { unsafe hints.ai_flags = AI_PASSIVE }
        var list: UnsafeMutablePointer<addrinfo>?
        // Both strings end with a zero and live as long as the call, which writes `list`.
        let status = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard status == 0 else {
            // gai_strerror returns a C string that is never null and stays valid.
            throw SystemFault(message: unsafe String(cString: gai_strerror(status)))
        }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketEndpoint] = []
        var next = unsafe list
        while let entry = unsafe next {
            // An entry lives until freeaddrinfo; its address has ai_addrlen bytes.
            let info = unsafe entry.pointee
            if let address = unsafe info.ai_addr {
                let bytes = unsafe UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen))
                unsafe found.append(SocketEndpoint(family: info.ai_family, address: Array(bytes)))
            }
            unsafe next = info.ai_next
        }
        return found
    }

    /// Returns the address of a Unix socket.
    ///
    /// - Throws: an error if the path is too long for one (107 bytes on Linux).
    static func unix(_ path: String) throws(SystemFault) -> SocketEndpoint {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let size = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < size else {
            throw SystemFault(message: "the path of a Unix socket has at most \(size - 1) bytes")
        }
        // The path and the zero byte that the structure begins with fit into its array.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
            for (index, byte) in path.utf8.enumerated() { unsafe field[index] = byte }
        }
        let bytes = unsafe withUnsafeBytes(of: &address) { unsafe Array($0) }
        return SocketEndpoint(family: AF_UNIX, address: bytes)
    }

    #if canImport(Glibc)
        fileprivate static let stream = Int32(SOCK_STREAM.rawValue)
    #else
        fileprivate static let stream = SOCK_STREAM
    #endif
}

/// The reason for a failure in the system, in words.
struct SystemFault: Error {
    let message: String

    init(message: String) {
        self.message = message
    }

    init(_ error: SystemError) {
        message = error.message
    }
}

/// An end of a TCP connection.
struct NetworkAddress {
    /// 4 bytes of IPv4, or 16 of IPv6.
    var bytes: [UInt8]
    var port: UInt16
}

/// A socket that never blocks, closed when the last reference to it is gone.
final class Socket: Sendable {
    let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    /// Starts to connect; ``finishConnecting()`` returns the outcome once the socket is writable.
    static func connecting(to endpoint: SocketEndpoint) throws(SystemError) -> Socket {
        let descriptor = socket(endpoint.family, SocketEndpoint.stream, 0)
        guard descriptor >= 0 else { throw .last }
        let socket = Socket(descriptor)
        socket.setNoDelay()
        let status = unsafe endpoint.withAddress { unsafe connect(descriptor, $0, $1) }
        if status != 0, errno != EINPROGRESS { throw .last }
        return socket
    }

    /// Listens on an endpoint.
    static func listening(at endpoint: SocketEndpoint) throws(SystemError) -> Socket {
        let descriptor = socket(endpoint.family, SocketEndpoint.stream, 0)
        guard descriptor >= 0 else { throw .last }
        let socket = Socket(descriptor)
        socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        guard unsafe endpoint.withAddress({ unsafe bind(descriptor, $0, $1) }) == 0, listen(descriptor, 128) == 0 else {
            throw .last
        }
        return socket
    }

    /// Listens on the first of `endpoints` on which that is possible.
    ///
    /// - Throws: the reason why it is not, with the `name` of the place.
    static func listening(at endpoints: [SocketEndpoint], named name: String) throws(SystemFault) -> Socket {
        var fault = SystemFault(message: "no address")
        for endpoint in endpoints {
            do throws(SystemError) {
                return try listening(at: endpoint)
            } catch {
                fault = SystemFault(error)
            }
        }
        throw SystemFault(message: "\(name): \(fault.message)")
    }

    /// The port that it listens on; nil for Unix sockets.
    var port: UInt16? { unsafe address { unsafe getsockname($0, $1, $2) }?.port }

    /// The address of its own end; nil for Unix sockets.
    var ownAddress: NetworkAddress? { unsafe address { unsafe getsockname($0, $1, $2) } }

    /// The address of the other end; nil for Unix sockets.
    var peerAddress: NetworkAddress? { unsafe address { unsafe getpeername($0, $1, $2) } }

    @unsafe private func address(
        _ call: (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32
    ) -> NetworkAddress? {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        // The structure has room for every family's address, as `size` says. The port is at the same place in both
        // families that have one, bytes 2 and 3; the address begins at byte 4 in IPv4's, at byte 8 in IPv6's.
        return unsafe withUnsafeMutableBytes(of: &address) { bytes -> NetworkAddress? in
            guard let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                unsafe call(descriptor, base, &size) == 0
            else { return nil }
            let port = unsafe UInt16(bytes[2]) << 8 | UInt16(bytes[3])
            switch Int32(unsafe base.pointee.sa_family) {
            case AF_INET: return NetworkAddress(bytes: unsafe Array(bytes[4..<8]), port: port)
            case AF_INET6: return NetworkAddress(bytes: unsafe Array(bytes[8..<24]), port: port)
            default: return nil
            }
        }
    }

    /// Accepts the next connection; returns nil if none waits.
    func accepting() throws(SystemError) -> Socket? {
        // The peer's address is not needed.
        let descriptor = accept(self.descriptor, nil, nil)
        guard descriptor < 0 else {
            let socket = Socket(descriptor)
            socket.setNoDelay()
            return socket
        }
        if errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ECONNABORTED { return nil }
        throw .last
    }

    /// Returns the reason why connecting failed; nil if it did not.
    func finishConnecting() -> SystemError? {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        // `error` has as many bytes as `size` says.
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return .last }
        return error == 0 ? nil : SystemError(code: error)
    }

    /// What was received.
    enum Received {
        case bytes([UInt8])
        /// The peer has closed its side.
        case end
        /// The peer has reset the connection, or it broke.
        case reset
        /// Nothing yet.
        case nothing
    }

    /// Reads what has arrived, at most 64 KiB.
    func receive() -> Received {
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, filled in
            // The buffer has that capacity, cannot move while this closure runs, and contains what the call has
            // written.
            count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            filled = max(count, 0)
        }
        if count > 0 { return .bytes(bytes) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? .nothing : .reset
    }

    /// Sends as much of `bytes` as the system accepts.
    ///
    /// - Returns: the number of bytes that were accepted; nil if the connection is broken.
    func send(_ bytes: ArraySlice<UInt8>) -> Int? {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            // The slice cannot move while this closure runs.
            unsafe systemSend(descriptor, buffer.baseAddress, buffer.count)
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : nil
    }

    /// Closes the writing side.
    func halfClose() {
        #if canImport(Glibc)
            shutdown(descriptor, Int32(SHUT_WR))
        #else
            shutdown(descriptor, SHUT_WR)
        #endif
    }

    /// Makes closing the socket send a reset, and drop what is left.
    func resetWhenClosed() {
        var value = linger(l_onoff: 1, l_linger: 0)
        // `value` is a whole structure, as the last argument says.
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    }

    private func setNoDelay() { set(Int32(IPPROTO_TCP), TCP_NODELAY, 1) }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        // `value` has as many bytes as the last argument says. A failure only makes it slower.
        _ = unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Does nothing for a while.
    static func pause(seconds: Double) { _ = wait(for: [(Socket, Bool)](), seconds: seconds) }

    /// What can be done without waiting.
    struct Readiness {
        var canRead = false
        var canWrite = false
    }

    /// What to wait for.
    struct Interest {
        var reads = true
        var writes = false
    }

    /// Returns which of `sockets` can be read or written, after at most `seconds`.
    static func wait(for sockets: [(socket: Socket, writes: Bool)], seconds: Double) -> [Readiness] {
        wait(for: sockets.map { ($0.socket, Interest(writes: $0.writes)) }, seconds: seconds)
    }

    /// Waits as above for sockets of which some are not to be read either: those report nothing, whatever happens to
    /// them.
    static func wait(for sockets: [(socket: Socket, interest: Interest)], seconds: Double) -> [Readiness] {
        var entries = sockets.map { entry in
            let interest = entry.interest
            return pollfd(
                // poll skips negative descriptors.
                fd: interest.reads || interest.writes ? entry.socket.descriptor : -1,
                events: Int16((interest.reads ? POLLIN : 0) | (interest.writes ? POLLOUT : 0)), revents: 0)
        }
        let milliseconds = Int32(clamping: Int((max(seconds, 0) * 1000).rounded(.up)))
        let count = entries.count
        // The array has `count` entries and cannot move while this closure runs.
        let ready = unsafe entries.withUnsafeMutableBufferPointer { buffer in
            unsafe poll(buffer.baseAddress, nfds_t(count), milliseconds)
        }
        guard ready > 0 else { return sockets.map { _ in Readiness() } }
        return entries.map { entry in
            let events = Int32(entry.revents)
            let isBroken = events & Int32(POLLERR | POLLHUP | POLLNVAL) != 0
            return Readiness(
                canRead: events & Int32(POLLIN) != 0 || isBroken, canWrite: events & Int32(POLLOUT) != 0 || isBroken)
        }
    }
}

private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe send(descriptor, bytes, count, Int32(MSG_NOSIGNAL))
}

#if canImport(Darwin)
    // On this system a broken pipe is ignored for the whole process.
    private let MSG_NOSIGNAL = 0
#endif

extension SocketEndpoint {
    /// Calls `body` with the address.
    fileprivate func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        unsafe address.withUnsafeBytes { bytes in
            // The bytes are a socket address of the family, as written by getaddrinfo or the initialiser above.
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe body(base.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }
}
