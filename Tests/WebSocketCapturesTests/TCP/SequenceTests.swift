import Testing
import WebSocketCaptures

@Suite("Sequence numbers")
struct SequenceTests {
    @Test("bytes in order, held bytes, and ends are reported with their packets")
    func wholeConnection() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.down(2004, "two", ack: 1004)
        bench.down(2001, "one", ack: 1004)
        bench.up(1004, ack: 2007, .fin)
        bench.down(2007, ack: 1005, .fin)
        bench.up(1005, ack: 2008)
        #expect(
            bench.news() == [
                "0 opened by 50000", "0 first \"abc\" #4", "0 second \"one\" #6", "0 second \"two\" #5",
                "0 first finished #7", "0 second finished #8", "0 closed",
            ])
        bench.finish()
        #expect(bench.news() == [])
    }

    @Test("sequence numbers may wrap at any offset of a stream", arguments: 0...12)
    func wrap(_ offset: Int) {
        let first = UInt32(0) &- UInt32(offset)
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2]] {
            var bench = SegmentBench()
            bench.up(first &- 1, .syn)
            bench.down(first &- 1, ack: first, .syn)
            for piece in order {
                bench.up(first &+ UInt32(piece * 3), ["abc", "def", "ghi", "jkl"][piece], ack: first)
                bench.down(first &+ UInt32(piece * 3), ["ABC", "DEF", "GHI", "JKL"][piece], ack: first &+ 12)
            }
            bench.up(first &+ 12, ack: first &+ 12, .fin)
            bench.down(first &+ 12, ack: first &+ 13, .fin)
            #expect(bench.log.bytes(0, .first) == Array("abcdefghijkl".utf8))
            #expect(bench.log.bytes(0, .second) == Array("ABCDEFGHIJKL".utf8))
            #expect(bench.log.openConnections.isEmpty)
            #expect(bench.log.gap(0, .first) == nil && bench.log.gap(0, .second) == nil)
        }
    }

    @Test("positions continue beyond 4 GiB")
    func beyondWrap() {
        var bench = SegmentBench()
        bench.log.writes = false
        let piece = [UInt8](repeating: 7, count: 1 << 20)
        var count = 0
        var sequence: UInt32 = 5000
        for packet in 0..<(4 * 1024 + 2) {
            let segment = TCPSegment(
                source: SegmentBench.low, destination: SegmentBench.high, sequence: sequence, acknowledgment: 0,
                flags: .ack, payload: 0..<0, missing: 0)
            bench.assembler.add(segment, payload: piece.span, at: PacketPosition(packet: UInt64(packet), time: nil)) {
                if case .bytes = $1 { count += $2.count }
            }
            sequence &+= 1 << 20
        }
        #expect(count == (4 * 1024 + 2) << 20)
    }

    @Test("retransmissions and overlaps deliver nothing twice, and the first copy counts")
    func overlaps() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abcd")
        bench.up(1001, "ABCD")
        bench.up(1003, "CDef")
        bench.up(1010, "jk")
        bench.up(1008, "HIJKLM")
        bench.up(1001, "..........")
        #expect(
            bench.news().dropFirst() == [
                "0 first \"abcd\" #4", "0 first contradicts itself at 0 #5", "0 first \"ef\" #6",
                "0 first contradicts itself at 2 #6", "0 first contradicts itself at 9 #8", "0 first \".\" #9",
                "0 first \"HI\" #8", "0 first \"jk\" #7", "0 first \"LM\" #8",
                "0 first contradicts itself at 0 #9",
            ])
    }

    @Test("keep-alives and window probes deliver no bytes of their own")
    func probes() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1000, "\0", ack: 2001)
        bench.up(1000, ack: 2001)
        bench.up(1001, "abc", ack: 2001)
        bench.up(1003, "\0", ack: 2001)
        bench.up(1003, ack: 2001)
        bench.up(1004, "d", ack: 2001)
        bench.up(1004, "def", ack: 2001)
        #expect(bench.log.bytes(0, .first) == Array("abcdef".utf8))
    }

    @Test("a keep-alive does not show where a side begins")
    func probeInTheMiddle() {
        var bench = SegmentBench()
        bench.down(500, ack: 1001)
        bench.up(1000, "\0", ack: 500)
        bench.up(1001, "abc", ack: 500)
        #expect(bench.log.bytes(0, .second) == Array("abc".utf8))
    }

    @Test("a SYN may carry data")
    func dataInSYN() {
        var bench = SegmentBench()
        bench.up(1000, "abc", .syn)
        bench.up(1000, "abc", .syn)
        bench.down(2000, "xyz", ack: 1004, .syn)
        bench.up(1004, "def", ack: 2004)
        #expect(bench.log.bytes(0, .first) == Array("abcdef".utf8))
        #expect(bench.log.bytes(0, .second) == Array("xyz".utf8))
        #expect(bench.log.count == 1)
    }

    @Test("a FIN counts once all bytes before it have come, and nothing counts after it")
    func end() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1004, "def", .fin)
        bench.up(1007, "ghi")
        bench.up(1005, "efghi")
        bench.up(1001, "abc")
        bench.up(1007, "ghi", .fin)
        #expect(
            bench.news().dropFirst() == ["0 first \"abc\" #7", "0 first \"def\" #4", "0 first finished #4"])
    }

    @Test("bytes that are held after the FIN are dropped where it is reached")
    func lateEnd() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1007, "ghi")
        bench.up(1020, "far")
        bench.up(1004, "def", .fin)
        bench.up(1001, "abc")
        #expect(
            bench.news().dropFirst() == ["0 first \"abc\" #7", "0 first \"def\" #6", "0 first finished #6"])
    }
}
