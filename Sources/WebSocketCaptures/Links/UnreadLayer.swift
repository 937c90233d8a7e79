/// A layer that is known by name, but whose packets are not examined.
public enum UnreadLayer: String, Sendable, Hashable, CaseIterable {
    /// RFC 2661, RFC 3931.
    case l2tp = "L2TP"
    case tzsp = "TZSP"
    /// RFC 8300.
    case nsh = "NSH"
    /// IEEE 802.1ah, MAC in MAC.
    case providerBackbone = "IEEE 802.1ah"
    /// Cisco's tag, EtherType 0x8926.
    case vnTag = "VN-Tag"
    /// IEEE 802.1AE.
    case macsec = "MACsec"
    /// RFC 6325.
    case trill = "TRILL"
    /// Cisco's, EtherType 0x8903.
    case fabricPath = "FabricPath"
    /// IEC 62439-3, EtherType 0x892F.
    case seamlessRedundancy = "HSR"
    /// IPsec's encrypted payload (RFC 4303).
    case esp = "ESP (IPsec)"
    case wireGuard = "WireGuard"
    case openVPN = "OpenVPN"
    /// RFC 5415: what access points send to their controller.
    case capwap = "CAPWAP"
    /// RFC 5412, which came before it.
    case lwapp = "LWAPP"
    /// Generic UDP Encapsulation, as Linux has it (draft-ietf-intarea-gue).
    case gue = "GUE"
    /// RFC 9300.
    case lisp = "LISP"
    /// Samples of packets that pass a switch.
    case sFlow = "sFlow"
    /// RFC 9000 and RFC 9369: packets with a long header, with which each connection begins.
    case quic = "QUIC (HTTP/3)"
    /// A data frame of IEEE 802.11 with the Protected bit.
    case encryptedWiFi = "encrypted IEEE 802.11"
    /// PDUs that Wireshark exported above TCP.
    case exportedPDU = "Wireshark's exported PDUs of what is above TCP"
    /// More than eight tunnels.
    case tooDeep = "more than eight tunnels, one in the other"
}
