import SeededRandom
import Testing
import WebSocketCaptures

/// The obvious implementation: one byte per position, the first that came.
private struct NaiveStream {
    var bytes: [Int: (byte: UInt8, packet: UInt64)] = [:]
    var end: Int?
    /// What the snap length cut off, whether filled later or not.
    var cuts: [Range<Int>] = []

    mutating func take(_ start: Int, _ payload: [UInt8], cut: Int, _ packet: UInt64) {
        if cut > 0 { cuts.append(start + payload.count..<start + payload.count + cut) }
        for (index, byte) in payload.enumerated() where bytes[start + index] == nil {
            bytes[start + index] = (byte, packet)
        }
    }
}

@Suite("Against a naive reference")
struct ReferenceTests {
    /// Segments of two streams, truncated, repeated and shuffled at random; copies of a byte differ.
    @Test("bytes, packets, gaps and ends are those of a map from positions to bytes", arguments: 0..<60)
    func shuffled(_ seed: Int) {
        for round in 0..<10 {
            var random = SplitMix64(seed: UInt64(seed * 1000 + round))
            var bench = SegmentBench()
            bench.log.writes = false
            var references = [NaiveStream(), NaiveStream()]
            let lengths = [random.below(300), random.below(300)]
            // Near the wraparound, or anywhere.
            let starts = (0..<2).map { _ in
                random.below(2) == 0
                    ? UInt32(0) &- UInt32(random.below(400)) : UInt32(truncatingIfNeeded: random.next())
            }
            bench.up(starts[0] &- 1, .syn)
            bench.down(starts[1] &- 1, ack: starts[0], .syn)

            let pieces = pieces(lengths, &random)
            // A truncated segment is waited for only so long.
            let snaps = pieces.count < TCPAssembler.gapTolerance && random.below(2) == 0
            for piece in pieces {
                let cut = snaps && random.below(8) == 0 ? random.below(piece.count + 1) : 0
                let payload = (0..<(piece.count - cut)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                let isFirst = piece.stream == 0
                bench.send(
                    isFirst ? SegmentBench.low : SegmentBench.high, isFirst ? SegmentBench.high : SegmentBench.low,
                    starts[piece.stream] &+ UInt32(piece.start), payload, nil, piece.isLast ? .fin : [], UInt32(cut))
                references[piece.stream].take(piece.start, payload, cut: cut, bench.packet)
                if piece.isLast { references[piece.stream].end = piece.start + piece.count }
            }
            bench.finish()
            for (reference, side) in zip(references, [TCPPeer.first, .second]) { compare(bench.log, side, reference) }
        }
    }

    private struct Piece {
        var stream: Int
        var start: Int
        var count: Int
        var isLast: Bool
    }

    private func pieces(_ lengths: [Int], _ random: inout SplitMix64) -> [Piece] {
        var pieces: [Piece] = []
        let longest = random.below(60) + 1
        for (stream, length) in lengths.enumerated() {
            var start = 0
            while start < length {
                let count = min(random.below(longest) + 1, length - start)
                // Some never come, some come again, perhaps truncated differently.
                if random.below(60) != 0 {
                    pieces.append(Piece(stream: stream, start: start, count: count, isLast: false))
                }
                if random.below(4) == 0 {
                    let from = random.below(length)
                    let again = min(random.below(2 * longest) + 1, length - from)
                    pieces.append(Piece(stream: stream, start: from, count: again, isLast: false))
                }
                start += count
            }
            if random.below(2) == 0 {
                let count = random.below(min(length, longest) + 1)
                pieces.append(Piece(stream: stream, start: length - count, count: count, isLast: true))
            }
        }
        // Slightly out of order, or completely.
        let reach = random.below(2) == 0 ? 4 : pieces.count + 1
        for index in pieces.indices { pieces.swapAt(index, min(index + random.below(reach), pieces.count - 1)) }
        return pieces
    }

    private func compare(_ log: EventLog, _ side: TCPPeer, _ reference: NaiveStream) {
        let end =
            reference.end ?? max(reference.bytes.keys.max() ?? -1, reference.cuts.map { $0.upperBound - 1 }.max() ?? -1)
            + 1
        let known = (0..<end).filter { reference.bytes[$0] != nil }
        #expect(log.bytes(0, side) == known.compactMap { reference.bytes[$0]?.byte })
        #expect(log.packets(0, side) == known.compactMap { reference.bytes[$0]?.packet })
        #expect(log.isFinished(0, side) == (reference.end != nil))
        var gaps: [String] = []
        var position = 0
        for next in known + [end] {
            if next > position {
                let isCut = reference.cuts.contains { $0.contains(position) }
                gaps.append("\(next - position) at \(position) \(isCut ? "snapped" : "notCaptured")")
            }
            position = next + 1
        }
        #expect(log.gaps(0, side).map { "\($0.count ?? 0) at \($0.offset) \($0.reason)" } == gaps)
    }

    @Test("the same segments and limits give the same events")
    func repeatable() {
        #expect(HostileSegmentTests.lines(seed: 5) == HostileSegmentTests.lines(seed: 5))
    }
}
