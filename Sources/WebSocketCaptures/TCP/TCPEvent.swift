/// One of the two sides of a TCP connection. (Which one is the WebSocket client is determined later.)
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
    /// Whether the capture contains its first SYN, so that its bytes are seen from the very first.
    public var isSeenFromStart: Bool

    /// Creates a connection.
    public init(index: Int, first: SocketAddress, second: SocketAddress, isSeenFromStart: Bool) {
        self.index = index
        self.first = first
        self.second = second
        self.isSeenFromStart = isSeenFromStart
    }
}

/// The reason why bytes of a stream are missing.
public enum GapReason: Sendable, Hashable {
    /// No packet of the capture contains them.
    case notCaptured
    /// The packet was captured, but the snap length cut it off.
    case snapped
    /// Too many bytes arrived out of order to be kept any longer.
    case ceiling
    /// TLS carries them, and their records cannot be decrypted.
    case encrypted(TLSObstacle)
    /// HTTP/2 carries them, and its frames or header blocks cannot be read any further.
    case brokenHTTP2
    /// They were captured, but where a frame begins among them was not found.
    case noFrames
}

/// What does not fit a TCP connection and would be ignored by a receiver (RFC 9293 §3.10.7, RFC 5961).
public enum StraySegment: Sendable, Hashable, CaseIterable {
    /// A RST that is not at the next expected byte, while segments of the connection continue.
    case reset
    /// A SYN with another initial sequence number, while segments of the connection continue.
    case synchronization
    /// An acknowledgment of bytes that cannot be in flight: they are beyond the receiver's window.
    case acknowledgment
    /// Bytes or a FIN far beyond the receiver's window.
    case outsideWindow
    /// A FIN among bytes that continue after it.
    case end
}

/// An event of a TCP connection, in the order in which it becomes known.
public enum TCPEvent: Sendable, Hashable {
    /// Its first segment.
    case opened(TCPConnection)
    /// The next bytes of a side, in order, every byte once: those passed with the event.
    case bytes(TCPPeer, PacketPosition)
    /// The next `count` bytes of a side are missing; what comes of it next follows them. Nil if their number is not
    /// known: then another gap at the same place that has it comes before any bytes of the side.
    ///
    /// The position is that of the packet that was cut off, otherwise that of the first packet which shows that the
    /// bytes were sent: one that acknowledges them, or one with bytes after them.
    case gap(TCPPeer, count: UInt64?, GapReason, PacketPosition)
    /// Two copies of the bytes that a side sent there differ. The first copy counts, and it is not known which of
    /// them its peer accepted. The offset counts the bytes of the side that were handed over.
    case contradiction(TCPPeer, offset: UInt64, PacketPosition)
    /// A segment that a side sent, as far as its addresses say, and that was ignored.
    case stray(TCPPeer, StraySegment, PacketPosition)
    /// A segment of a side whose checksum proves it broken. If its bytes were used, because the peer acknowledged
    /// them and no other copy arrived, the offset is their position, counted in the bytes of the side that were
    /// handed over; nil if it was ignored, as a receiver ignores it (RFC 9293 §3.1).
    case broken(TCPPeer, offset: UInt64?, PacketPosition)
    /// A side has sent its FIN, and all bytes before it have arrived or were reported missing.
    case finished(TCPPeer, PacketPosition)
    /// A side has reset the connection.
    case reset(TCPPeer, PacketPosition)
    /// Nothing more of this connection will come: it has ended, its addresses begin another one, it had to make room
    /// for others, or the capture is at its end.
    case closed
}
