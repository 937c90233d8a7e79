import Testing
import WebSocketCaptures

@Suite("Link layers")
struct LinkLayerTests {
    typealias P = PacketBytes

    /// What is before the IP packet, for each way there is.
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
        return links
    }()

    @Test("IPv4 and IPv6 after each")
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

    @Test("padding and check sequences after the packet are no payload")
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

    @Test("what a snap length leaves of each", arguments: [false, true])
    func snapped(isIPv6: Bool) {
        for (name, link, front) in Self.links {
            let ip = isIPv6 ? P.ipv6(P.tcp()) : P.ipv4(P.tcp())
            let packet = front + ip
            let addresses = isIPv6 ? P.v6 : P.v4
            // After the flags of TCP's header all is known but the payload.
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

    @Test("what is neither")
    func other() {
        #expect(P.content(1, P.ethernet(0x0806, P.number(0, 28))) == .other)
        #expect(P.content(1, P.ethernet(0x002E, P.ipv4(P.tcp()))) == .other)
        #expect(P.content(1, P.ethernet(0x8864, [0x11, 0, 0, 1, 0, 99, 0xC0, 0x21] + P.ipv4(P.tcp()))) == .other)
        #expect(P.content(1, P.ethernet(0x0800, [0x50] + P.number(0, 40))) == .other)
        #expect(P.content(0, P.number(7, 4) + P.ipv4(P.tcp())) == .other)
        #expect(P.content(108, P.number(2, 4).reversed() + P.ipv4(P.tcp())) == .other)
        #expect(P.content(1, []) == .other)
        #expect(P.content(1, [], original: 60) == .truncated)
        #expect(P.content(105, P.ipv4(P.tcp())) == .unknownLink(LinkType(rawValue: 105)))
    }

    @Test("tags without end")
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
