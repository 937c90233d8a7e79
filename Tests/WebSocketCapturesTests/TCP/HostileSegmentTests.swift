import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Hostile segments")
struct HostileSegmentTests {
    /// ``EventLog`` checks the order of the events as they come.
    @Test("no segments trap, and the order of events stays legal", arguments: 0..<24)
    func random(_ seed: UInt64) {
        var bench = Self.run(seed: seed, segments: 2500)
        bench.finish()
        #expect(bench.log.count > 0)
    }

    static func lines(seed: UInt64) -> [String] {
        var bench = run(seed: seed, segments: 2000)
        bench.finish()
        return bench.news()
    }

    private static func run(seed: UInt64, segments: Int) -> SegmentBench {
        var random = SplitMix64(seed: seed)
        let limits = AssemblyLimits(
            heldPerSide: 200 << random.below(6), heldInAll: 400 << random.below(8), connections: 1 + random.below(8))
        var bench = SegmentBench(limits)
        // Sequence numbers that are close overlap; distant ones do not fit at all.
        let spread = [8, 60, 2000, 1 << 31, 1 << 32][random.below(5)]
        let base = random.below(3) == 0 ? UInt32(truncatingIfNeeded: random.next()) : UInt32.max - 30
        let ports = 1 + random.below(10)
        for _ in 0..<segments {
            let number = base &+ UInt32(truncatingIfNeeded: random.below(spread))
            let ack = base &+ UInt32(truncatingIfNeeded: random.below(spread))
            var flags = TCPSegment.Flags.ack
            if random.below(12) == 0 { flags = TCPSegment.Flags(rawValue: UInt8(random.below(32))) }
            if random.below(12) == 0 { flags.formSymmetricDifference(.fin) }
            if random.below(3) == 0 { flags.remove(.ack) }
            let bytes = [UInt8](repeating: UInt8(random.below(26) + 97), count: random.below(2) * random.below(20))
            let missing =
                switch random.below(20) {
                case 0: UInt32(random.below(20))
                case 1: UInt32(truncatingIfNeeded: random.next()) >> UInt32(random.below(32))
                default: UInt32(0)
                }
            let low = SocketAddress(address: SegmentBench.low.address, port: UInt16(random.below(ports)))
            let ends = random.below(2) == 0 ? (low, SegmentBench.high) : (SegmentBench.high, low)
            bench.send(
                ends.0, ends.1, number, bytes, flags.contains(.ack) ? ack : nil, flags, missing)
            if random.below(80) == 0, let index = bench.log.openConnections.last {
                bench.assembler.forget(index)
                bench.log.forget(index)
            }
        }
        return bench
    }
}
