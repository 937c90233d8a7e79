import Testing
import WebSocketCaptures

@Suite("TCP connections")
struct ConnectionTests {
    @Test("the sender of the SYN is first, whichever part of the handshake was captured")
    func sides() {
        var whole = SegmentBench()
        whole.down(1000, .syn)
        whole.up(2000, ack: 1001, .syn)
        #expect(whole.news() == ["0 opened by 80"])

        var answer = SegmentBench()
        answer.up(2000, ack: 1001, .syn)
        answer.down(1004, "def")
        answer.down(1001, "abc")
        #expect(answer.news() == ["0 opened by 80", "0 first \"abc\" #3", "0 first \"def\" #2"])

        var middle = SegmentBench()
        middle.up(2000, "abc", ack: 1001)
        middle.down(1001, ack: 2003)
        #expect(middle.news() == ["0 opened by 50000, in the middle", "0 first \"abc\" #1"])
    }

    @Test("a SYN-ACK that overtook its SYN, and repeated ones, belong to one connection")
    func repeatedHandshake() {
        var bench = SegmentBench()
        bench.down(2000, ack: 1001, .syn)
        bench.up(1000, .syn)
        bench.down(2000, ack: 1001, .syn)
        bench.up(1001, "abc", ack: 2001)
        bench.up(1000, .syn)
        bench.down(7000, ack: 1001, .syn)
        bench.down(2001, "xyz", ack: 1004)
        #expect(bench.news() == ["0 opened by 50000", "0 first \"abc\" #4", "0 second \"xyz\" #7"])
    }

    @Test("the answer to a SYN that was not captured belongs to another connection")
    func otherAnswer() {
        var bench = SegmentBench()
        bench.up(1000, .syn)
        bench.down(2000, ack: 9001, .syn)
        bench.up(9001, "abc", ack: 2001)
        #expect(
            bench.news() == ["0 opened by 50000", "0 closed", "1 opened by 50000", "1 first \"abc\" #3"])
    }

    @Test("simultaneous open")
    func simultaneousOpen() {
        var bench = SegmentBench()
        bench.up(1000, .syn)
        bench.down(2000, .syn)
        bench.up(1000, ack: 2001, .syn)
        bench.down(2000, ack: 1001, .syn)
        bench.up(1001, "abc", ack: 2001)
        bench.down(2001, "xyz", ack: 1004)
        #expect(bench.log.count == 1)
        #expect(bench.log.bytes(0, .first) == Array("abc".utf8) && bench.log.bytes(0, .second) == Array("xyz".utf8))
    }

    @Test("reused ports are another connection", arguments: ["live", "ended", "reset", "hole"])
    func reuse(_ end: String) {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        switch end {
        case "ended":
            bench.up(1004, ack: 2001, .fin)
            bench.down(2001, ack: 1005, .fin)
        case "reset": bench.up(1004, .rst)
        case "hole": bench.up(1010, "later")
        default: break
        }
        bench.up(9000, .syn)
        bench.down(5000, ack: 9001, .syn)
        bench.up(9001, "ABC", ack: 5001)
        bench.finish()
        let ends = [
            "live": ["0 closed"],
            "ended": ["0 first finished #5", "0 second finished #6", "0 closed"],
            "reset": ["0 first reset #5", "0 closed"],
            "hole": ["0 first lacks 6 notCaptured #5", "0 first \"later\" #5", "0 closed"],
        ]
        let last = bench.packet
        #expect(
            bench.news() == ["0 opened by 50000", "0 first \"abc\" #4"] + (ends[end] ?? [])
                + ["1 opened by 50000", "1 first \"ABC\" #\(last)", "1 closed"])
    }

    @Test("after an RST, any SYN begins another connection, but a late answer does not")
    func refused() {
        var bench = SegmentBench()
        bench.up(1000, .syn)
        bench.down(0, ack: 1001, .rst)
        bench.down(2000, ack: 1001, .syn)
        bench.up(1000, .syn)
        bench.down(2000, ack: 1001, .syn)
        bench.up(1001, "abc", ack: 2001)
        #expect(
            bench.news() == [
                "0 opened by 50000", "0 second reset #2", "0 closed", "1 opened by 50000", "1 first \"abc\" #6",
            ])
    }

    @Test("stray segments after the end open nothing")
    func strays() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, ack: 2001, .fin)
        bench.down(2001, ack: 1002, .fin)
        _ = bench.news()
        bench.up(1002, ack: 2002)
        bench.down(2001, "?", ack: 1002, .fin)
        bench.up(1001, ack: 2002, .fin)
        bench.up(1000, .syn)
        bench.down(2002, .rst)
        #expect(bench.news() == [])
        var none = SegmentBench()
        none.down(2002, .rst)
        none.up(2002, ack: 1, .rst)
        #expect(none.news() == [])
    }

    @Test("an RST settles what is held, its text is not data, and it ends both sides")
    func reset() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1001, "abc", ack: 2001)
        bench.down(2005, "held", ack: 1004)
        bench.up(1004, "connection refused", ack: 2001, .rst)
        bench.down(2001, "late", ack: 1004)
        bench.up(1004, "late", ack: 2001)
        bench.finish()
        #expect(
            bench.news().dropFirst(2) == [
                "0 second lacks 4 notCaptured #5", "0 second \"held\" #5", "0 first reset #6", "0 closed",
            ])
    }

    @Test("connections are kept apart: other ports, other addresses, another address family")
    func apart() {
        var bench = SegmentBench()
        let addresses: [IPAddress] = [
            .v4(1), .v4(2), .v6(high: 0, low: 1), .v6(high: 0, low: 2), .v6(high: 1, low: 1),
            .v6(high: 1 << 63, low: 1),
        ]
        let ends = addresses.flatMap { address in
            [1, 2].map { SocketAddress(address: address, port: $0) }
        }
        var expected: [String] = []
        for source in ends.indices {
            for destination in source..<ends.count {
                bench.send(ends[source], ends[destination], 1, [UInt8(source)], nil, [], 0)
                expected.append("\(source) \(destination)")
                bench.send(ends[destination], ends[source], 9, [UInt8(destination)], nil, [], 0)
            }
        }
        bench.finish()
        #expect(bench.log.count == expected.count)
        for (index, pair) in expected.enumerated() {
            let first = bench.log.bytes(index, .first)
            let second = bench.log.bytes(index, .second)
            // A socket connected to itself has only one side.
            let isSelf = pair == "\(first[0]) \(first[0])"
            #expect(isSelf ? second.isEmpty : pair == "\(first[0]) \(second[0])")
        }
    }

    @Test("a forgotten connection reports nothing, keeps its segments, and ends without an event")
    func forgotten() {
        var bench = SegmentBench()
        bench.connect()
        bench.up(1010, "held")
        bench.assembler.forget(0)
        bench.log.forget(0)
        bench.assembler.forget(0)
        bench.assembler.forget(77)
        bench.assembler.forget(-1)
        _ = bench.news()
        bench.up(1001, "abc", ack: 2001)
        bench.up(1004, ack: 2001, .fin)
        bench.down(2001, ack: 1005, .fin)
        bench.up(1005, ack: 2002)
        var again = bench
        bench.finish()
        #expect(bench.news() == [])
        again.up(9000, .syn)
        again.finish()
        #expect(again.news() == ["1 opened by 50000", "1 closed"])
    }

    @Test("a SYN opens another connection in place of a forgotten one", arguments: [true, false])
    func reusedForgotten(_ wasReset: Bool) {
        var bench = SegmentBench()
        bench.connect()
        bench.assembler.forget(0)
        bench.log.forget(0)
        if wasReset { bench.down(2001, .rst) }
        bench.up(1001, "abc", ack: 2001)
        bench.up(wasReset ? 1000 : 9000, .syn)
        bench.finish()
        #expect(bench.news() == ["0 opened by 50000", "1 opened by 50000", "1 closed"])
    }

    @Test("at the end of the capture, connections close in order")
    func finish() {
        var bench = SegmentBench()
        for port in UInt16(1)...40 { bench.connect(port: port) }
        bench.up(1001, .rst, port: 7)
        _ = bench.news()
        bench.finish()
        #expect(bench.news() == (0..<40).filter { $0 != 6 }.map { "\($0) closed" })
    }
}
