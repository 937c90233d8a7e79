/// One of the two sides of a TCP connection. (Who of them is the WebSocket client is found out later.)
public enum TCPPeer: Sendable, Hashable, CaseIterable {
    /// Who sent the first SYN; where none was captured, who sent the first segment.
    case first
    /// The other one.
    case second

    /// The other side.
    public var other: TCPPeer { self == .first ? .second : .first }
}

/// A TCP connection of a capture.
public struct TCPConnection: Sendable, Hashable {
    /// Its index in the capture, from 0, in the order of the connections' first segments.
    public var index: Int
    /// The address of ``TCPPeer/first``.
    public var first: SocketAddress
    /// The address of ``TCPPeer/second``.
    public var second: SocketAddress
    /// The capture holds its first SYN, so its bytes are seen from the very first.
    public var isSeenFromStart: Bool

    /// Creates a connection.
    public init(index: Int, first: SocketAddress, second: SocketAddress, isSeenFromStart: Bool) {
        self.index = index
        self.first = first
        self.second = second
        self.isSeenFromStart = isSeenFromStart
    }
}

/// Why bytes of a stream are missing.
public enum GapReason: Sendable, Hashable {
    /// No packet of the capture holds them.
    case notCaptured
    /// The packet is there, but the snap length cut it.
    case snapped
    /// So many bytes arrived out of order that they could not be kept any longer.
    case ceiling
}

/// What happens on a TCP connection, in the order in which it is known.
public enum TCPEvent: Sendable, Hashable {
    /// Its first segment.
    case opened(TCPConnection)
    /// The next bytes of a side, in order, every byte once: those that the event comes with.
    case bytes(TCPPeer, PacketPosition)
    /// The next `count` bytes of a side are missing; nil if their number cannot be known. Nothing of that side comes
    /// after it but ``finished(_:_:)`` and ``reset(_:_:)``.
    ///
    /// The packetPosition is that of the packet which was cut, else of the first one after the missing bytes, else of the
    /// connection's last one so far.
    case gap(TCPPeer, count: UInt64?, GapReason, PacketPosition)
    /// A side has sent its FIN, and all bytes before it have come.
    case finished(TCPPeer, PacketPosition)
    /// A side has torn the connection down.
    case reset(TCPPeer, PacketPosition)
    /// Nothing more of this connection will come: it has ended, or its addresses begin another one, or it had to make
    /// room for others, or the capture is at its end.
    case closed
}
