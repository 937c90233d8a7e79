/// What one captured packet is, seen from TCP.
///
/// Every packet is something: where headers contradict themselves or each other it is ``other``.
public enum PacketContent: Sendable, Hashable {
    /// A segment of TCP.
    case segment(TCPSegment)
    /// A part of an IP packet that was sent in several. They are not put together.
    case fragment(IPFragment)
    /// Anything else: another protocol, or headers that cannot be.
    case other
    /// The snap length cut the packet inside its headers, so that it cannot be reported what it is.
    case truncated
    /// A link layer that is not known here.
    case unknownLink(LinkType)

    /// Looks through the headers of a packet: link layer, tags, IP, its extension headers, tunnels, TCP. Checksums are
    /// not verified: network cards fill them in after the capture.
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
}

/// A part of an IP packet.
public struct IPFragment: Sendable, Hashable {
    /// Who sent it.
    public var source: IPAddress
    /// Who it was sent to.
    public var destination: IPAddress
    /// The whole packet is one of TCP.
    public var isTCP: Bool

    /// Creates a fragment.
    public init(source: IPAddress, destination: IPAddress, isTCP: Bool) {
        self.source = source
        self.destination = destination
        self.isTCP = isTCP
    }
}
