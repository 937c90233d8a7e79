import SeededRandom
import Testing
import WebSocketCaptures

@Suite("IP and TCP headers")
struct IPTests {
    typealias P = PacketBytes

    /// A segment whose payload is at the end of the packet.
    private func atEnd(_ packet: [UInt8], _ addresses: (IPAddress, IPAddress) = P.v4) -> PacketContent {
        P.segment(addresses, payload: packet.count - 5..<packet.count)
    }

    @Test("options of IPv4 and of TCP of every length")
    func options() {
        for ipOptions in stride(from: 0, through: 40, by: 4) {
            for options in stride(from: 0, through: 40, by: 4) {
                let packet = P.ipv4(P.tcp(options: options), options: ipOptions)
                #expect(P.content(101, packet) == atEnd(packet))
            }
        }
    }

    /// Ethernet followed by a plain IPv4 header is parsed in one step; a tag between them prevents that.
    @Test("the fast path finds what header-by-header parsing finds")
    func inOneStep() {
        func moved(_ content: PacketContent) -> PacketContent {
            guard case .segment(var segment) = content else { return content }
            segment.payload = (segment.payload.lowerBound + 4)..<(segment.payload.upperBound + 4)
            return .segment(segment)
        }
        func compare(_ packet: [UInt8], original: Int) {
            let plain = P.content(1, P.ethernet(0x0800, packet), original: original + 14)
            let tagged = P.content(1, P.ethernet(0x8100, P.tag(0x0800, packet)), original: original + 18)
            if case .fragment = plain { return }
            #expect(moved(plain) == tagged)
        }
        let whole = P.ipv4(P.tcp())
        for count in 0...whole.count {
            for original in [count, whole.count, 1_600] { compare(Array(whole[..<count]), original: original) }
        }
        for index in 0..<40 {
            for bit in 0..<8 as Range<UInt8> {
                var packet = whole
                packet[index] ^= 1 << bit
                compare(packet, original: packet.count)
            }
        }
        for total in [0, 19, 20, 40, whole.count - 1, whole.count + 1] {
            compare(P.ipv4(P.tcp(), total: total), original: whole.count)
        }
    }

    @Test("without a total length, the packet's own length counts")
    func noLength() {
        let four = P.ipv4(P.tcp(), total: 0)
        #expect(P.content(101, four) == atEnd(four))
        #expect(P.content(101, four, original: four.count + 9) == P.segment(payload: 52..<57, missing: 9))
        let six = P.ipv6(P.tcp(), length: 0)
        #expect(P.content(101, six) == atEnd(six, P.v6))
    }

    @Test("a total length beyond the packet is clipped to the length on the wire")
    func longer() {
        let four = P.ipv4(P.tcp(), total: 1500)
        #expect(P.content(101, four) == P.segment(payload: 52..<57))
        #expect(P.content(101, four, original: 70) == P.segment(payload: 52..<57, missing: 13))
        #expect(P.content(101, P.ipv6(P.tcp(), length: 65535)) == P.segment(P.v6, payload: 72..<77))
        #expect(P.content(101, P.ipv4([], total: 1500)) == .other)
        #expect(P.content(101, P.ipv4([], total: 1500), original: 1500) == .truncated)
    }

    @Test("impossible lengths")
    func impossible() {
        #expect(P.content(101, P.ipv4(P.tcp(), total: 19)) == .other)
        #expect(P.content(101, P.ipv4(P.tcp(), total: 39)) == .other)
        #expect(P.content(101, P.ipv4(P.tcp(options: 0), total: 40)) == P.segment(payload: 40..<40))
        #expect(P.content(101, P.ipv4(P.tcp(), options: 4, total: 23)) == .other)
        var short = P.ipv4(P.tcp())
        short[0] = 0x44
        #expect(P.content(101, short) == .other)
        for dataOffset in 0..<5 { #expect(P.content(101, P.ipv4(P.tcp(dataOffset: dataOffset))) == .other) }
        #expect(P.content(101, P.ipv4(P.tcp(options: 0, dataOffset: 7))) == .other)
        #expect(P.content(101, P.ipv6(P.tcp(), length: 19)) == .other)
    }

    @Test("fragments")
    func fragments() {
        for (bits, offset, hasMore) in [
            (0x2000, 0, true), (0x2001, 8, true), (0x0001, 8, false), (0x1FFF, 65_528, false),
        ] {
            let packet = P.ipv4(P.tcp(), fragment: bits)
            #expect(
                P.content(101, packet)
                    == .fragment(
                        IPFragment(
                            source: P.v4.0, destination: P.v4.1, protocolNumber: 6, identification: 0xABCD,
                            offset: offset, hasMore: hasMore, payload: 20..<packet.count, isWhole: true)))
            let six = P.ipv6([6, 0] + P.number(offset + (hasMore ? 1 : 0), 2) + [1, 2, 3, 4] + P.tcp(), next: 44)
            #expect(
                P.content(101, six)
                    == .fragment(
                        IPFragment(
                            source: P.v6.0, destination: P.v6.1, protocolNumber: 6, identification: 0x0102_0304,
                            offset: offset, hasMore: hasMore, payload: 48..<six.count, isWhole: true)))
        }
        let whole = P.ipv6([6, 0, 0, 0, 1, 2, 3, 4] + P.tcp(), next: 44)
        #expect(P.content(101, whole) == P.segment(P.v6, payload: whole.count - 5..<whole.count))
    }

    @Test("every extension header of IPv6, of several lengths, truncated anywhere")
    func extensionHeaders() {
        for number in [0, 43, 60, 135, 139, 140, 51] {
            for units in 0...3 {
                let length = number == 51 ? (units + 2) * 4 : (units + 1) * 8
                let header = [6, UInt8(units)] + Array(repeating: UInt8(0xEE), count: length - 2)
                let packet = P.ipv6(header + P.tcp(), next: number)
                #expect(P.content(101, packet) == atEnd(packet, P.v6), "\(number)")
                for count in 40..<40 + length {
                    #expect(P.content(101, Array(packet[..<count]), original: packet.count) == .truncated)
                }
                let broken = P.ipv6([6, 255] + P.tcp(), next: number)
                #expect(P.content(101, broken) == .other)
            }
        }
        let chain: [UInt8] = [43, 0, 0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0]
        let packet = P.ipv6(chain + [51, 0, 0, 0, 0, 0, 0, 1] + [6, 1] + P.number(0, 10) + P.tcp(), next: 0)
        #expect(P.content(101, packet) == atEnd(packet, P.v6))
        #expect(P.content(101, P.ipv6([59, 0] + P.number(0, 6) + P.tcp(), next: 0)) == .other)
    }

    @Test("authentication headers in IPv4, and tunnels")
    func tunnels() {
        let inner = P.ipv4(P.tcp())
        for packet in [
            P.ipv4([6, 4] + P.number(0, 22) + P.tcp(), protocolNumber: 51),
            P.ipv4(inner, protocolNumber: 4),
            P.ipv6(inner, next: 4),
            P.ipv4([0, 0, 0x08, 0] + inner, protocolNumber: 47),
            P.ipv4([0xB0, 0, 0x08, 0] + P.number(0, 12) + inner, protocolNumber: 47),
            P.ipv4([0x20, 0, 0x65, 0x58] + P.number(0, 4) + P.ethernet(0x0800, inner), protocolNumber: 47),
        ] {
            #expect(P.content(101, packet) == atEnd(packet))
        }
        let six = P.ipv4(P.ipv6(P.tcp()), protocolNumber: 41)
        #expect(P.content(101, six) == atEnd(six, P.v6))
        #expect(P.content(101, P.ipv4([0x40, 0, 0x08, 0] + inner, protocolNumber: 47)) == .other)
        #expect(P.content(101, P.ipv4([0, 1, 0x08, 0] + inner, protocolNumber: 47)) == .other)
        // The inner packet ends where its header says, not where the outer packet does.
        let padded = P.ipv4(inner + [0, 0, 0], protocolNumber: 4)
        #expect(P.content(101, padded) == P.segment(payload: padded.count - 8..<padded.count - 3))
        var nested = inner
        for _ in 0..<100 { nested = P.ipv4(nested, protocolNumber: 4) }
        #expect(P.content(101, nested) == .unread(.tooDeep))
    }

    @Test("UDP, ICMP and others")
    func others() {
        for number in [1, 17, 58, 132, 255] {
            #expect(P.content(101, P.ipv4(P.tcp(), protocolNumber: number)) == .other)
            #expect(P.content(101, P.ipv6(P.tcp(), next: number)) == .other)
        }
    }

    @Test("arbitrary bytes never trap, and a payload lies within them")
    func random() {
        var numbers = SplitMix64(seed: 1981)
        let links = LinkLayerTests.links
        for round in 0..<6000 {
            let (_, link, front) = links[round % links.count]
            var bytes = front + (round % 3 == 0 ? P.ipv6(P.tcp()) : P.ipv4(P.tcp(), options: 4 * (round % 4)))
            for _ in 0..<Int.random(in: 1...5, using: &numbers) {
                bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            if round % 2 == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &numbers)) }
            for original in [bytes.count, 0, bytes.count + 50, .max] {
                guard case .segment(let segment) = P.content(link, bytes, original: original) else { continue }
                #expect(segment.payload.lowerBound >= 0)
                #expect(segment.payload.upperBound <= bytes.count)
            }
        }
    }

    @Test("a wire length above any limit")
    func hugeOriginal() {
        let packet = P.ipv4(P.tcp(), total: 0)
        let record = PacketRecord(
            packetPosition: PacketPosition(packet: 1, time: nil), link: .rawIP, originalLength: .max)
        #expect(PacketContent(of: record, packet.span) == P.segment(payload: 52..<57, missing: .max))
    }
}
