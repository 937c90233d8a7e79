import Testing
import WebSocketCaptures
import WebSocketFrames
import WebSocketReports

@testable import wsframes

/// Findings of a conversation are reported together, in the order in which the conversations began.
@Suite struct ConversationOrderTests {
    private func judge(showsFrames: Bool = false) throws -> ConversationsJudge {
        let command = try #require(CommandTable.command(named: "validate"))
        var options = try JudgingOptions(ParsedArguments([], of: command))
        options.showsFrames = showsFrames
        return ConversationsJudge(source: "capture", options: options)
    }

    private func open(_ index: Int, in judge: inout ConversationsJudge) {
        judge.see(index, .opened(ConversationHead(opening: .upgrade)), Span())
    }

    private func send(_ bytes: [UInt8], in index: Int, of judge: inout ConversationsJudge) {
        judge.see(index, .bytes(from: .server, at: nil), bytes.span)
    }

    private func connections(of findings: [Finding]) -> [Int] {
        findings.map { finding in
            switch finding {
            case .conversation(let finding): finding.origin.connection ?? -1
            case .stream(let summary): summary.origin.connection ?? -1
            case .violation(let finding): finding.origin.connection ?? -1
            case .notice(let notice): notice.origin.connection ?? -1
            case .frame(let finding): finding.origin.connection ?? -1
            case .ending(let finding): finding.origin.connection ?? -1
            case .error: -1
            }
        }
    }

    @Test func whoseTurnItIsIsToldAtOnceAndTheOthersWait() throws {
        var judge = try judge(showsFrames: true)
        open(0, in: &judge)
        open(1, in: &judge)
        send(Bytes.serverHello, in: 1, of: &judge)
        send(Bytes.serverHello, in: 0, of: &judge)
        #expect(connections(of: judge.takeFindings()) == [0, 0])
        judge.see(1, .closed, Span())
        #expect(judge.takeFindings().isEmpty)
        open(2, in: &judge)
        judge.see(0, .closed, Span())
        let reported = connections(of: judge.takeFindings())
        #expect(reported == reported.sorted() && Set(reported) == [0, 1, 2])
        // Now it is the turn of the one that is still open.
        send(Bytes.serverHello, in: 2, of: &judge)
        #expect(connections(of: judge.takeFindings()) == [2])
    }

    /// A conversation that lasts holds nobody up for ever: beyond the ceiling, what is kept is reported.
    @Test func noMoreIsKeptThanTheCeiling() throws {
        var judge = try judge(showsFrames: true)
        open(0, in: &judge)
        _ = judge.takeFindings()
        open(1, in: &judge)
        let frames = Array(repeatElement([0x81, 0] as [UInt8], count: 1_024).joined())
        var reported: [Finding] = []
        for round in 1...65 {
            send(frames, in: 1, of: &judge)
            reported += judge.takeFindings()
            // The conversation itself is a finding, too.
            #expect(reported.isEmpty == (round * 1_024 + 1 <= ConversationsJudge.mostKept))
        }
        judge.see(1, .closed, Span())
        judge.see(0, .closed, Span())
        reported += judge.takeFindings()
        let counts = Dictionary(grouping: connections(of: reported)) { $0 }.mapValues(\.count)
        // The frames; and of each conversation what it begins with, how it ended, and two streams at least.
        #expect(counts[1] ?? 0 >= 65 * 1_024 + 4)
        #expect(counts[0] ?? 0 >= 3)
    }

    /// Thousands that begin and end beside one that lasts: each is reported once and whole, and then in order again.
    @Test func conversationsBesideALongOne() throws {
        var judge = try judge()
        open(0, in: &judge)
        var reported: [Finding] = []
        let count = ConversationsJudge.mostKept / 3
        for index in 1...count {
            open(index, in: &judge)
            judge.see(index, .closed, Span())
            reported += judge.takeFindings()
        }
        #expect(reported.count > count)
        judge.see(0, .closed, Span())
        open(count + 1, in: &judge)
        reported += judge.takeFindings()
        let order = connections(of: reported).filter { $0 > 0 }
        #expect(order == order.sorted())
        #expect(order.last == count + 1)
        let streams = reported.filter { if case .stream = $0 { true } else { false } }
        #expect(streams.count == 2 * (count + 1))
    }
}
