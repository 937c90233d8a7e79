import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Link layers")
struct LinkLayerTests {
    typealias P = PacketBytes

    /// The bytes before the IP packet, for each link layer.
    static let links: [(name: String, link: UInt16, front: [UInt8])] = {
        var links: [(String, UInt16, [UInt8])] = [
            ("Ethernet", 1, P.ethernet(0x0800, [])),
            ("a tag", 1, P.ethernet(0x8100, P.tag(0x0800, []))),
            ("two tags", 1, P.ethernet(0x88A8, P.tag(0x8100, P.tag(0x0800, [])))),
            ("three tags", 1, P.ethernet(0x9100, P.tag(0x9100, P.tag(0x8100, P.tag(0x0800, []))))),
            ("PPPoE", 1, P.ethernet(0x8864, [0x11, 0, 0, 1, 0, 99, 0x00, 0x21])),
            ("MPLS", 1, P.ethernet(0x8847, [0, 0, 0, 64, 0, 0, 1, 64])),
            ("SLL", 113, P.cooked(0x0800, [])),
            ("SLL with a tag", 113, P.cooked(0x8100, P.tag(0x0800, []))),
            ("SLL2", 276, P.cooked2(0x0800, [])),
        ]
        for link in [UInt16(101), 12, 14, 228, 229] { links.append(("raw IP", link, [])) }
        for family in [2, 24, 28, 30, 10, 23] {
            links.append(("NULL, big-endian", 0, P.number(family, 4)))
            links.append(("NULL, little-endian", 0, P.number(family, 4).reversed()))
            links.append(("LOOP", 108, P.number(family, 4)))
        }
        return links + more + tunnels
    }()

    private static let more: [(String, UInt16, [UInt8])] = {
        let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0]
        let beacon: [UInt8] = Array(repeating: 0xEE, count: 22)
        // A presence word, two values, and the packet's value, which runs to the end.
        let log: [UInt8] = [2, 0, 0, 7, 8, 0, 1, 0, 8, 0, 3, 0, 5, 0, 10, 0, 0x61, 0, 0, 0, 0xFF, 0xFF, 9, 0]
        return [
            ("PPP", 9, [0xFF, 3, 0, 0x21]), ("PPP, short", 9, [0x21]), ("PPP, plain", 9, [0, 0x21]),
            ("PPP on a serial line", 50, [0x0F, 0, 8, 0]), ("PPPoE", 51, [0x11, 0, 0, 1, 0, 99, 0, 0x21]),
            ("Cisco HDLC", 104, [0x0F, 0, 8, 0]),
            ("PPP with a direction", 204, [1, 0xFF, 3, 0, 0x21]), ("Cisco HDLC with one", 205, [0, 0x0F, 0, 8, 0]),
            ("802.3 in a VLAN", 1, P.ethernet(0x8100, P.tag(1500, snap))),
            ("802.3", 1, P.ethernet(1500, snap)), ("802.3 without SNAP", 1, P.ethernet(1500, [6, 6, 3])),
            ("802.11", 105, [8, 1] + beacon + snap), ("802.11 QoS", 105, [0x88, 1] + beacon + [0, 0] + snap),
            ("802.11 between access points", 105, [8, 3] + beacon + Array(repeating: 0xEE, count: 6) + snap),
            ("802.11 A-MSDU", 105, [0x88, 1] + beacon + [0x80, 0] + Array(repeating: 0xEE, count: 14) + snap),
            ("radiotap", 127, [0, 0, 8, 0, 0, 0, 0, 0, 8, 1] + beacon + snap),
            (
                "radiotap, padded", 127,
                [0, 0, 24, 0, 3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x20, 0, 0, 0, 0, 0, 0, 0, 0x88, 1] + beacon
                    + [0, 0, 0, 0] + snap
            ),
            ("PPI", 192, [0, 0, 8, 0, 105, 0, 0, 0, 8, 1] + beacon + snap),
            ("NFLOG", 239, log), ("pflog", 117, [61, 2] + Array(repeating: 0, count: 62)),
            ("PKTAP", 258, [12, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] + P.ethernet(0x0800, [])),
            ("PDU", 252, [0, 12, 0, 4] + Array("ip\0\0".utf8) + [0, 30, 0, 4, 0, 0, 0, 9, 0, 0, 0, 0]),
            ("PDU with a frame", 252, [0, 12, 0, 4] + Array("eth\0".utf8) + [0, 0, 0, 0] + P.ethernet(0x0800, [])),
        ]
    }()

    static let tunnels: [(String, UInt16, [UInt8])] = {
        func udp(_ port: Int, _ header: [UInt8]) -> [UInt8] {
            P.ipv4([0x12, 0x34] + P.number(port, 2) + [0, 0, 0, 0], protocolNumber: 17, total: 0) + header
        }
        func gre(_ flags: Int, _ type: Int, _ header: [UInt8]) -> [UInt8] {
            P.ipv4(P.number(flags, 2) + P.number(type, 2), protocolNumber: 47, total: 0) + header
        }
        let frame = P.ethernet(0x0800, [])
        return [
            ("VXLAN", 101, udp(4789, [8, 0, 0, 0, 0, 0, 7, 0] + frame)),
            ("VXLAN of Linux", 101, udp(8472, [8, 0, 0, 0, 0, 0, 7, 0] + frame)),
            ("VXLAN-GPE", 101, udp(4790, [0x0C, 0, 0, 1, 0, 0, 7, 0])),
            ("GENEVE", 101, udp(6081, [2, 0, 0x65, 0x58, 0, 0, 7, 0, 1, 2, 3, 4, 5, 6, 7, 8] + frame)),
            ("GENEVE with IP", 101, udp(6081, [0, 0, 8, 0, 0, 0, 7, 0])),
            ("GTP-U", 101, udp(2152, [0x30, 0xFF, 0, 0, 0, 0, 0, 7])),
            ("GTP-U, extended", 101, udp(2152, [0x34, 0xFF, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 0, 9, 0])),
            ("GRE", 101, gre(0, 0x0800, [])), ("GRE with a key", 101, gre(0x2000, 0x0800, [0, 0, 0, 7])),
            ("NVGRE", 101, gre(0x2000, 0x6558, [0, 0, 0, 7] + frame)),
            ("PPTP", 101, gre(0x3081, 0x880B, [0, 9, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 3, 0, 0x21])),
            ("ERSPAN I", 101, gre(0, 0x88BE, frame)),
            ("ERSPAN II", 101, gre(0x1000, 0x88BE, [0, 0, 0, 1] + Array(repeating: 0x10, count: 8) + frame)),
            (
                "ERSPAN III", 101,
                gre(0x1000, 0x22EB, [0, 0, 0, 1, 0x20] + Array(repeating: 0, count: 9) + [0, 0] + frame)
            ),
            (
                "ERSPAN III with more", 101,
                gre(0x1000, 0x22EB, [0, 0, 0, 1, 0x20] + Array(repeating: 0, count: 10) + [1] + P.number(0, 8) + frame)
            ),
            ("IP in IP", 101, P.ipv4([], protocolNumber: 4, total: 0)),
            ("MPLS in UDP", 101, udp(6635, [0, 0, 1, 64])),
            ("EtherIP", 101, P.ipv4([0x30, 0], protocolNumber: 97, total: 0) + frame),
            ("Ethernet in MPLS", 1, P.ethernet(0x8847, [0, 0, 1, 64, 0, 0, 0, 9]) + frame),
            ("Teredo", 101, udp(3544, [])), ("Teredo with an origin", 101, udp(3544, [0, 0] + P.number(7, 6))),
            (
                "Teredo with all", 101,
                udp(3544, [0, 1, 1, 2, 9, 9, 9] + P.number(7, 8) + [0] + [0, 0] + P.number(7, 6))
            ),
        ]
    }()

    @Test("eight nested tunnels, and no more", arguments: [7, 8, 9])
    func nested(depth: Int) {
        let outer = Array(repeatElement(P.ipv4([], protocolNumber: 4, total: 0), count: depth).joined())
        let packet = outer + P.ipv4(P.tcp())
        if depth <= 8 {
            #expect(P.content(101, packet) == P.segment(payload: packet.count - 5..<packet.count))
        } else {
            #expect(P.content(101, packet) == .unread(.tooDeep))
        }
    }

    @Test("every part of a Wi-Fi aggregate, the last of which may be cut off or have a checksum after it")
    func aggregate() throws {
        let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0]
        let addresses = Array(repeating: 0xEE, count: 12) as [UInt8]
        let ip = P.ipv4(P.tcp(options: 0))
        let part = addresses + P.number(8 + ip.count, 2) + snap + ip
        let header = [0x88, 1] + Array(repeating: 0xEE, count: 22) + [0x80, 0] as [UInt8]
        let second = header.count + (part.count + 3) / 4 * 4
        let padding = Array(repeating: 0, count: -part.count & 3) as [UInt8]
        let packet = header + part + padding + part + [1, 2, 3, 4]
        for cut in [0, 7] {
            let bytes = Array(packet.prefix(packet.count - cut))
            guard case .aggregate(let range, let wireEnd) = P.content(105, bytes, original: packet.count) else {
                Issue.record("no aggregate")
                return
            }
            var index = range.lowerBound
            var parts: [PacketContent] = []
            while let next = PacketContent(partAt: &index, ofAggregate: range, wireEnd: wireEnd, bytes.span) {
                parts.append(next)
            }
            let (one, two) = (header.count + part.count, second + part.count)
            let missing = max(0, cut - 4)
            #expect(
                parts == [
                    P.segment(payload: one - 5..<one),
                    P.segment(payload: two - 5..<two - missing, missing: UInt32(missing)),
                ])
        }
    }

    @Test("known, but not supported")
    func unread() {
        func udp(_ port: Int) -> [UInt8] {
            P.ipv4(P.number(9, 2) + P.number(port, 2) + P.number(0, 12), protocolNumber: 17)
        }
        #expect(P.content(101, udp(1701)) == .unread(.l2tp))
        #expect(P.content(101, udp(37008)) == .unread(.tzsp))
        #expect(P.content(101, udp(51820)) == .unread(.wireGuard))
        #expect(P.content(101, udp(1194)) == .unread(.openVPN))
        #expect(P.content(101, udp(5247)) == .unread(.capwap))
        #expect(P.content(101, udp(12222)) == .unread(.lwapp))
        #expect(P.content(101, udp(6080)) == .unread(.gue))
        #expect(P.content(101, udp(4341)) == .unread(.lisp))
        #expect(P.content(101, udp(6343)) == .unread(.sFlow))
        for (start, isQUIC) in [
            ([0xC3, 0, 0, 0, 1, 8], true), ([0xD0, 0x6B, 0x33, 0x43, 0xCF, 20], true), ([0xC3, 0, 0, 0, 1, 21], false),
            ([0x83, 0, 0, 0, 1, 8], false), ([0xC3, 0, 0, 0, 3, 8], false), ([0xC3, 0, 0, 0, 1], false),
        ] as [([UInt8], Bool)] {
            let datagram =
                P.number(443, 2) + P.number(50_000, 2) + P.number(8 + start.count, 2) + P.number(0, 2) + start
            let content = P.content(101, P.ipv4(datagram, protocolNumber: 17))
            #expect(content == (isQUIC ? .unread(.quic) : .other))
        }
        #expect(P.content(101, P.ipv4(P.number(0, 8), protocolNumber: 115)) == .unread(.l2tp))
        #expect(P.content(101, P.ipv4(P.number(0, 8), protocolNumber: 50)) == .unread(.esp))
        for (type, layer) in [
            (0x894F, UnreadLayer.nsh), (0x88E7, .providerBackbone), (0x8926, .vnTag), (0x88E5, .macsec),
            (0x22F3, .trill), (0x8903, .fabricPath), (0x892F, .seamlessRedundancy),
        ] {
            #expect(P.content(1, P.ethernet(type, P.number(0, 40))) == .unread(layer))
        }
        let wifi: [UInt8] = [8, 0x41] + Array(repeating: 0xEE, count: 60)
        #expect(P.content(105, wifi) == .unread(.encryptedWiFi))
        let pdu = [0, 12, 0, 4] + Array("http".utf8) + [0, 0, 0, 0, 1, 2, 3] as [UInt8]
        #expect(P.content(252, pdu) == .unread(.exportedPDU))
        #expect(P.content(101, udp(53)) == .other)
    }

    @Test("headers with wrong lengths", arguments: 0..<300)
    func damaged(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for (_, link, front) in Self.links {
            var packet = front + P.ipv4(P.tcp())
            for _ in 0...random.below(4) {
                packet[random.below(packet.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            let count = random.below(packet.count + 1)
            if case .segment(let segment) = P.content(link, Array(packet.prefix(count)), original: packet.count) {
                #expect(segment.payload.upperBound <= count && segment.payload.lowerBound <= segment.payload.upperBound)
            }
        }
    }

    @Test("IPv4 and IPv6 in each")
    func all() {
        for (name, link, front) in Self.links {
            let four = front + P.ipv4(P.tcp())
            #expect(P.content(link, four) == P.segment(payload: four.count - 5..<four.count), "\(name)")
            let six = front + P.ipv6(P.tcp())
            #expect(P.content(link, six) == P.segment(P.v6, payload: six.count - 5..<six.count), "\(name)")
        }
        let six = P.ethernet(0x86DD, P.ipv6(P.tcp()))
        #expect(P.content(1, six) == P.segment(P.v6, payload: six.count - 5..<six.count))
    }

    @Test("padding and check sequences after the packet are not payload")
    func padding() {
        for (name, link, front) in Self.links {
            for ip in [P.ipv4(P.tcp()), P.ipv6(P.tcp())] {
                let end = front.count + ip.count
                guard case .segment(let segment) = P.content(link, front + ip + [0, 0, 0, 0, 0, 0]) else {
                    Issue.record("\(name): no segment")
                    continue
                }
                #expect(segment.payload == end - 5..<end, "\(name)")
                #expect(segment.missing == 0)
            }
        }
        let empty = P.ethernet(0x0800, P.ipv4(P.tcp([], options: 0))) + Array(repeating: 0, count: 6)
        #expect(P.content(1, empty) == P.segment(payload: 54..<54))
    }

    @Test("truncated by a snap length", arguments: [false, true])
    func snapped(isIPv6: Bool) {
        for (name, link, front) in Self.links {
            let ip = isIPv6 ? P.ipv6(P.tcp()) : P.ipv4(P.tcp())
            let packet = front + ip
            let addresses = isIPv6 ? P.v6 : P.v4
            // After the flags of the TCP header, only the payload may be incomplete.
            let known = packet.count - 5 - 12 - 6
            for count in 0..<packet.count {
                let content = P.content(link, Array(packet[..<count]), original: packet.count)
                if count < known {
                    #expect(content == .truncated, "\(name), \(count) bytes")
                } else {
                    let start = min(count, packet.count - 5)
                    let missing = UInt32(packet.count - max(count, packet.count - 5))
                    #expect(
                        content == P.segment(addresses, payload: start..<count, missing: missing), "\(name), \(count)")
                }
            }
        }
    }

    @Test("neither IPv4 nor IPv6")
    func other() {
        #expect(P.content(1, P.ethernet(0x0806, P.number(0, 28))) == .other)
        #expect(P.content(1, P.ethernet(0x002E, P.ipv4(P.tcp()))) == .other)
        #expect(P.content(1, P.ethernet(0x8864, [0x11, 0, 0, 1, 0, 99, 0xC0, 0x21] + P.ipv4(P.tcp()))) == .other)
        #expect(P.content(1, P.ethernet(0x0800, [0x50] + P.number(0, 40))) == .other)
        #expect(P.content(0, P.number(7, 4) + P.ipv4(P.tcp())) == .other)
        #expect(P.content(108, P.number(2, 4).reversed() + P.ipv4(P.tcp())) == .other)
        #expect(P.content(1, []) == .other)
        #expect(P.content(1, [], original: 60) == .truncated)
        #expect(P.content(227, P.ipv4(P.tcp())) == .unknownLink(LinkType(rawValue: 227)))
    }

    @Test("endless tags")
    func endless() {
        let tags = Array(repeatElement([0, 1, 0x81, 0] as [UInt8], count: 5000).joined())
        #expect(P.content(1, P.ethernet(0x8100, tags)) == .other)
    }

    @Test("names of link types")
    func names() {
        #expect(LinkType(rawValue: 105).description == "link type 105 (IEEE 802.11)")
        #expect(LinkType.linuxCooked2.description == "link type 276 (Linux cooked, version 2)")
        #expect(LinkType(rawValue: 9999).description == "link type 9999")
    }
}
