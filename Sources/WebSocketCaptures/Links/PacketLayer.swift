/// What the next bytes of a packet are the header of.
enum PacketLayer: Sendable {
    /// Two addresses of 6 bytes, and an EtherType.
    case ethernet
    /// What `tcpdump -i any` puts before packets (LINKTYPE_LINUX_SLL).
    case linuxCooked
    /// Its second version (LINKTYPE_LINUX_SLL2).
    case linuxCooked2
    /// An address family in the byte order of the machine that captured (LINKTYPE_NULL).
    case loopback
    /// An address family with the highest byte first (LINKTYPE_LOOP).
    case networkLoopback
    /// What the EtherType says.
    case etherType(UInt16)
    /// IPv4 or IPv6, as its first four bits say.
    case ip
    /// What the protocol of IPv4 or a next header of IPv6 says.
    case transport(UInt8)

    /// What packets of a link begin with; nil if it is not known here.
    @inline(__always)
    init?(_ link: LinkType) {
        switch link {
        case .ethernet: self = .ethernet
        case .linuxCooked: self = .linuxCooked
        case .linuxCooked2: self = .linuxCooked2
        case .loopback: self = .loopback
        case .networkLoopback: self = .networkLoopback
        case .rawIP, .rawIP12, .rawIP14, .rawIPv4, .rawIPv6: self = .ip
        default: return nil
        }
    }
}
