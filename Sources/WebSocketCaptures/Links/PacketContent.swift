/// What one captured packet is, as far as TCP is concerned.
///
/// Every packet is something: if headers contradict themselves or each other it is ``other``.
public enum PacketContent: Sendable, Hashable {
    /// A TCP segment.
    case segment(TCPSegment)
    /// A fragment of an IP packet: the packet is reassembled before it is read.
    case fragment(IPFragment)
    /// Several packets that were sent together by Wi-Fi (A-MSDU), at `range` as far as they were captured.
    case aggregate(Range<Int>, wireEnd: Int)
    /// Anything else: another protocol, or impossible headers.
    case other
    /// The snap length cut the packet off inside its headers, so it is not known what it is.
    case truncated
    /// An unknown link layer.
    case unknownLink(LinkType)
    /// A layer that is known by name, but not examined.
    case unread(UnreadLayer)

    /// Examines the headers of a packet: link layer, tags, IP, its extension headers, tunnels, TCP. Of checksums only
    /// TCP's is checked, by ``TCPAssembler``: network cards fill them in after the capture.
    ///
    /// - Parameters:
    ///   - record: what the capture says about the packet.
    ///   - bytes: the bytes that were captured.
    public init(of record: PacketRecord, _ bytes: Span<UInt8>) {
        guard let first = PacketLayer(record.link) else {
            self = .unknownLink(record.link)
            return
        }
        var headers = PacketHeaders(captured: bytes.count, original: record.originalLength)
        self = headers.content(of: bytes, from: first)
    }

    /// Examines the contents of a reassembled IP packet.
    init(of packet: FragmentTable.Packet) {
        var headers = PacketHeaders(captured: packet.bytes.count, original: UInt64(packet.bytes.count))
        (headers.source, headers.destination) = (packet.source, packet.destination)
        self = headers.content(of: packet.bytes.span, from: .transport(packet.protocolNumber))
    }
}

/// A fragment of an IP packet (RFC 791 §3.2, RFC 8200 §4.5).
public struct IPFragment: Sendable, Hashable {
    /// The sender.
    public var source: IPAddress
    /// The receiver.
    public var destination: IPAddress
    /// The protocol of the whole packet: 6 for TCP.
    public var protocolNumber: UInt8
    /// The identification that all fragments of a packet share.
    public var identification: UInt32
    /// Its offset in the packet's contents, in bytes.
    public var offset: Int
    /// Whether other fragments follow it.
    public var hasMore: Bool
    /// The range of its bytes among those of the packet that were captured.
    public var payload: Range<Int>
    /// Whether all of its bytes were captured.
    public var isWhole: Bool

    /// Creates a fragment.
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
