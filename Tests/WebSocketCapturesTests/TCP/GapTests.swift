import Testing
import WebSocketCaptures

@Suite("Gaps")
struct GapTests {
    @Test("a hole is a gap once the peer has acknowledged it and enough segments have passed, and not before")
    func acknowledged() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc")
        bench.up(1008, "late")
        bench.idle(200)
        _ = bench.news()
        bench.down(2001, ack: 1012)
        bench.idle(TCPAssembler.gapTolerance - 1)
        #expect(bench.news() == [])
        bench.idle(1)
        #expect(bench.news() == ["0 first lacks 4 notCaptured #5", "0 first \"late\" #5"])
        bench.up(1004, "defg")
        #expect(bench.news() == [])
        bench.up(1012, "more")
        #expect(bench.news() == ["0 first \"more\" #\(bench.packet)"])
        bench.up(1016, .fin)
        bench.finish()
        #expect(bench.news() == ["0 first finished #\(bench.packet)", "0 closed"])
    }

    @Test("bytes that come shortly after their acknowledgment are no gap")
    func earlyAcknowledgment() {
        var bench = SegmentBench()
        bench.connect()
        bench.down(2001, ack: 1007)
        bench.idle(TCPAssembler.gapTolerance - 2)
        bench.up(1004, "def")
        bench.up(1001, "abc")
        bench.idle(200)
        bench.finish()
        #expect(bench.log.bytes(0, .first) == Array("abcdef".utf8))
        #expect(bench.log.gap(0, .first) == nil)
    }

    @Test("the wait starts afresh for each hole")
    func gapToleranceBeginsAnew() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1002, "b")
        bench.up(1004, "d")
        bench.down(2001, ack: 1005)
        bench.idle(TCPAssembler.gapTolerance - 1)
        bench.up(1001, "a")
        bench.idle(TCPAssembler.gapTolerance - 1)
        bench.up(1003, "c")
        #expect(bench.log.bytes(0, .first) == Array("abcd".utf8))
        #expect(bench.log.gap(0, .first) == nil)
    }

    @Test("a side that was not captured has a gap, whose length is known only at the end")
    func oneWayCapture() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.up(1004, "def", ack: 2501)
        bench.up(1007, ack: 2101)
        var early = bench
        early.finish()
        #expect(early.news().suffix(2) == ["0 second lacks 500 notCaptured #5", "0 closed"])
        bench.idle(TCPAssembler.gapTolerance - 1)
        #expect(bench.news().last == "0 second lacks ? notCaptured #5")
    }

    @Test("an acknowledged number may be a FIN's, and is not a gap by itself", arguments: [true, false])
    func acknowledgedFIN(_ endsBySilence: Bool) {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.down(2001, ack: 1005)
        bench.idle(200)
        if endsBySilence { bench.finish() } else { bench.down(2001, .rst) }
        #expect(bench.log.gap(0, .first) == nil)
    }

    @Test("more than a FIN's number is waited for from the time it was acknowledged")
    func acknowledgedLater() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.down(2001, ack: 1005)
        bench.idle(TCPAssembler.gapTolerance - 1)
        bench.down(2001, ack: 1010)
        bench.idle(TCPAssembler.gapTolerance - 2)
        #expect(bench.log.gap(0, .first) == nil)
        bench.up(1004, "defghi", ack: 2001)
        bench.finish()
        #expect(bench.log.gap(0, .first) == nil)
    }

    @Test("once the peer has ended, the last missing bytes cannot be counted")
    func lostEnd() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.down(2001, ack: 1014, .fin)
        bench.finish()
        #expect(
            bench.news().suffix(3) == [
                "0 second finished #5", "0 first lacks ? notCaptured #5", "0 closed",
            ])
    }

    @Test("missing bytes before a FIN are a gap at the end of the capture")
    func holeBeforeFIN() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1011, .fin)
        bench.finish()
        #expect(
            bench.news().dropFirst() == ["0 first lacks 10 notCaptured #4", "0 first finished #4", "0 closed"])
    }

    @Test("once both FINs are acknowledged, all holes are gaps; one is not enough")
    func bothEnds() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1004, "def", ack: 2001)
        bench.up(1007, ack: 2001, .fin)
        bench.down(2003, ack: 1008, .fin)
        #expect(bench.news().count == 1)
        bench.up(1008, ack: 2004)
        #expect(
            bench.news() == [
                "0 first lacks 3 notCaptured #4", "0 first \"def\" #4", "0 first finished #5",
                "0 second lacks 2 notCaptured #6",
                "0 second finished #6", "0 closed",
            ])
    }

    @Test("a FIN that is not acknowledged leaves time for the bytes before it")
    func unacknowledgedEnd() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1004, "def", ack: 2001, .fin)
        bench.down(2001, ack: 1007, .fin)
        bench.up(1001, "abc", ack: 2002)
        #expect(
            bench.news().dropFirst() == [
                "0 second finished #5", "0 first \"abc\" #6", "0 first \"def\" #4", "0 first finished #4", "0 closed",
            ])
    }

    @Test("a truncation is reported at the first packet truncated there")
    func cutAgain() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", missing: 3)
        bench.up(1001, "abc", missing: 7)
        bench.finish()
        #expect(bench.news().suffix(2) == ["0 first lacks 7 snapped #4", "0 closed"])
    }

    @Test("bytes cut off by the snap length are a gap of their own kind, at the truncated packet")
    func snapped() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", missing: 7)
        bench.up(1011, "def", missing: 7)
        #expect(bench.news().dropFirst() == ["0 first \"abc\" #4"])
        bench.idle()
        #expect(bench.news() == ["0 first lacks 7 snapped #4", "0 first \"def\" #5"])
        // After one wait in vain, the next truncated packet is not waited for.
        bench.up(1021, "ghi")
        bench.up(1024, "jkl", missing: 1)
        bench.up(1028, "mno")
        #expect(
            bench.news() == [
                "0 first lacks 7 snapped #5", "0 first \"ghi\" #\(bench.packet - 2)",
                "0 first \"jkl\" #\(bench.packet - 1)", "0 first lacks 1 snapped #\(bench.packet - 1)",
                "0 first \"mno\" #\(bench.packet)",
            ])
    }

    @Test("a second hole is not waited for as long as the first")
    func severalHoles() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1002, "b")
        bench.up(1004, "d")
        bench.up(1006, "f")
        bench.down(2001, ack: 1007)
        bench.idle(TCPAssembler.gapTolerance)
        #expect(bench.news().last == "0 first \"b\" #4")
        bench.idle(TCPAssembler.startTolerance)
        #expect(bench.news() == [])
        bench.idle(1)
        #expect(bench.news() == ["0 first lacks 1 notCaptured #5", "0 first \"d\" #5"])
    }

    @Test("the number of missing bytes is reported again when bytes after them arrive")
    func knownLater() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.down(2001, ack: 1104)
        bench.idle(300)
        #expect(bench.news().last == "0 first lacks ? notCaptured #5")
        bench.up(1104, "def", ack: 2001)
        let packet = bench.packet
        bench.down(2001, ack: 1107)
        bench.idle()
        #expect(bench.news() == ["0 first lacks 100 notCaptured #5", "0 first \"def\" #\(packet)"])
        bench.finish()
        #expect(bench.news() == ["0 closed"])
    }

    @Test("a packet truncated to nothing counts, in order or not")
    func snappedToNothing() {
        var bench = SegmentBench()
        bench.up(5000, missing: 10)
        bench.finish()
        #expect(bench.news().dropFirst() == ["0 first lacks 10 snapped #1", "0 closed"])

        var held = SegmentBench()
        held.connect()
        held.up(1004, missing: 10)
        var lost = held
        lost.finish()
        #expect(lost.news().dropFirst() == ["0 first lacks 13 notCaptured #4", "0 closed"])
        held.up(1001, "abc")
        held.finish()
        #expect(held.news().dropFirst() == ["0 first \"abc\" #5", "0 first lacks 10 snapped #4", "0 closed"])
    }

    @Test("a retransmission fills what the snap length cut off, whenever it comes", arguments: [0, 1, 2])
    func snappedAndFilled(_ place: Int) {
        var bench = SegmentBench()
        bench.connect()
        let sends: [(inout SegmentBench) -> Void] = [
            { $0.up(1001, "abc") }, { $0.up(1004, "d", missing: 4) }, { $0.up(1009, "ijk") },
        ]
        for (index, send) in sends.enumerated() {
            if index == place { bench.up(1004, "defgh") }
            send(&bench)
        }
        if place == 2 { bench.idle(TCPAssembler.gapTolerance / 2) }
        bench.finish()
        #expect(bench.log.bytes(0, .first) == Array("abcdefghijk".utf8))
        #expect(bench.log.gap(0, .first) == nil)
    }

    @Test("bytes missing before a start that was not captured are no gap")
    func middle() {
        var bench = SegmentBench()
        bench.down(2001, ack: 1001)
        bench.up(1011, "abc", ack: 2001)
        bench.up(1020, "xyz", ack: 2001)
        #expect(bench.news() == ["0 opened by 80, in the middle"])
        bench.down(2001, ack: 1014)
        bench.idle()
        #expect(bench.news() == ["0 second \"abc\" #2"])
        bench.finish()
        #expect(bench.news() == ["0 second lacks 6 notCaptured #3", "0 second \"xyz\" #3", "0 closed"])
    }

    @Test("a start that was not captured may be followed by holes")
    func holesAfterTheStart() {
        var bench = SegmentBench()
        bench.down(2001, ack: 1001)
        bench.up(1011, "abc", ack: 2001)
        bench.up(1020, "xyz", ack: 2001)
        bench.finish()
        #expect(
            bench.news().dropFirst() == [
                "0 second \"abc\" #2", "0 second lacks 6 notCaptured #3", "0 second \"xyz\" #3", "0 closed",
            ])
    }

    @Test("of several acknowledgments, the highest shows where a side begins")
    func highestAcknowledgment() {
        var bench = SegmentBench()
        bench.down(2001, ack: 1001)
        bench.down(2001, ack: 1011)
        bench.down(2001, ack: 1005)
        bench.up(1011, "abc", ack: 2001)
        #expect(bench.news().last == "0 second \"abc\" #4")
    }

    @Test("an acknowledgment shows where a side begins if its first segments are out of order")
    func reorderedMiddle() {
        var bench = SegmentBench()
        bench.down(2001, ack: 1001)
        bench.up(1004, "def")
        bench.up(1001, "abc")
        #expect(bench.log.bytes(0, .second) == Array("abcdef".utf8))
    }

    @Test("without one, the first segments decide together, and later ones from before them are dropped")
    func droppedMiddle() {
        var bench = SegmentBench()
        bench.up(1004, "def")
        bench.up(1001, "abc")
        bench.up(1007, "ghi", ack: 2001)
        bench.down(2001, ack: 1010)
        bench.up(998, "---")
        #expect(bench.log.bytes(0, .first) == Array("abcdefghi".utf8))
    }
}
