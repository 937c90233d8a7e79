import SeededRandom
import Testing

@testable import WebSocketCaptures

@Suite("IP fragments")
struct FragmentTests {
    private func part(
        _ bytes: [UInt8], at offset: Int, more: Bool, id: UInt32 = 1, six: Bool = false, whole: Bool = true
    ) -> (IPFragment, [UInt8]) {
        let source: IPAddress = six ? .v6(high: 1, low: 1) : .v4(1)
        let destination: IPAddress = six ? .v6(high: 1, low: 2) : .v4(2)
        return (
            IPFragment(
                source: source, destination: destination, protocolNumber: 6, identification: id, offset: offset,
                hasMore: more, payload: 0..<bytes.count, isWhole: whole), bytes
        )
    }

    private func run(_ table: inout FragmentTable, _ parts: [(IPFragment, [UInt8])]) -> [[UInt8]] {
        parts.compactMap { table.add($0.0, $0.1.span)?.bytes }
    }

    @Test("in any order, each once", arguments: 0..<50)
    func shuffled(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let bytes = (0..<(200 + random.below(3000))).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        var parts: [(IPFragment, [UInt8])] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 8 * (1 + random.below(40)))
            parts.append(part(Array(bytes[start..<end]), at: start, more: end < bytes.count, six: seed % 2 == 0))
            if random.below(4) == 0 { parts.append(parts[random.below(parts.count)]) }
            start = end
        }
        for index in parts.indices { parts.swapAt(index, random.below(parts.count)) }
        var table = FragmentTable()
        #expect(run(&table, parts).first == bytes)
    }

    @Test("a capture that contains every fragment twice lacks none")
    func twice() {
        var table = FragmentTable()
        let parts = [
            part(Array(repeating: 1, count: 16), at: 0, more: true), part([2, 2], at: 16, more: false),
        ]
        #expect(run(&table, parts.flatMap { [$0, $0] }).count == 1)
        #expect(table.lost + table.waiting == 0)
        // Another packet with the same identification.
        let others = [part(Array(repeating: 3, count: 16), at: 0, more: true), part([4], at: 16, more: false)]
        #expect(run(&table, others) == [Array(repeating: 3, count: 16) + [4]])
    }

    @Test(
        "overlaps: IPv4 drops the packet if they differ there, IPv6 always", arguments: [false, true], [false, true])
    func overlaps(_ six: Bool, _ differ: Bool) {
        var table = FragmentTable()
        let second = (8..<24).map { UInt8($0) } + [24, 25]
        var first = (0..<16).map { UInt8($0) }
        if differ { first[15] = 0xFF }
        for parts in [
            [part(first, at: 0, more: true, six: six), part(second, at: 8, more: false, six: six)],
            [part(second, at: 8, more: false, id: 2, six: six), part(first, at: 0, more: true, id: 2, six: six)],
        ] {
            #expect(run(&table, parts) == (six || differ ? [] : [(0..<26).map { UInt8($0) }]))
        }
        #expect(table.lost + table.waiting == (six || differ ? 4 : 0))
    }

    @Test("impossible parts are dropped: length not a multiple of 8, end beyond 64 KiB, two ends, truncated")
    func impossible() {
        var table = FragmentTable()
        #expect(run(&table, [part([1, 2, 3], at: 0, more: true), part([4], at: 3, more: false)]) == [])
        #expect(run(&table, [part(Array(repeating: 1, count: 16), at: 65_528, more: false, id: 2)]) == [])
        #expect(
            run(
                &table,
                [
                    part(Array(repeating: 1, count: 8), at: 16, more: false, id: 3),
                    part([1], at: 8, more: false, id: 3),
                    part(Array(repeating: 1, count: 8), at: 0, more: true, id: 3),
                ]) == [])
        #expect(run(&table, [part([1], at: 8, more: false, id: 4, whole: false)]) == [])
        #expect(table.lost > 0)
    }

    @Test("parts that are never completed stay below the ceilings")
    func endless() {
        var table = FragmentTable()
        for number in 0..<20_000 {
            let part = part(
                Array(repeating: 1, count: 1_400), at: 8 * (number % 1_000) * 8, more: true, id: UInt32(number / 3))
            _ = table.add(part.0, part.1.span)
        }
        #expect(table.waiting <= UInt64(3 * FragmentTable.maximumPackets))
        #expect(table.lost > 10_000)
        var small = FragmentTable()
        for number in 0..<8_000 {
            let part = part(Array(repeating: 1, count: 8), at: 8 * number, more: true)
            _ = small.add(part.0, part.1.span)
        }
        #expect(small.waiting <= UInt64(FragmentTable.maximumParts))
    }
}
