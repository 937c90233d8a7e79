public import WebSocketFrames

/// What an author writes: the part of a server after the frames, one value a connection.
public protocol WebSocketApplication {
    /// A piece of a message has arrived.
    ///
    /// A message comes in one piece if it came in one frame and in one read, else in several; `slice` says where it
    /// begins and ends, and whether it is text. Throwing ends the connection with 1011.
    ///
    /// - Parameters:
    ///   - payload: the bytes, unmasked; they stay where the network put them, and are gone after the call.
    ///   - slice: what they are.
    ///   - session: the connection, for answers.
    mutating func receive(_ payload: Span<UInt8>, of slice: DataSlice, in session: inout WebSocketSession) throws

    /// The connection has ended; called once.
    ///
    /// - Parameter code: the peer's (1005 where its Close had none), the one that a violation or an error on this side
    ///   was answered with, or 1006 where the peer vanished.
    mutating func closed(_ code: CloseCode)
}

extension WebSocketApplication {
    /// Does nothing.
    public mutating func closed(_ code: CloseCode) {}
}
