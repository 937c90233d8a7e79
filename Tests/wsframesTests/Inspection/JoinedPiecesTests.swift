import Foundation
import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

@testable import WebSocketInspection

/// Pieces of a stream judged together give the same as one by one: frames, violations, and histories.
@Suite struct JoinedPiecesTests {
    /// Streams of a server that share a budget.
    private final class Judged {
        let streams: [StreamInspector]
        private let joins: Bool
        private var sequences: [FindingSequence]
        private(set) var lines: [String] = []
        private(set) var joinedCount = 0

        init(joins: Bool, ceiling: Int) {
            self.joins = joins
            let budget = HistoryBudget(ceiling: ceiling)
            streams = (0..<3).map { index in
                StreamInspector(
                    origin: StreamOrigin(source: "", connection: index, sender: .server), sender: .server,
                    limits: Limits(), agreement: Agreement(of: Handshake?.none, said: false),
                    policy: ContinuationPolicy(reportsAll: true, continues: true), budget: budget)
            }
            sequences = streams.map { _ in FindingSequence() }
        }

        func feed(_ index: Int, _ pieces: [StreamPiece], of bytes: [UInt8]) {
            var rest = pieces[...]
            while !rest.isEmpty {
                let count = streams[index].feed(
                    joins && sequences[index].count == 0 ? rest : rest.prefix(1), of: bytes.span
                ) { frame in
                    lines.append("\(index) frame \(frame.record) \(frame.packetPosition?.packet ?? 0)")
                } onViolation: { violation, opcode, position, pending in
                    lines.append("\(index) \(violation) \(String(describing: opcode)) \(position?.packet ?? 0)")
                    if let pending { sequences[index].add(pending) }
                } onEvent: { _ in
                }
                rest = rest.dropFirst(count)
                joinedCount += count - 1
                give(index)
            }
        }

        func give(_ index: Int) {
            sequences[index].release { lines.append("\(index) \($0)") }
        }
    }

    /// Frames of any size, one in a hundred of which breaks a rule.
    private func frames(_ count: Int, _ numbers: inout SplitMix64, isLegal: Bool) -> [UInt8] {
        (0..<count).flatMap { _ -> [UInt8] in
            switch Int.random(in: 0..<200, using: &numbers) {
            case 0 where !isLegal: [0x83, 0]
            case 1 where !isLegal: [0x81, 3, 0x61, 0xFF, 0x61]
            case 2..<20: Bytes.binary(.random(in: 0..<40_000, using: &numbers), masked: false)
            case 20..<40: [0x89, 2, 1, 2]
            default: Bytes.binary(.random(in: 0..<300, using: &numbers), masked: false)
            }
        }
    }

    @Test(arguments: 0..<6) func togetherIsAsOneByOne(_ seed: UInt64) {
        var numbers = SplitMix64(seed: seed)
        // Room for every history; less, so that some streams lose theirs; and hardly any.
        let ceiling = [64 << 20, 3 << 20, 1 << 17][Int(seed % 3)]
        let joined = Judged(joins: true, ceiling: ceiling)
        let single = Judged(joins: false, ceiling: ceiling)
        var streams = (0..<3).map { _ in frames(3_000, &numbers, isLegal: seed < 3)[...] }
        var packet: UInt64 = 0
        while let index = streams.indices.filter({ !streams[$0].isEmpty }).randomElement(using: &numbers) {
            var pieces: [StreamPiece] = []
            var end = 0
            for _ in 0..<Int.random(in: 1..<40, using: &numbers) where end < streams[index].count {
                packet += 1
                let next = min(end + Int.random(in: 1..<3_000, using: &numbers), streams[index].count)
                let position = PacketPosition(packet: packet, time: nil)
                pieces.append(StreamPiece(range: end..<next, packetPosition: position))
                end = next
            }
            let bytes = Array(streams[index].prefix(end))
            streams[index] = streams[index].dropFirst(end)
            joined.feed(index, pieces, of: bytes)
            single.feed(index, pieces, of: bytes)
            guard packet % 8 == 0 else { continue }
            for (one, other) in zip(joined.streams, single.streams) {
                #expect(one.earlierFrames == other.earlierFrames)
                for (kept, wanted) in [
                    (one.history.whole, other.history.whole),
                    (one.history.unfinishedFrame(reachesEnd: false), other.history.unfinishedFrame(reachesEnd: false)),
                ] {
                    #expect(kept?.offset == wanted?.offset)
                    #expect(Data(kept?.bytes ?? []) == Data(wanted?.bytes ?? []))
                }
            }
        }
        for index in 0..<3 {
            #expect("\(joined.streams[index].finish())" == "\(single.streams[index].finish())")
            joined.give(index)
            single.give(index)
        }
        #expect(joined.lines == single.lines)
        #expect(joined.lines.contains { $0.contains("violation") } == (seed >= 3))
        #expect(joined.joinedCount > (seed < 3 ? 1_000 : 300))
        #expect(single.joinedCount == 0)
    }
}
