/// The kind of header that the next bytes of a packet are.
enum PacketLayer: Sendable, Equatable {
    /// Two addresses of 6 bytes, and an EtherType or a length (IEEE 802.3).
    case ethernet
    /// IEEE 802.2.
    case llc
    /// What `tcpdump -i any` prepends to packets (LINKTYPE_LINUX_SLL).
    case linuxCooked
    /// Its second version (LINKTYPE_LINUX_SLL2).
    case linuxCooked2
    /// An address family in the byte order of the capturing machine (LINKTYPE_NULL).
    case loopback
    /// An address family in big-endian order (LINKTYPE_LOOP).
    case networkLoopback
    case ppp, pppoe, ciscoHDLC
    /// After a byte that says whether the packet was sent or received.
    case directedPPP, directedHDLC
    case wifi, radiotap, perPacketInformation
    case nflog, pflog, pktap, exportedPDU
    case vxlan, vxlanGPE, geneve, gtp, teredo
    /// The layer of an EtherType.
    case etherType(UInt16)
    /// IPv4 or IPv6, according to the first four bits.
    case ip
    /// The layer of an IPv4 protocol or an IPv6 next header.
    case transport(UInt8)
    /// Known, but not examined.
    case unread(UnreadLayer)

    /// Creates the layer that packets of a link begin with; nil if it is not known here.
    @inline(__always)
    init?(_ link: LinkType) {
        let number = Int(link.rawValue)
        guard number < LinkTable.layers.count, let layer = LinkTable.layers[number] else { return nil }
        self = layer
    }
}
