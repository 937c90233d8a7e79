internal import Glibc

/// The system calls, with all unsafe code of this server.
///
/// Each passes the address of a value that lives through the call, or of a buffer together with its own length.
enum Sockets {
    /// A failed system call.
    struct Failure: Error, CustomStringConvertible {
        /// The call and the reason.
        let description: String

        init(_ call: String) {
            description = unsafe call + ": " + String(cString: strerror(errno))
        }
    }

    /// The outcome of reading or writing.
    enum Outcome {
        /// This many bytes.
        case bytes(Int)
        /// Nothing at the moment.
        case notNow
        /// The other end is closed, or gone.
        case end
    }

    /// Returns a listening socket, and its port.
    static func listen(host: String, port: Int) throws(Failure) -> (socket: Int32, port: Int) {
        signal(SIGPIPE, SIG_IGN)  // Writing to a socket that is gone is an error, not the end of the server.
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0, fcntl(socket, F_SETFL, O_NONBLOCK) == 0 else { throw Failure("socket") }
        try set(socket, SOL_SOCKET, SO_REUSEADDR)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port)).bigEndian
        guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw Failure("no IPv4 address: \(host)") }
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard unsafe withGeneric(&address, { unsafe bind(socket, $0, size) }) == 0, Glibc.listen(socket, 1024) == 0
        else { throw Failure("bind \(host):\(port)") }
        guard unsafe withGeneric(&address, { unsafe getsockname(socket, $0, &size) }) == 0
        else { throw Failure("getsockname") }
        return (socket, Int(address.sin_port.bigEndian))
    }

    /// Returns the next waiting connection; nil if there is none.
    static func accept(from listener: Int32) -> Int32? {
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { return nil }
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
        try? set(socket, Int32(IPPROTO_TCP), TCP_NODELAY)
        return socket
    }

    /// Waits until something can be done, at most `milliseconds`.
    static func wait(for sockets: inout [pollfd], milliseconds: Int32) {
        _ = unsafe poll(&sockets, nfds_t(sockets.count), milliseconds)
    }

    /// Reads what has arrived into `buffer`, and passes it on.
    static func receive(
        from socket: Int32, into buffer: inout [UInt8], use: (inout MutableSpan<UInt8>) -> Void
    ) -> Outcome {
        unsafe buffer.withUnsafeMutableBytes { memory in
            let count = unsafe recv(socket, memory.baseAddress, memory.count, 0)
            guard count > 0 else { return outcome(count) }
            var bytes: MutableSpan<UInt8> = unsafe MutableSpan(_unsafeBytes: memory.prefix(count))
            use(&bytes)
            return .bytes(count)
        }
    }

    /// Writes as much of `bytes` as the system accepts.
    static func send(_ bytes: Span<UInt8>, to socket: Int32) -> Outcome {
        unsafe bytes.withUnsafeBytes { memory in
            outcome(unsafe Glibc.send(socket, memory.baseAddress, memory.count, 0))
        }
    }

    /// Announces that nothing more will be sent.
    static func closeOutput(of socket: Int32) { shutdown(socket, Int32(SHUT_WR)) }

    /// Closes a socket.
    static func close(_ socket: Int32) { Glibc.close(socket) }

    /// Returns seconds, counted from an arbitrary point in the past.
    static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }

    private static func outcome(_ count: Int) -> Outcome {
        if count > 0 { return .bytes(count) }
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? .notNow : .end
    }

    private static func set(_ socket: Int32, _ level: Int32, _ option: Int32) throws(Failure) {
        var yes: Int32 = 1
        let status = unsafe setsockopt(socket, level, option, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard status == 0 else { throw Failure("setsockopt") }
    }

    private static func withGeneric<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}

extension Array where Element == UInt8 {
    /// Appends a copy of `bytes`.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
