/// Every link layer that has a name here, with the header that its packets begin with; those without one are only
/// named. A new one needs an entry, and a file with the reader of its header.
enum LinkTable {
    struct Entry: Sendable {
        let numbers: [UInt16]
        let name: String
        let layer: PacketLayer?

        init(_ numbers: UInt16..., name: String, layer: PacketLayer? = nil) {
            self.numbers = numbers
            self.name = name
            self.layer = layer
        }
    }

    static let entries = [
        Entry(0, name: "BSD loopback", layer: .loopback),
        Entry(1, name: "Ethernet", layer: .ethernet),
        Entry(6, name: "Token Ring"),
        Entry(8, name: "SLIP"),
        Entry(9, 50, 166, name: "PPP", layer: .ppp),
        Entry(10, name: "FDDI"),
        Entry(11, 123, name: "ATM"),
        Entry(12, 14, 101, name: "raw IP", layer: .ip),
        Entry(51, name: "PPPoE", layer: .pppoe),
        Entry(104, name: "Cisco HDLC", layer: .ciscoHDLC),
        Entry(105, name: "IEEE 802.11", layer: .wifi),
        Entry(107, name: "Frame Relay"),
        Entry(108, name: "OpenBSD loopback", layer: .networkLoopback),
        Entry(113, name: "Linux cooked", layer: .linuxCooked),
        Entry(117, name: "pflog", layer: .pflog),
        Entry(119, 163, name: "IEEE 802.11 with a Prism or AVS header"),
        Entry(127, name: "IEEE 802.11 with radiotap", layer: .radiotap),
        Entry(138, name: "IP over IEEE 1394"),
        Entry(143, name: "DOCSIS"),
        Entry(149, 258, name: "PKTAP", layer: .pktap),
        Entry(187, 201, name: "Bluetooth HCI"),
        Entry(189, 220, 249, name: "USB"),
        Entry(192, name: "Per-Packet Information", layer: .perPacketInformation),
        Entry(195, 230, name: "IEEE 802.15.4"),
        Entry(204, name: "PPP with a direction", layer: .directedPPP),
        Entry(205, name: "Cisco HDLC with a direction", layer: .directedHDLC),
        Entry(227, name: "CAN"),
        Entry(228, name: "raw IPv4", layer: .ip),
        Entry(229, name: "raw IPv6", layer: .ip),
        Entry(239, name: "NFLOG", layer: .nflog),
        Entry(247, name: "InfiniBand"),
        Entry(252, name: "exported PDUs of Wireshark", layer: .exportedPDU),
        Entry(253, name: "Netlink"),
        Entry(271, name: "VSOCK"),
        Entry(276, name: "Linux cooked, version 2", layer: .linuxCooked2),
    ]

    /// The layers by number.
    static let layers: [PacketLayer?] = {
        var layers = [PacketLayer?](repeating: nil, count: 277)
        for entry in entries {
            for number in entry.numbers { layers[Int(number)] = entry.layer }
        }
        return layers
    }()

    static func name(of link: LinkType) -> String? {
        entries.first { $0.numbers.contains(link.rawValue) }?.name
    }
}
