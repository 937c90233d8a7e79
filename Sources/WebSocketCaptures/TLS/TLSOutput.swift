/// An event of what TLS carries, in the same form as TCP's events.
enum TLSEvent: Sendable, Hashable {
    /// The next bytes of a side: those of a range of ``TLSOutput/bytes``. The position is that of the packet that
    /// completes their record.
    case bytes(TCPPeer, Range<Int>, PacketPosition?)
    /// The next bytes of a side are missing, or cannot be decrypted. Only its end follows.
    case gap(TCPPeer, count: UInt64?, GapReason, PacketPosition?)
    /// A side sends no more: by its close_notify, or by its FIN if there was none.
    case finished(TCPPeer, PacketPosition?)
    /// A side has reset the connection.
    case reset(TCPPeer, PacketPosition?)
    /// An alert other than close_notify.
    case alert(TCPPeer, TLSAlert, PacketPosition?)
    /// A side ended TCP without a close_notify: what it sent may have been truncated (RFC 8446 §6.1).
    case unclosed(TCPPeer, PacketPosition?)
}

/// What a ``TLSConnectionReader`` has produced from its input.
struct TLSOutput: Sendable {
    private(set) var events: [TLSEvent] = []
    private(set) var bytes: [UInt8] = []

    mutating func append(_ event: TLSEvent) {
        events.append(event)
    }

    /// Adds the next bytes of a side.
    mutating func append(_ content: ArraySlice<UInt8>, of side: TCPPeer, at position: PacketPosition?) {
        guard !content.isEmpty else { return }
        let start = bytes.count
        bytes += content
        events.append(.bytes(side, start..<bytes.count, position))
    }

    /// Forgets what has been passed on.
    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}
