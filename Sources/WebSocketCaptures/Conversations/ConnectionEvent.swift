/// What happens on a connection, where the place of it may not be known.
enum ConnectionEvent: Sendable {
    case bytes(TCPPeer, PacketPosition?)
    case gap(TCPPeer, count: UInt64?, GapReason, PacketPosition?)
    case finished(TCPPeer, PacketPosition?)
    case reset(TCPPeer, PacketPosition?)
    case contradiction(TCPPeer, offset: UInt64, PacketPosition?)
    case stray(TCPPeer, StraySegment, PacketPosition?)
    case broken(TCPPeer, offset: UInt64?, PacketPosition?)
    /// As much is held of all connections as can be.
    case ceiling
    case closed
}
