import SeededRandom
import Testing
import WebSocketFrames
import WebSocketReports

@testable import wsframes

/// Violations are reported when the bytes after them are known which explain them, in their order.
@Suite struct WaitingViolationTests {
    private func judge(
        tellsAll: Bool = false, budget: WaitingBudget = WaitingBudget()
    ) -> StreamJudge {
        StreamJudge(
            origin: StreamOrigin(source: "", connection: 0, sender: .server),
            validator: FrameValidator(sender: .server),
            course: StreamJudge.Course(tellsAll: tellsAll, goesOn: true),
            terms: ViolationQueue.Terms(extensions: .none, offeredDeflate: false, budget: budget),
            reach: reach)
    }

    private let reach = SurroundingBytes.Reach(before: 1_024, after: 8_192)

    private func feed(_ judge: inout StreamJudge, _ bytes: [UInt8]) -> [ViolationFinding] {
        judge.judge(bytes.span, at: nil, see: { _ in })
    }

    /// `83 00`: a reserved opcode, and a frame that ends.
    private let bad: [UInt8] = [0x83, 0]

    @Test func oneWaitsUntilAllAfterItIsKnown() {
        var judge = judge()
        #expect(feed(&judge, Bytes.serverHello + bad).isEmpty)
        // The byte after the field counts already.
        let after = reach.after
        #expect(feed(&judge, [UInt8](repeating: 0x8A, count: after - 2)).isEmpty)
        let reported = feed(&judge, [0])
        #expect(reported.count == 1)
        #expect(reported.first?.violation.offset == 7)
        // 7 bytes stand before it, and 32 are shown after it.
        #expect(reported.first?.context.count == 7 + 1 + 32)
        #expect(reported.first?.contextOffset == 0)
        #expect(feed(&judge, bad).isEmpty)
        #expect(judge.end().violations.isEmpty)
    }

    @Test func theEndOfTheStreamTellsThem() {
        var judge = judge(tellsAll: true)
        #expect(feed(&judge, bad + Bytes.serverHello + bad + bad).isEmpty)
        let (violations, summary) = judge.end()
        #expect(violations.map(\.violation.offset) == [0, 9, 11])
        #expect(summary.state == .violation)
        #expect(summary.bytes == 13)
    }

    @Test func orderIsThatOfTheStreamWhateverEachWaitsFor() {
        var judge = judge(tellsAll: true)
        var reported: [ViolationFinding] = []
        var numbers = SplitMix64(seed: 5)
        var expected: [UInt64] = []
        var position: UInt64 = 0
        // Far more than are explained, so some wait for few bytes after some that wait for many.
        for _ in 0..<3_000 {
            let isBad = Bool.random(using: &numbers)
            if isBad { expected.append(position) }
            let frame = isBad ? bad : Bytes.binary(.random(in: 0..<60, using: &numbers), masked: false)
            position += UInt64(frame.count)
            reported += feed(&judge, frame)
        }
        #expect(reported.count > 1_000)
        reported += judge.end().violations
        #expect(reported.map(\.violation.offset) == expected)
        for finding in reported.dropLast(40) where finding.context.count < 33 {
            Issue.record("at \(finding.violation.offset) only \(finding.context.count) bytes are shown")
        }
    }

    @Test func aGapTellsWhatWaited() {
        var judge = judge()
        #expect(feed(&judge, bad).isEmpty)
        #expect(judge.endHere().count == 1)
        #expect(judge.end().violations.isEmpty)
    }

    /// However many streams wait, they do not wait for more than there is room for.
    @Test func theBudgetOfAllStreamsIsKept() {
        let budget = WaitingBudget(ceiling: 1 << 20)
        var judges: [StreamJudge] = []
        var reported = 0
        for _ in 0..<5_000 {
            var judge = judge(budget: budget)
            reported += feed(&judge, bad).count
            judges.append(judge)
            #expect(budget.used <= budget.ceiling)
        }
        #expect(reported > 1_000 && reported < 4_000)
        for index in judges.indices { reported += judges[index].end().violations.count }
        #expect(reported == 5_000)
        #expect(budget.used == 0)
    }
}
