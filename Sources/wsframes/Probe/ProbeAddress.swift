/// What to probe, as the user writes it: `ws://host:port/path`, `wss://…`, `ws+unix:/path/of/socket:/path`, or
/// `host:port` to listen on.
struct ProbeAddress {
    /// As it was given.
    let text: String
    let host: String
    let port: UInt16
    /// The target of the request, with its query.
    let path: String
    /// The path of a Unix socket, if the address names one.
    let socketPath: String?
    let isSecure: Bool

    /// Parses an address that a client connects to.
    init(_ text: String) throws(UsageError) {
        self.text = text
        let scheme = String(text.prefix { $0 != ":" }).lowercased()
        if scheme == "ws+unix" {
            var rest = text.dropFirst("ws+unix:".count)
            if rest.hasPrefix("///") { rest = rest.dropFirst(2) }
            let parts = rest.split(separator: ":", maxSplits: 1)
            guard let first = parts.first else { throw Self.usage(text) }
            socketPath = String(first)
            path = parts.count == 2 ? String(parts[1]) : "/"
            (host, port, isSecure) = ("localhost", 80, false)
            return
        }
        guard scheme == "ws" || scheme == "wss", text.dropFirst(scheme.count).hasPrefix("://") else {
            throw Self.usage(text)
        }
        isSecure = scheme == "wss"
        let rest = text.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let target = rest.dropFirst(authority.count).prefix { $0 != "#" }
        path = target.hasPrefix("/") ? String(target) : "/" + target
        socketPath = nil
        (host, port) = try Self.parts(String(authority), of: text, defaultPort: isSecure ? 443 : 80)
    }

    /// Parses an address that a server listens on: `127.0.0.1:9001`, or `:9001` for every address of the machine.
    init(listening text: String) throws(UsageError) {
        self.text = text
        path = "/"
        isSecure = false
        if text.hasPrefix("/") || text.hasPrefix("./") {
            socketPath = text
            (host, port) = ("localhost", 80)
            return
        }
        socketPath = nil
        if text.hasPrefix(":") {
            (host, port) = try Self.parts("[::]" + text, of: text, defaultPort: nil)
        } else {
            (host, port) = try Self.parts(text, of: text, defaultPort: nil)
        }
    }

    /// The host as the request names it: without the scheme's default port.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The name used in messages.
    var place: String { socketPath ?? (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)") }

    /// Returns the socket addresses that it stands for, in the order in which they are tried.
    ///
    /// - Throws: an error if the name does not resolve.
    func endpoints(forListening: Bool = false) throws(SystemFault) -> [SocketEndpoint] {
        if let socketPath { return [try .unix(socketPath)] }
        let endpoints = try SocketEndpoint.resolve(host, port: port, forListening: forListening)
        guard !endpoints.isEmpty else { throw SystemFault(message: "\(host) has no address") }
        return endpoints
    }

    private static func parts(
        _ authority: String, of text: String, defaultPort: UInt16?
    ) throws(UsageError) -> (String, UInt16) {
        var host = authority[...]
        var port = defaultPort
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") {
            guard let number = UInt16(host[host.index(after: colon)...]) else { throw usage(text) }
            port = number
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard let port, !host.isEmpty, !host.contains("@") else { throw usage(text) }
        return (String(host), port)
    }

    private static func usage(_ text: String) -> UsageError {
        UsageError(
            message: "\(quoted(text)) is not an address",
            hint: "ws://localhost:8080/path, wss://…, ws+unix:/run/socket:/path; to listen, 127.0.0.1:9001")
    }
}
