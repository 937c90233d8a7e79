public import WebSocketFrames

/// The sending side of a connection. It may be used by several tasks at once: messages are sent whole, in the order
/// in which they were written.
public struct WebSocketOutbound: Sendable {
    let link: Link

    /// Sends a message. It returns when the transport has accepted the bytes: a task that writes faster than the peer
    /// reads has to wait.
    ///
    /// - Throws: a `SendError` if it may not be sent, for example after a Close; or the transport's error.
    public func write(_ kind: MessageKind, _ payload: [UInt8]) async throws {
        try await link.send { (connection, output) throws(SendError) in
            try connection.send(kind, payload, to: &output)
        }
    }

    /// Sends a text message.
    public func write(_ text: String) async throws { try await write(.text, Array(text.utf8)) }

    /// Sends a message again as it arrived.
    public func write(_ message: Message) async throws { try await write(message.kind, message.bytes) }

    /// Sends a ping or a pong.
    public func write(_ control: ControlFrame) async throws {
        try await link.send { (connection, output) throws(SendError) in try connection.send(control, to: &output) }
    }

    /// Begins the closing handshake. Messages from the peer can still be read until its Close arrives, which ends them.
    public func close(_ code: CloseCode? = .normalClosure, reason: String = "") async throws {
        try await link.send { (connection, output) throws(SendError) in
            try connection.close(code, reason: reason, to: &output)
        }
    }

    /// How close the connection is to its end.
    public var state: Connection.State {
        get async { await link.connection.connection.state }
    }
}
