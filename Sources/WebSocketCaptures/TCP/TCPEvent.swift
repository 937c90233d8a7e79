/// One of the two sides of a TCP connection. (Which one is the WebSocket client is found out later.)
public enum TCPPeer: Sendable, Hashable, CaseIterable {
    /// The sender of the first SYN; if none was captured, of the first segment.
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
    /// The packet was captured, but the snap length cut it off.
    case snapped
    /// Too many bytes arrived out of order to be kept any longer.
    case ceiling
    /// TLS carries them, and their records cannot be opened.
    case encrypted(TLSObstacle)
    /// HTTP/2 carries them, and its frames or header blocks cannot be read any further.
    case brokenHTTP2
}

/// What does not fit a TCP connection, so that a receiver would ignore it (RFC 9293 §3.10.7, RFC 5961).
public enum StraySegment: Sendable, Hashable, CaseIterable {
    /// A RST that is not at the next expected byte, while segments of the connection go on.
    case reset
    /// A SYN with another initial sequence number, while segments of the connection go on.
    case synchronization
    /// An acknowledgment of bytes that cannot be on their way: they are beyond the receiver's window.
    case acknowledgment
    /// Bytes or a FIN far beyond the receiver's window.
    case outsideWindow
}

/// What happens on a TCP connection, in the order in which it is known.
public enum TCPEvent: Sendable, Hashable {
    /// Its first segment.
    case opened(TCPConnection)
    /// The next bytes of a side, in order, every byte once: those that the event comes with.
    case bytes(TCPPeer, PacketPosition)
    /// The next `count` bytes of a side are missing; what comes of it next follows them. Nil if their number is not known:
    /// then no bytes of the side come before another gap at the same place says it.
    ///
    /// The position is that of the packet which was cut. Else it is that of the first packet which shows that the bytes
    /// were sent: one that acknowledges them, or one with bytes after them.
    case gap(TCPPeer, count: UInt64?, GapReason, PacketPosition)
    /// Two copies of the bytes that a side sent there differ. The first copy counts, and which of them its peer took is
    /// not known. The offset counts the bytes of the side that were handed over.
    case contradiction(TCPPeer, offset: UInt64, PacketPosition)
    /// A segment that a side sent, as far as its addresses say, and that was ignored.
    case stray(TCPPeer, StraySegment, PacketPosition)
    /// A segment of a side whose checksum proves it broken. Where its bytes were taken, as the peer acknowledged them and no
    /// other copy came, the offset says where, counted in the bytes of the side that were handed over; nil if it was
    /// ignored, as a receiver ignores it (RFC 9293 §3.1).
    case broken(TCPPeer, offset: UInt64?, PacketPosition)
    /// A side has sent its FIN, and all bytes before it have come, or were reported missing.
    case finished(TCPPeer, PacketPosition)
    /// A side has torn the connection down.
    case reset(TCPPeer, PacketPosition)
    /// Nothing more of this connection will come: it has ended, or its addresses begin another one, or it had to make
    /// room for others, or the capture is at its end.
    case closed
}
