import NIOWebSocketFrames
import ServerOptions
import WebSocketFrames

/// Sends every message back unchanged, in one frame.
final class Echo: WebSocketApplication {
    private let options: ServerOptions

    init(_ options: ServerOptions) {
        self.options = options
    }

    func receive(_ message: Message, in session: WebSocketSession) throws {
        if message.bytes == options.throwOn { throw RequestedFailure() }
        if message.bytes == options.closeOn { return try session.close(.goingAway, reason: "as you wish") }
        // What arrives after this server's Close is no longer answered.
        guard session.state == .open else { return }
        try session.send(message.kind, message.bytes)
    }
}
