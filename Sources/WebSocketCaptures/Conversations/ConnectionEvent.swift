/// An event on a connection, whose position may not be known.
enum ConnectionEvent: Sendable {
    case bytes(TCPPeer, PacketPosition?)
    case gap(TCPPeer, count: UInt64?, GapReason, PacketPosition?)
    case finished(TCPPeer, PacketPosition?)
    case reset(TCPPeer, PacketPosition?)
    case contradiction(TCPPeer, offset: UInt64, PacketPosition?)
    case stray(TCPPeer, StraySegment, PacketPosition?)
    case broken(TCPPeer, offset: UInt64?, PacketPosition?)
    /// All connections together hold as much as they may.
    case ceiling
    case closed
}
