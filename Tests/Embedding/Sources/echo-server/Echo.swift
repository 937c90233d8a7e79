import NIOCore
import NIOWebSocketFrames
import ServerOptions
import WebSocketFrames

/// Sends every message back as it came, in one frame.
struct Echo: WebSocketApplication {
    private let options: ServerOptions
    // The pieces of the message that has begun; the limit given to the handler bounds it.
    private var gathered = ByteBuffer()

    init(_ options: ServerOptions) {
        self.options = options
    }

    mutating func receive(
        _ payload: Span<UInt8>, of slice: DataSlice, in session: inout WebSocketSession
    ) throws {
        if slice.beginsMessage && slice.endsMessage {  // The usual case: nothing to gather.
            try obey(payload, in: &session)
            session.send(slice.messageOpcode, payload)
            return
        }
        gathered.write(payload)
        if slice.endsMessage {
            let message = gathered
            gathered = ByteBuffer()
            try obey(message.readableBytesUInt8Span, in: &session)
            session.send(slice.messageOpcode, message)
        }
    }

    /// Two messages, if the command line names them, are orders.
    private func obey(_ message: Span<UInt8>, in session: inout WebSocketSession) throws {
        if Self.is(message, options.throwOn) { throw ToldToFail() }
        if Self.is(message, options.closeOn) { session.close(.goingAway, reason: "as you wish") }
    }

    private static func `is`(_ message: Span<UInt8>, _ order: [UInt8]?) -> Bool {
        guard let order, order.count == message.count else { return false }
        return message.indices.allSatisfy { message[$0] == order[$0] }
    }
}
