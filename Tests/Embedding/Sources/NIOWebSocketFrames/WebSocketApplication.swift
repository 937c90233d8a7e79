public import NIOCore
public import WebSocketFrames

/// What an author writes: the part of a server above the frames, one object per connection.
///
/// Every function is called on the connection's event loop, and may do anything there: send, close, throw, close the
/// channel, remove the handler.
public protocol WebSocketApplication: AnyObject {
    /// The connection is open. Throwing ends it with 1011.
    func opened(_ session: WebSocketSession) throws

    /// A whole message has arrived. Throwing ends the connection with 1011.
    func receive(_ message: Message, in session: WebSocketSession) throws

    /// Called once, when the connection has ended.
    ///
    /// - Parameter code: the peer's code (1005 if its Close had none), the code with which a violation or an error on
    ///   this side was answered, or 1006 if the peer vanished.
    func closed(_ code: CloseCode)
}

extension WebSocketApplication {
    /// Does nothing.
    public func opened(_ session: WebSocketSession) {}
    /// Does nothing.
    public func closed(_ code: CloseCode) {}
}

/// A connection as its application sees it, to be used on its event loop.
///
/// From elsewhere, write a ``WebSocketMessage`` to ``channel``.
public struct WebSocketSession {
    /// The channel, with its address and event loop.
    public let channel: any Channel
    /// The request that opened the connection.
    public let request: HandshakeRequest
    /// What the handshake agreed on.
    public let agreement: HandshakeAgreement

    let sender: any WebSocketSender

    /// Whether both endpoints may send, this one has sent its Close, or the connection is over.
    public var state: Connection.State { sender.state }

    /// Sends a message.
    ///
    /// - Throws: the reason why it may not be sent: the connection is closed, or this end has sent its Close.
    public func send(_ kind: MessageKind, _ payload: [UInt8]) throws(SendError) {
        try sender.send { (connection, output) throws(SendError) in
            try connection.send(kind, payload, to: &output)
        }
    }

    /// Sends a text message.
    public func send(_ text: String) throws(SendError) { try send(.text, Array(text.utf8)) }

    /// Sends a ping or a pong.
    public func send(_ control: ControlFrame) throws(SendError) {
        try sender.send { (connection, output) throws(SendError) in try connection.send(control, to: &output) }
    }

    /// Begins the closing handshake.
    public func close(_ code: CloseCode? = .normalClosure, reason: String = "") throws(SendError) {
        try sender.send { (connection, output) throws(SendError) in
            try connection.close(code, reason: reason, to: &output)
        }
    }
}

/// What may be written to the channel, from any thread.
public enum WebSocketMessage: Sendable {
    /// A text message.
    case text(String)
    /// A binary message.
    case binary([UInt8])
    /// A ping, a pong or a Close.
    case control(ControlFrame)
}

/// The object that sends for a session: the handler.
protocol WebSocketSender: AnyObject {
    var state: Connection.State { get }

    func send(
        _ body: (inout MessageConnection, inout ByteBuffer) throws(SendError) -> Void
    ) throws(SendError)
}
