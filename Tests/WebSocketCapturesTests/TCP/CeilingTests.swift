import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Ceilings")
struct CeilingTests {
    private let overhead = AssemblyLimits.pieceOverhead

    @Test("bytes held per side: one piece too many turns the hole into a gap")
    func heldPerSide() {
        var bench = SegmentBench(AssemblyLimits(heldPerSide: 2 * (overhead + 3)))
        bench.connect()
        bench.up(1007, "ghi")
        bench.up(1013, "mno")
        #expect(bench.news().count == 1)
        #expect(bench.assembler.ceilingHits == 0)
        bench.up(1019, "s")
        #expect(bench.news() == ["0 first lacks 6 ceiling #4", "0 first \"ghi\" #4"])
        #expect(bench.assembler.ceilingHits == 1)
        bench.up(1001, "abcdefghi")
        bench.up(1010, "jkl")
        bench.finish()
        #expect(
            bench.news() == [
                "0 first \"jkl\" #8", "0 first \"mno\" #5", "0 first lacks 3 notCaptured #6", "0 first \"s\" #6",
                "0 closed",
            ])
    }

    @Test("the gap ends at the piece too many if that is the first after the hole")
    func firstAfter() {
        var bench = SegmentBench(AssemblyLimits(heldPerSide: overhead + 3))
        bench.connect()
        bench.up(1007, "ghi")
        bench.up(1003, "c")
        #expect(bench.news().dropFirst() == ["0 first lacks 2 ceiling #4", "0 first \"c\" #5"])
        var none = SegmentBench(AssemblyLimits(heldPerSide: 0))
        none.connect()
        none.up(1001, "abc")
        none.up(1007, "ghi")
        #expect(
            none.news().dropFirst() == ["0 first \"abc\" #4", "0 first lacks 3 ceiling #5", "0 first \"ghi\" #5"])
    }

    @Test("a gap after a truncated packet is reported as truncation, even at a ceiling")
    func snappedAtCeiling() {
        var bench = SegmentBench(AssemblyLimits(heldPerSide: 0))
        bench.connect()
        bench.up(1001, "abc", missing: 3)
        bench.up(1007, "ghi")
        #expect(
            bench.news().dropFirst() == ["0 first \"abc\" #4", "0 first lacks 3 snapped #4", "0 first \"ghi\" #5"])
    }

    @Test("if the start was not captured, a ceiling moves it")
    func middle() {
        var bench = SegmentBench(AssemblyLimits(heldPerSide: overhead + 3))
        bench.down(2001, ack: 1001)
        bench.up(1011, "abc")
        bench.up(1014, "def")
        #expect(bench.log.bytes(0, .second) == Array("abcdef".utf8))
        #expect(bench.log.gap(0, .second) == nil)
        var none = SegmentBench(AssemblyLimits(heldPerSide: 0))
        none.down(2001, ack: 1001)
        none.up(1011, "abc")
        #expect(none.log.bytes(0, .second) == Array("abc".utf8))
        var earlier = SegmentBench(AssemblyLimits(heldPerSide: overhead + 3))
        earlier.down(2001, ack: 1001)
        earlier.up(1011, "abc")
        earlier.up(1006, "xy")
        earlier.up(1008, "zzz")
        #expect(earlier.log.bytes(0, .second) == Array("xyzzzabc".utf8))
    }

    @Test("bytes held in all: the sides that hold the most give up, until a quarter is free")
    func heldInAll() {
        let piece = String(repeating: "x", count: 1000 - overhead)
        var bench = SegmentBench(AssemblyLimits(heldInAll: 10_000))
        for port in UInt16(1)...3 { bench.connect(port: port) }
        for number in 0..<5 { bench.up(2000 + UInt32(number) * 2000, piece, port: 2) }
        for number in 0..<4 { bench.up(2000 + UInt32(number) * 2000, piece, port: 1) }
        bench.up(2000, piece, port: 3)
        #expect(bench.assembler.ceilingHits == 0)
        bench.down(2002, "y", port: 3)
        #expect(bench.assembler.ceilingHits == 1)
        let given = (10...12).flatMap { packet in
            [
                packet == 10
                    ? "1 first lacks 999 ceiling #10" : "1 first lacks \(2000 - piece.utf8.count) ceiling #\(packet)"
            ]
                + ["1 first \"\(piece)\" #\(packet)"]
        }
        #expect(bench.news().dropFirst(3) == given[...])
        for port in UInt16(1)...3 { bench.up(1001, String(repeating: "a", count: 999), port: port) }
        #expect(bench.log.bytes(0, .first).count == 999 + piece.utf8.count)
        #expect(bench.log.bytes(1, .first).count == 3 * piece.utf8.count)
        #expect(bench.log.bytes(2, .first).count == 999 + piece.utf8.count)
    }

    @Test("giving up may end the side, its connection, and the other side with it")
    func endedByCeiling() {
        var bench = SegmentBench(AssemblyLimits(heldInAll: 10 * (overhead + 1)))
        bench.connect()
        bench.up(1003, String(repeating: "c", count: 100), .fin)
        bench.down(2003, "c", .fin)
        bench.up(1001, ack: 2005)
        for port in UInt16(1)...8 {
            bench.up(1000, .syn, port: port)
            bench.up(1003, "c", port: port)
        }
        #expect(
            bench.news().filter { !$0.contains("opened") } == [
                "0 first lacks 2 ceiling #4", "0 first \"\(String(repeating: "c", count: 100))\" #4",
                "0 first finished #4",
                "0 second lacks 2 notCaptured #5", "0 second \"c\" #5", "0 second finished #5", "0 closed",
                "1 first lacks 2 ceiling #8", "1 first \"c\" #8",
            ])
        #expect(bench.assembler.ceilingHits == 2)
        bench.finish()
    }

    @Test("a full table closes the connection that was quiet the longest, ended and forgotten ones first")
    func connections() {
        var bench = SegmentBench(AssemblyLimits(connections: 4))
        for port in UInt16(1)...4 { bench.connect(port: port) }
        bench.up(1005, "held", port: 1)
        bench.up(1001, .rst, port: 4)
        bench.assembler.forget(2)
        bench.log.forget(2)
        _ = bench.news()

        bench.up(1000, .syn, port: 5)
        bench.up(1000, .syn, port: 6)
        #expect(bench.news() == ["4 opened by 5", "5 opened by 6"])
        #expect(bench.assembler.evictedConnections == 0)

        bench.up(1000, .syn, port: 7)
        bench.up(1000, .syn, port: 8)
        #expect(
            bench.news() == [
                "1 closed", "6 opened by 7", "0 first lacks 4 notCaptured #13", "0 first \"held\" #13", "0 closed",
                "7 opened by 8",
            ])
        #expect(bench.assembler.evictedConnections == 2)
        bench.finish()
        #expect(bench.news() == ["4 closed", "5 closed", "6 closed", "7 closed"])
    }

    @Test("nonsensical limits do no harm")
    func nonsense() {
        var limits = AssemblyLimits()
        limits.heldPerSide = .min
        limits.heldInAll = .min
        limits.connections = .min
        var bench = SegmentBench(limits)
        for port in UInt16(1)...3 {
            bench.connect(port: port)
            bench.up(1010, "x", port: port)
            bench.up(1001, "x", port: port)
        }
        bench.finish()
        #expect(bench.log.count == 3)
    }

    @Test(
        "hundreds of thousands of tiny pieces out of order: bounded, and quick", arguments: ["up", "down", "anywhere"])
    func tinyPieces(_ order: String) {
        let limits = AssemblyLimits(heldPerSide: 1 << 20, heldInAll: 4 << 20, connections: 64)
        var assembler = TCPAssembler(limits: limits)
        var random = SplitMix64(seed: 1)
        var gaps = 0
        var bytes = 0
        var most = 0
        let byte: [UInt8] = [1]
        for number in 0..<Sample.rounds(200_000, debug: 66_000) {
            // Six thousand segments on each connection, so that each comes close to its ceiling.
            let place = number % 6000
            let sequence =
                switch order {
                case "up": 10 + 2 * place
                case "down": 100_000 - 2 * place
                default: 10 + random.below(100_000)
                }
            let segment = TCPSegment(
                source: SocketAddress(address: .v4(1), port: UInt16(number / 6000)),
                destination: SocketAddress(address: .v4(2), port: 80), sequence: UInt32(place == 0 ? 1 : sequence),
                acknowledgment: 0, flags: place == 0 ? .syn : .ack, payload: 0..<1, missing: 0)
            assembler.add(segment, payload: byte.span, at: PacketPosition(packet: 1, time: nil)) { _, event, _ in
                if case .gap(_, _, .ceiling, _) = event { gaps += 1 }
                if case .bytes = event { bytes += 1 }
            }
            most = max(most, assembler.heldBytes)
        }
        #expect(gaps > 8 && assembler.ceilingHits > 8)
        #expect(bytes >= gaps, "what follows a gap is handed over")
        #expect(most <= limits.heldInAll)
    }
}
