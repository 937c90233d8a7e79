/// One of the two ends of a WebSocket connection (RFC 6455 §1.3).
///
/// The sender of a stream decides how its MASK bits must be set: a client masks every frame, a server none (§5.1).
public enum Endpoint: UInt8, Sendable, Hashable, CaseIterable {
    /// The end that opened the connection. It must mask every frame that it sends.
    case client

    /// The end that accepted the connection. It must not mask any frame that it sends.
    case server

    /// The other end: the receiver of what this one sends.
    public var peer: Endpoint {
        self == .client ? .server : .client
    }

    /// `client` or `server`, as every report spells it.
    public var name: String {
        self == .client ? "client" : "server"
    }
}
