/// What the next bytes of a packet are the header of.
enum PacketLayer: Sendable, Equatable {
    /// Two addresses of 6 bytes, and an EtherType or a length (IEEE 802.3).
    case ethernet
    /// IEEE 802.2.
    case llc
    /// What `tcpdump -i any` puts before packets (LINKTYPE_LINUX_SLL).
    case linuxCooked
    /// Its second version (LINKTYPE_LINUX_SLL2).
    case linuxCooked2
    /// An address family in the byte order of the machine that captured (LINKTYPE_NULL).
    case loopback
    /// An address family with the highest byte first (LINKTYPE_LOOP).
    case networkLoopback
    case ppp, pppoe, ciscoHDLC
    case wifi, radiotap, perPacketInformation
    case nflog, pflog, pktap, exportedPDU
    case vxlan, vxlanGPE, geneve, gtp, teredo
    /// What the EtherType says.
    case etherType(UInt16)
    /// IPv4 or IPv6, as its first four bits say.
    case ip
    /// What the protocol of IPv4 or a next header of IPv6 says.
    case transport(UInt8)
    /// Known, and not looked into.
    case unread(UnreadLayer)

    /// What packets of a link begin with; nil if it is not known here.
    @inline(__always)
    init?(_ link: LinkType) {
        let number = Int(link.rawValue)
        guard number < LinkTable.layers.count, let layer = LinkTable.layers[number] else { return nil }
        self = layer
    }
}
