extension LinkType {
    /// BSD loopback: the address family in the byte order of the capturing machine.
    public static let loopback = LinkType(rawValue: 0)
    /// Ethernet.
    public static let ethernet = LinkType(rawValue: 1)
    /// IP without a link layer, as numbered in memory by most systems, and in files by some programs.
    public static let rawIP12 = LinkType(rawValue: 12)
    /// Raw IP, as numbered by OpenBSD.
    public static let rawIP14 = LinkType(rawValue: 14)
    /// IP without a link layer.
    public static let rawIP = LinkType(rawValue: 101)
    /// OpenBSD loopback: the address family in big-endian order.
    public static let networkLoopback = LinkType(rawValue: 108)
    /// "Linux cooked", from all interfaces at once.
    public static let linuxCooked = LinkType(rawValue: 113)
    /// IPv4 without a link layer.
    public static let rawIPv4 = LinkType(rawValue: 228)
    /// IPv6 without a link layer.
    public static let rawIPv6 = LinkType(rawValue: 229)
    /// "Linux cooked", version 2.
    public static let linuxCooked2 = LinkType(rawValue: 276)
}

extension LinkType: CustomStringConvertible {
    /// The number, and the name if it is well known: `link type 105 (IEEE 802.11)`.
    public var description: String {
        guard let name = LinkTable.name(of: self) else { return "link type \(rawValue)" }
        return "link type \(rawValue) (\(name))"
    }
}
