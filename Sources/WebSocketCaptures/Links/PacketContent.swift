/// What one captured packet is, seen from TCP.
///
/// Every packet is something: where headers contradict themselves or each other it is ``other``.
public enum PacketContent: Sendable, Hashable {
    /// A segment of TCP.
    case segment(TCPSegment)
    /// A part of an IP packet that was sent in several: they are put together before they are read.
    case fragment(IPFragment)
    /// Anything else: another protocol, or headers that cannot be.
    case other
    /// The snap length cut the packet inside its headers, so that it cannot be reported what it is.
    case truncated
    /// A link layer that is not known here.
    case unknownLink(LinkType)
    /// A layer that is known by name, and not looked into.
    case unread(UnreadLayer)

    /// Looks through the headers of a packet: link layer, tags, IP, its extension headers, tunnels, TCP. Of
    /// checksums only TCP's is looked at, by ``TCPAssembler``: network cards fill them in after the capture.
    ///
    /// - Parameters:
    ///   - record: what the capture says of the packet.
    ///   - bytes: the bytes that were captured.
    public init(of record: PacketRecord, _ bytes: Span<UInt8>) {
        guard let first = PacketLayer(record.link) else {
            self = .unknownLink(record.link)
            return
        }
        var headers = PacketHeaders(captured: bytes.count, original: record.originalLength)
        self = headers.content(of: bytes, from: first)
    }

    /// Looks through what an IP packet holds that was put together.
    init(of packet: FragmentTable.Packet) {
        var headers = PacketHeaders(captured: packet.bytes.count, original: UInt64(packet.bytes.count))
        (headers.source, headers.destination) = (packet.source, packet.destination)
        self = headers.content(of: packet.bytes.span, from: .transport(packet.protocolNumber))
    }
}

/// A part of an IP packet (RFC 791 §3.2, RFC 8200 §4.5).
public struct IPFragment: Sendable, Hashable {
    /// The sender.
    public var source: IPAddress
    /// The receiver.
    public var destination: IPAddress
    /// What the whole packet holds: 6 for TCP.
    public var protocolNumber: UInt8
    /// What all parts of a packet have in common.
    public var identification: UInt32
    /// Where it stands in what the packet holds, in bytes.
    public var offset: Int
    /// Others come after it.
    public var hasMore: Bool
    /// Where its bytes stand among those of the packet that were captured.
    public var payload: Range<Int>
    /// All of its bytes were captured.
    public var isWhole: Bool

    /// Creates a part.
    public init(
        source: IPAddress, destination: IPAddress, protocolNumber: UInt8, identification: UInt32, offset: Int,
        hasMore: Bool, payload: Range<Int>, isWhole: Bool
    ) {
        self.source = source
        self.destination = destination
        self.protocolNumber = protocolNumber
        self.identification = identification
        self.offset = offset
        self.hasMore = hasMore
        self.payload = payload
        self.isWhole = isWhole
    }
}
