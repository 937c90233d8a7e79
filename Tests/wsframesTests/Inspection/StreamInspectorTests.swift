import Foundation
import SeededRandom
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

@testable import WebSocketInspection

/// Violations are reported in order, once the bytes after them that may explain them have arrived; and the bytes
/// around them are those of the stream.
@Suite struct StreamInspectorTests {
    /// A server's stream, and what was found in it.
    private final class Met {
        let stream: StreamInspector
        private var sequence = FindingSequence()
        private(set) var given: [ViolationFinding] = []

        init(reportsAll: Bool = false, budget: HistoryBudget = HistoryBudget()) {
            stream = StreamInspector(
                origin: StreamOrigin(source: "", connection: 0, sender: .server), sender: .server, limits: Limits(),
                agreement: Agreement(of: Handshake?.none, said: false),
                policy: ContinuationPolicy(reportsAll: reportsAll, continues: true), budget: budget)
        }

        func feed(_ bytes: [UInt8]) {
            stream.feed(
                bytes.span, at: nil, onFrame: { _ in },
                onViolation: { _, _, _, pending in if let pending { sequence.add(pending) } },
                onEvent: { _ in })
            release()
        }

        func miss() {
            _ = stream.skipMissing(
                nil, continues: false, onFrame: { _ in }, onViolation: { _, _, _, _ in }, onEvent: { _ in })
        }

        func release() {
            sequence.release { if case .violation(let finding) = $0 { given.append(finding) } }
        }

        func end() -> StreamSummary {
            defer { release() }
            return stream.finish()
        }
    }

    /// `83 00`: a reserved opcode, in a frame whose end is known.
    private let bad: [UInt8] = [0x83, 0]

    @Test func oneWaitsUntilAllAfterItIsKnown() {
        let met = Met()
        met.feed(Bytes.serverHello + bad)
        // The second byte of `bad` counts, and so do the 10 bytes of this frame's header.
        met.feed(Bytes.binary(StreamBytes.Reach.after - 2 - 10, masked: false))
        #expect(met.given.isEmpty)
        met.feed([0])
        #expect(met.given.count == 1)
        #expect(met.given.first?.violation.offset == 7)
        // 7 bytes before the field, and 32 after it.
        #expect(met.given.first?.context.count == 7 + 1 + 32)
        #expect(met.given.first?.contextOffset == 0)
    }

    @Test func completingGivesTheKnownContext() {
        let met = Met()
        met.feed(Bytes.serverHello + bad)
        #expect(met.given.isEmpty)
        met.stream.completePending()
        met.release()
        #expect(met.given.first?.context == Bytes.serverHello + bad)
        _ = met.end()
        #expect(met.given.count == 1)
    }

    @Test func theEndOfTheStreamGivesThem() {
        let met = Met(reportsAll: true)
        met.feed(bad + Bytes.serverHello + bad + bad)
        #expect(met.given.isEmpty)
        let summary = met.end()
        #expect(met.given.map(\.violation.offset) == [0, 9, 11])
        #expect(summary.state == .violation)
        #expect(summary.bytes == 13)
    }

    @Test func aGapGivesWhatWaited() {
        let met = Met()
        met.feed(bad)
        met.miss()
        met.release()
        #expect(met.given.count == 1)
        #expect(met.end().isJudged)
    }

    @Test func nothingIsJudgedOfAStreamThatBeginsWithAGap() {
        let met = Met()
        met.miss()
        #expect(!met.end().isJudged)
    }

    @Test func orderIsThatOfTheStreamWhateverEachWaitsFor() {
        let met = Met(reportsAll: true)
        var numbers = SplitMix64(seed: 5)
        var expected: [UInt64] = []
        var bytes: [UInt8] = []
        // Far more than are diagnosed, and some wait for only a few bytes while earlier ones wait for many.
        for _ in 0..<9_000 {
            let isBad = Bool.random(using: &numbers)
            if isBad { expected.append(UInt64(bytes.count)) }
            let frame = isBad ? bad : Bytes.binary(.random(in: 0..<60, using: &numbers), masked: false)
            bytes += frame
            met.feed(frame)
        }
        #expect(met.given.count > 1_000, "no more wait than the ceiling")
        _ = met.end()
        #expect(met.given.map(\.violation.offset) == expected)
        for finding in met.given {
            let start = Int(finding.contextOffset)
            #expect(finding.context == Array(bytes[start..<(start + finding.context.count)]))
        }
    }

    private static let pattern = (0..<(256 + (1 << 18))).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    /// However a stream is cut, its history consists of its own bytes, and of enough of them.
    @Test(arguments: 0..<4) func theHistoryIsTheStream(_ seed: UInt64) {
        var numbers = SplitMix64(seed: seed)
        let history = StreamHistory(budget: HistoryBudget(ceiling: seed == 3 ? 1 << 20 : 64 << 20))
        var naive: [UInt8] = []
        while naive.count < 6 << 20 {
            let count = Int.random(in: 1..<(1 << 18), using: &numbers)
            let start = naive.count % 256
            let bytes = Array(Self.pattern[start..<(start + count)])
            naive += bytes
            if Bool.random(using: &numbers) {
                history.append(bytes.span)
            } else {
                var chunk = Chunk(bytes: bytes + [0], range: 0..<count)
                history.append(exchanging: &chunk, keeping: .max)
            }
            history.pass(frameOffset: nil, keeping: .max)
            let whole = history.whole
            let kept = seed == 3 ? 1 << 19 : StreamBytes.Reach.before
            #expect(whole.bytes.count >= min(naive.count, kept))
            #expect(whole.bytes.count <= StreamBytes.Reach.before + (1 << 18))
            #expect(Int(whole.offset) + whole.bytes.count == naive.count)
            // Compared as `Data`, which is fast enough for gigabytes.
            #expect(Data(whole.bytes) == Data(naive[Int(whole.offset)...]))
        }
    }

    /// Many streams together stay within the budget, and the oldest bytes are dropped first.
    @Test func theBudgetOfAllStreamsIsKept() {
        let budget = HistoryBudget(ceiling: 1 << 20)
        let streams = (0..<64).map { _ in Met(budget: budget) }
        for _ in 0..<40 {
            for met in streams {
                met.feed(Bytes.binary(4_000, masked: false))
                #expect(budget.used <= (1 << 20) + (1 << 16))
            }
        }
        #expect(budget.used > 1 << 19)
        #expect(streams.allSatisfy { $0.end().frames == 40 })
    }
}
