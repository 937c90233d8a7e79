import Testing
import WebSocketCaptures
import WebSocketFrames

@testable import WebSocketInspection

/// The findings of a conversation are reported together, in the order in which the conversations began.
@Suite struct ConversationOrderTests {
    /// The table, and what it has handed over since that was last asked.
    private final class Given {
        let table: ConversationTable
        private var findings: [Finding] = []

        init(showsFrames: Bool = false) {
            var settings = InspectionSettings()
            settings.showsFrames = showsFrames
            table = ConversationTable(source: "capture", settings: settings)
        }

        func open(_ index: Int) { feed(index, .opened(ConversationHead(opening: .upgrade))) }
        func send(_ bytes: [UInt8], in index: Int) {
            let piece = StreamPiece(range: 0..<bytes.count, packetPosition: nil)
            table.feed(index, .server, [piece], of: bytes.span) { findings.append($0) }
        }
        func close(_ index: Int) { feed(index, .closed) }

        private func feed(_ index: Int, _ event: ConversationEvent) {
            table.feed(index, event) { findings.append($0) }
        }

        func takeFindings() -> [Finding] {
            defer { findings = [] }
            return findings
        }
    }

    private func connections(of findings: [Finding]) -> [Int] {
        findings.map { finding in
            switch finding {
            case .conversation(let finding): finding.origin.connection ?? -1
            case .stream(let summary): summary.origin.connection ?? -1
            case .violation(let finding): finding.origin.connection ?? -1
            case .notice(let notice): notice.origin.connection ?? -1
            case .frame(let finding): finding.origin.connection ?? -1
            case .message(let finding): finding.origin.connection ?? -1
            case .ending(let finding): finding.origin.connection ?? -1
            case .error, .hops: -1
            }
        }
    }

    @Test func theFirstOpenConversationIsReportedAtOnceAndTheOthersWait() {
        let judge = Given(showsFrames: true)
        judge.open(0)
        judge.open(1)
        judge.send(Bytes.serverHello, in: 1)
        judge.send(Bytes.serverHello, in: 0)
        #expect(connections(of: judge.takeFindings()) == [0, 0])
        judge.close(1)
        #expect(judge.takeFindings().isEmpty)
        judge.open(2)
        judge.close(0)
        let reported = connections(of: judge.takeFindings())
        #expect(reported == reported.sorted() && Set(reported) == [0, 1, 2])
        // The next turn is that of the conversation that is still open.
        judge.send(Bytes.serverHello, in: 2)
        #expect(connections(of: judge.takeFindings()) == [2])
    }

    /// A long conversation does not delay the others for ever: beyond the ceiling, kept findings are reported.
    @Test func noMoreIsKeptThanTheCeiling() {
        let judge = Given(showsFrames: true)
        judge.open(0)
        _ = judge.takeFindings()
        judge.open(1)
        let frames = Array(repeatElement([0x81, 0] as [UInt8], count: 1_024).joined())
        var reported: [Finding] = []
        for round in 1...65 {
            judge.send(frames, in: 1)
            reported += judge.takeFindings()
            // The beginning of the conversation is a finding as well.
            #expect(reported.isEmpty == (round * 1_024 + 1 <= ConversationTable.maximumKept))
        }
        judge.close(1)
        judge.close(0)
        reported += judge.takeFindings()
        let counts = Dictionary(grouping: connections(of: reported)) { $0 }.mapValues(\.count)
        // The frames; and for each conversation its beginning, its end, and at least two streams.
        #expect(counts[1] ?? 0 >= 65 * 1_024 + 4)
        #expect(counts[0] ?? 0 >= 3)
    }

    /// Thousands of conversations during a long one: each is reported once, completely, and then in order again.
    @Test func conversationsBesideALongOne() {
        let judge = Given()
        judge.open(0)
        var reported: [Finding] = []
        let count = ConversationTable.maximumKept / 3
        for index in 1...count {
            judge.open(index)
            judge.close(index)
            reported += judge.takeFindings()
        }
        #expect(reported.count > count)
        judge.close(0)
        judge.open(count + 1)
        reported += judge.takeFindings()
        let order = connections(of: reported).filter { $0 > 0 }
        #expect(order == order.sorted())
        #expect(order.last == count + 1)
        let streams = reported.filter { if case .stream = $0 { true } else { false } }
        #expect(streams.count == 2 * (count + 1))
    }
}
