import Testing
import WebSocketCaptures

/// A receiver drops a segment with a wrong checksum (RFC 9293 §3.1); so does the assembler, if the side's checksums are otherwise
/// right.
@Suite("Checksums of TCP")
struct ChecksumTests {
    /// How a segment's checksum is sent.
    private enum Checksum { case right, wrong, none }

    private static func send(
        _ bench: inout SegmentBench, isUp: Bool = true, _ sequence: UInt32, _ text: String = "", ack: UInt32,
        _ flags: TCPSegment.Flags = [], _ checksum: Checksum = .right
    ) {
        let bytes = Array(text.utf8)
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        let before = 0xFFFF - UInt16(sum)
        let segment = TCPSegment(
            source: isUp ? SegmentBench.low : SegmentBench.high,
            destination: isUp ? SegmentBench.high : SegmentBench.low,
            sequence: sequence, acknowledgment: ack, flags: flags.union(.ack), payload: 0..<bytes.count, missing: 0,
            sumBeforePayload: checksum == .none ? nil : checksum == .right ? before : before ^ 1)
        bench.send(segment, bytes)
    }

    /// A connection on which each side has sent a segment with a correct checksum.
    private static func connected() -> SegmentBench {
        var bench = SegmentBench()
        bench.connect()
        send(&bench, 1001, "ab", ack: 2001)
        send(&bench, isUp: false, 2001, "yz", ack: 1003)
        _ = bench.news()
        return bench
    }

    @Test("a broken copy is ignored, and the correct one after it counts", arguments: ["cd", "c", "cde"])
    func retransmitted(_ sound: String) {
        var bench = Self.connected()
        Self.send(&bench, 1003, "XX", ack: 2003, [], .wrong)
        Self.send(&bench, isUp: false, 2003, ack: 1003)
        Self.send(&bench, 1003, sound, ack: 2003)
        if sound == "c" { Self.send(&bench, 1004, "d", ack: 2003) }
        bench.finish()
        let news = bench.news()
        #expect(bench.log.bytes(0, .first).starts(with: Array("abcd".utf8)))
        #expect(news.filter { $0.contains("broken") } == ["0 first broken #6"])
        #expect(!news.contains { $0.contains("contradicts") })
    }

    @Test("a segment that is acknowledged without being sent again is taken: only the captured copy is broken")
    func acknowledged() {
        var bench = Self.connected()
        Self.send(&bench, 1003, "cd", ack: 2003, [], .wrong)
        Self.send(&bench, 1005, "ef", ack: 2003)
        #expect(bench.news().isEmpty)
        Self.send(&bench, isUp: false, 2003, ack: 1007)
        #expect(bench.news() == ["0 first broken, taken at 2 #6", "0 first \"cd\" #6", "0 first \"ef\" #7"])
        bench.finish()
    }

    @Test("several in a row are ignored as well, if acknowledgments show it", arguments: [1, 3, 9])
    func inARow(_ count: Int) {
        var bench = Self.connected()
        for _ in 0..<count { Self.send(&bench, 1003, "XX", ack: 2003, [], .wrong) }
        Self.send(&bench, 1003, "cd", ack: 2003)
        bench.finish()
        #expect(bench.log.bytes(0, .first) == Array("abcd".utf8))
        #expect(bench.news().count { $0.contains("broken") } == count)
    }

    @Test("a segment that is neither acknowledged nor sent again was never received")
    func neverTaken() {
        var bench = Self.connected()
        Self.send(&bench, 1003, "cd", ack: 2003, [], .wrong)
        bench.finish()
        #expect(bench.news() == ["0 first broken #6", "0 closed"])
    }

    @Test("a broken RST, FIN or acknowledgment changes nothing", arguments: [TCPSegment.Flags.rst, .fin, []])
    func withoutBytes(_ flags: TCPSegment.Flags) {
        var bench = Self.connected()
        Self.send(&bench, 1003, ack: 3_000, flags, .wrong)
        Self.send(&bench, 1003, "cd", ack: 2003)
        Self.send(&bench, isUp: false, 2003, "wv", ack: 1005)
        bench.finish()
        #expect(bench.log.bytes(0, .first) == Array("abcd".utf8))
        #expect(bench.log.bytes(0, .second) == Array("yzwv".utf8))
        let news = bench.news()
        #expect(news.filter { $0.contains("#6") } == ["0 first broken #6"])
        #expect(!news.contains { $0.contains("stray") || $0.contains("finished") || $0.contains("lacks") })
    }

    /// Software that rewrites addresses leaves every checksum wrong.
    @Test("if most checksums of a side are wrong, they prove nothing")
    func alwaysWrong() {
        var bench = SegmentBench()
        bench.connect()
        for number in 0..<10 {
            let sequence = 1001 + UInt32(number)
            Self.send(&bench, sequence, "x", ack: 2001, [], number == 4 ? .right : .wrong)
        }
        bench.finish()
        #expect(bench.log.bytes(0, .first) == Array("xxxxxxxxxx".utf8))
        #expect(!bench.news().contains { $0.contains("broken") })
    }

    @Test("no more segments wait than the ceiling allows")
    func ceiling() {
        var bench = Self.connected()
        bench.log.writes = false
        for _ in 0..<6_000 { Self.send(&bench, 1001, "ab", ack: 2003) }
        for number in 0..<5_000 { Self.send(&bench, 1003 + UInt32(number), "c", ack: 2003, [], .wrong) }
        bench.log.writes = true
        Self.send(&bench, isUp: false, 2003, ack: 6003)
        Self.send(&bench, 5099, "z", ack: 2003)
        bench.finish()
        let news = bench.news()
        #expect(news.count { $0.contains("broken, taken") } == 4_096)
        #expect(bench.log.bytes(0, .first).count == 2 + 4_096 + 1)
    }

    // MARK: In packets

    /// An IPv4 packet with a TCP segment, and `checksum` in place of the correct one.
    private static func packet(_ payload: [UInt8], checksum: UInt16? = nil) -> [UInt8] {
        var tcp: [UInt8] =
            [0xC3, 0x50, 0, 80, 0, 0, 3, 0xE9, 0, 0, 7, 0xD1, 0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0] + payload
        let pseudo: [UInt8] = [10, 0, 0, 1, 10, 0, 0, 2, 0, 6, UInt8(tcp.count >> 8), UInt8(tcp.count & 0xFF)]
        var sum: UInt32 = 0
        for (index, byte) in (pseudo + tcp).enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        let stated = checksum ?? ~UInt16(sum)
        tcp.replaceSubrange(16..<18, with: [UInt8(stated >> 8), UInt8(stated & 0xFF)])
        let length = 20 + tcp.count
        let head: [UInt8] = [0x45, 0, UInt8(length >> 8), UInt8(length & 0xFF), 0, 0, 0x40, 0, 64, 6, 0, 0]
        return head + [10, 0, 0, 1, 10, 0, 0, 2] + tcp
    }

    private static func segment(_ packet: [UInt8], wire: Int? = nil) throws -> TCPSegment {
        let record = PacketRecord(
            packetPosition: PacketPosition(packet: 1, time: nil), link: LinkType(rawValue: 101),
            originalLength: UInt64(wire ?? packet.count))
        guard case .segment(let segment) = PacketContent(of: record, packet.span) else { throw Missing() }
        return segment
    }

    private struct Missing: Error {}

    @Test("the checksums of header and payload add up", arguments: [0, 1, 2, 7, 8, 9, 100, 1_439])
    func sums(_ count: Int) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 3) }
        let right = try Self.segment(Self.packet(payload)).sumBeforePayload
        var sum = UInt32(try #require(right))
        for (index, byte) in payload.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        #expect(sum == 0xFFFF)
    }

    @Test("offloaded, truncated, clipped and coalesced segments are not checked")
    func unknown() throws {
        let payload = Array("some text".utf8)
        // Pseudo-header: 0A00 + 0001 + 0A00 + 0002 + 0006 + length 29.
        for left in [0, 0xFFFF, 0x1426, ~0x1426, 0x1409, ~0x1409] as [UInt16] {
            #expect(try Self.segment(Self.packet(payload, checksum: left)).sumBeforePayload == nil)
        }
        #expect(try Self.segment(Self.packet(payload, checksum: 0x1427)).sumBeforePayload != nil)
        let packet = Self.packet(payload)
        #expect(try Self.segment(Array(packet.dropLast()), wire: packet.count).sumBeforePayload == nil)
        #expect(try Self.segment(Array(packet.dropLast())).sumBeforePayload == nil)
        #expect(try Self.segment(Self.packet([UInt8](repeating: 1, count: 1_461))).sumBeforePayload == nil)
    }
}
