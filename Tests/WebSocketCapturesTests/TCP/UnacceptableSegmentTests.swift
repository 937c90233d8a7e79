import Testing
import WebSocketCaptures

/// What a receiver would not accept changes nothing (RFC 9293 §3.10.7, RFC 5961).
@Suite("Segments that TCP does not accept")
struct UnacceptableSegmentTests {
    // MARK: RST

    @Test("an RST out of place is ignored if its side continues", arguments: [1, 900, 1003, 1005, 66_000, 305_419_896])
    func strayReset(_ sequence: UInt32) {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.up(sequence, .rst)
        #expect(bench.news().count == 2)
        bench.down(2001, "xyz", ack: 1004)
        bench.up(1004, "def", ack: 2004)
        bench.up(1007, ack: 2004)
        bench.up(1007, ack: 2004)
        bench.finish()
        #expect(bench.log.bytes(0, .first) == Array("abcdef".utf8))
        #expect(bench.news().filter { $0.contains("re") } == ["0 first stray reset #5"])
    }

    @Test("an RST with another number ends the connection if nothing follows it, once that is known")
    func lonelyReset() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.up(1020, .rst)
        bench.down(2001, "in flight", ack: 1004)
        bench.finish()
        #expect(
            bench.news().dropFirst(2) == ["0 second \"in flight\" #6", "0 first reset #5", "0 closed"])
    }

    @Test("an RST that overtook the last bytes counts if nothing else comes", arguments: [true, false])
    func earlyReset(_ isLast: Bool) {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1004, .rst)
        bench.up(1001, "abc", ack: 2001)
        if !isLast { bench.up(1004, "def", ack: 2001) }
        bench.finish()
        #expect(
            bench.news().dropFirst()
                == (isLast
                    ? ["0 first \"abc\" #5", "0 first reset #4", "0 closed"]
                    : ["0 first \"abc\" #5", "0 first \"def\" #6", "0 first stray reset #4", "0 closed"]))
    }

    @Test(
        "what continues after an RST in place, accepted by the peer or sent by the side that has reset, is not dropped",
        arguments: ["acknowledged", "sent", "answered", "reordered", "few"])
    func refutedReset(_ case: String) {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.up(1004, .rst)
        #expect(bench.news().suffix(2) == ["0 first reset #5", "0 closed"])
        let start = `case` == "reordered" ? UInt32(995) : 1004
        bench.up(start, "def", ack: 2001)
        switch `case` {
        case "acknowledged": bench.down(2001, ack: 1007)
        case "answered": bench.down(2001, .rst)
        case "few": break
        default: bench.up(start + 3, "g", ack: 2001)
        }
        if `case` != "few" { bench.up(start + 4, "h", ack: 2001) }
        bench.finish()
        let events = bench.news()
        let opened = events.filter { $0.contains("opened") }
        switch `case` {
        case "acknowledged": #expect(opened == ["1 opened by 80, in the middle"])
        case "sent": #expect(opened == ["1 opened by 50000, in the middle"])
        default: #expect(opened == [])
        }
        #expect(events.contains { $0.contains("h\"") } != opened.isEmpty)
    }

    @Test("after missing bytes, an RST at the number that the peer acknowledged is in place")
    func resetAfterGap() {
        var bench = SegmentBench()
        bench.connect()
        bench.down(2001, ack: 1011)
        bench.up(1011, .rst)
        #expect(bench.news().dropFirst() == ["0 first lacks 10 notCaptured #4", "0 first reset #5", "0 closed"])
    }

    // MARK: SYN

    @Test("a SYN with another number changes nothing while the connection continues")
    func straySynchronization() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.up(777_777, .syn)
        bench.down(2001, ack: 1004)
        bench.up(1004, "def", ack: 2001)
        bench.down(2001, "xyz", ack: 1007)
        bench.finish()
        #expect(
            bench.news().dropFirst(2) == [
                "0 first \"def\" #7", "0 first stray synchronization #5", "0 second \"xyz\" #8", "0 closed",
            ])
    }

    @Test(
        "a SYN that is answered begins another connection, with the data it carried",
        arguments: ["answer", "bytes", "reset"])
    func answered(_ answer: String) {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.up(9_000_000, "early", .syn)
        switch answer {
        case "answer": bench.down(5000, ack: 9_000_006, .syn)
        case "bytes": bench.up(9_000_006, "more", ack: 5001)
        default: bench.down(0, ack: 9_000_001, .rst)
        }
        bench.finish()
        let news = bench.news().dropFirst(2)
        #expect(news.first == "0 closed")
        #expect(news.dropFirst().first == "1 opened by 50000")
        #expect(bench.log.bytes(1, .first) == Array((answer == "bytes" ? "earlymore" : "early").utf8))
        #expect(news.contains("1 second reset #6") == (answer == "reset"))
    }

    @Test(
        "bytes that a receiver takes for the old connection's begin no other one", arguments: [1007, 1020, 500, 60_000])
    func synchronizationNearby(_ number: UInt32) {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.up(number - 1, .syn)
        bench.up(number, "ghi", ack: 2001)
        bench.down(2001, ack: 1004)
        bench.up(1004, "def", ack: 2001)
        bench.finish()
        let text = Array("abcdef".utf8) + (number == 500 ? [] : Array("ghi".utf8))
        #expect(bench.log.bytes(0, .first) == text)
        #expect(bench.news().contains("0 first stray synchronization #5"))
        #expect(!bench.news().contains { $0.hasPrefix("1 opened") })
    }

    // MARK: Windows

    @Test("an acknowledgment beyond the sender's own window opens no gap")
    func acknowledgmentAhead() {
        var bench = SegmentBench()
        bench.connect()
        bench.down(2001, ack: 1001)
        bench.down(2001, ack: 1_001_001)
        bench.idle(200)
        bench.up(1001, "abc", ack: 2001)
        bench.finish()
        #expect(
            bench.news().dropFirst() == ["0 second stray acknowledgment #5", "0 first \"abc\" #206", "0 closed"])
    }

    @Test("nor does one within the window that the peer takes back")
    func acknowledgmentTakenBack() {
        var bench = SegmentBench()
        bench.connect()
        bench.down(2001, ack: 30_000)
        for _ in 0..<100 { bench.down(2001, ack: 1001) }
        bench.up(1001, "abc", ack: 2001)
        bench.finish()
        #expect(bench.news().dropFirst() == ["0 first \"abc\" #105", "0 closed"])
    }

    @Test("one that is repeated is believed: packets are missing in between")
    func acknowledgmentRepeated() {
        var bench = SegmentBench()
        bench.connect()
        bench.down(2001, ack: 1001)
        for number in UInt32(0)..<80 { bench.down(2001, ack: 1_001_001 + number) }
        bench.finish()
        #expect(bench.log.gap(0, .first) != nil)
    }

    @Test("bytes and a FIN far beyond the window are ignored", arguments: ["", "far"])
    func farAhead(_ text: String) {
        var bench = SegmentBench()
        bench.connect()
        bench.down(2001, ack: 1001)
        bench.up(1001, "abc", ack: 2001)
        bench.up(100_001_153, text, ack: 2001, .fin)
        bench.up(1004, "def", ack: 2001)
        bench.up(1007, ack: 2001, .fin)
        bench.finish()
        #expect(
            bench.news().dropFirst(2) == [
                "0 first stray outsideWindow #6", "0 first \"def\" #7", "0 first finished #8", "0 closed",
            ])
    }

    @Test("of two FINs, the one that is reached counts")
    func earlierEnd() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(20_000, .fin)
        bench.up(1001, "abc", .fin)
        #expect(bench.news().dropFirst() == ["0 first \"abc\" #5", "0 first finished #5"])
    }

    @Test("a FIN inside of bytes that arrive in order, or in one segment with it, is ignored")
    func endInside() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1003, .fin)
        bench.up(1001, "abcdef")
        bench.up(1008, .fin)
        bench.up(1008, "hij")
        bench.up(1009, .fin)
        bench.up(1007, "g")
        bench.up(1011, .fin)
        #expect(
            bench.news().dropFirst() == [
                "0 first stray end #4", "0 first \"abcdef\" #5", "0 first stray end #6", "0 first stray end #8",
                "0 first \"g\" #9", "0 first \"hij\" #7", "0 first finished #10",
            ])
    }

    @Test("windows are scaled if both sides offered it, as far as that was captured", arguments: [nil, 0, 7])
    func scaled(_ scale: UInt8?) {
        var bench = SegmentBench()
        bench.send(SegmentBench.low, SegmentBench.high, 1000, [], nil, .syn, 0, scale: scale)
        bench.send(SegmentBench.high, SegmentBench.low, 2000, [], 1001, .syn, 0, scale: 7)
        bench.up(1001, ack: 2001)
        bench.down(2001, ack: 1001)
        bench.up(1001 + 200_000, "far")
        #expect(bench.news().dropFirst().contains { $0.contains("stray") } == (scale == nil))
    }

    // MARK: Copies

    @Test("copies that differ are reported at the first different byte, whether handed over or held")
    func contradictions() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abcdef")
        bench.up(1001, "abcdef")
        bench.up(1003, "cdXfgh")
        bench.up(1013, "mnop")
        bench.up(1011, "klmn")
        bench.up(1012, "lmnO")
        #expect(
            bench.news().dropFirst() == [
                "0 first \"abcdef\" #4", "0 first \"gh\" #6", "0 first contradicts itself at 4 #6",
                "0 first contradicts itself at 14 #9",
            ])
    }

    @Test("a copy of bytes handed over long ago is compared with what is still kept")
    func forgottenCopy() {
        var bench = SegmentBench()
        bench.connect()
        let text = String(repeating: "x", count: 1000)
        for number in UInt32(0)..<30 { bench.up(1001 + number * 1000, text) }
        _ = bench.news()
        bench.up(1001, String(repeating: "y", count: 1000))
        #expect(bench.news() == [])
        bench.up(30_001, String(repeating: "y", count: 1000))
        #expect(bench.news() == ["0 first contradicts itself at 29000 #35"])
        bench.up(16_001, String(repeating: "x", count: 2500) + "y")
        #expect(bench.news() == ["0 first contradicts itself at 17500 #36"])
    }

    // MARK: The beginning

    @Test("a FIN before its bytes, as the first packet of a side")
    func endBeforeBytes() {
        var bench = SegmentBench()
        bench.down(2005, ack: 1001, .fin)
        bench.down(2001, "bye.", ack: 1001)
        bench.up(1001, ack: 2006)
        #expect(
            bench.news() == [
                "0 opened by 80, in the middle", "0 first \"bye.\" #2", "0 first finished #1",
            ])
    }

    @Test("a retransmission before the original, or after the segment that follows it", arguments: [true, false])
    func retransmissionFirst(_ isAcknowledged: Bool) {
        var bench = SegmentBench()
        if isAcknowledged { bench.down(2001, ack: 1007) }
        bench.up(1001, "abc", ack: 2001)
        bench.up(1007, "ghi", ack: 2001)
        bench.up(1004, "def", ack: 2001)
        if !isAcknowledged { bench.down(2001, ack: 1010) }
        #expect(
            bench.log.bytes(0, isAcknowledged ? .second : .first) == Array((isAcknowledged ? "ghi" : "abcdefghi").utf8))
    }

    @Test("without an acknowledgment, the wait is short")
    func oneWay() {
        var bench = SegmentBench()
        bench.up(1001, "a")
        for number in UInt32(0)..<UInt32(TCPAssembler.startTolerance) { bench.up(1002 + number, "b") }
        #expect(bench.log.bytes(0, .first) == Array("abbbbbbbb".utf8))
        bench.finish()
    }
}
