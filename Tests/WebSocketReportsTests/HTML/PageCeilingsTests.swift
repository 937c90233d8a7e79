import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct PageCeilingsTests {
    private func page(_ findings: [Finding]) throws -> (source: String, checker: MarkupChecker) {
        var report = HTMLReport()
        let source = report.whole(findings)
        return (source, try MarkupChecker(source))
    }

    @Test func framesOfALongConversationAreLeftOut() throws {
        var chat = SampleConversation()
        for index in 0..<3000 { chat.send(index % 2 == 0 ? .client : .server, 0x82) }
        chat.breakRule(.client, [0x83])
        for _ in 0..<1000 { chat.send(.server, 0x82) }
        let (source, checker) = try page(chat.ended())
        #expect(checker.text.contains("1,530 of 4,000 frames: the first, those around violations, and the last"))
        #expect(checker.text.contains("… 1,490 frames left out …") && checker.text.contains("… 980 frames left out …"))
        #expect(checker.count("tr") < 1_600)
        // The timeline draws fewer, and says so.
        #expect(checker.text.contains("… 2,690 frames …"))
        #expect(source.utf8.count < 800_000)
    }

    @Test func brokenConversationsAreShownBeforeCleanOnes() throws {
        let count = PageCeilings.conversationsInFull + 100
        var findings: [Finding] = []
        for connection in 0..<count { findings += SampleConversation.clean(connection: connection) }
        findings += SampleConversation.broken(connection: count)
        findings += SampleConversation.refused(connection: count + 1)
        let (_, checker) = try page(findings)
        #expect(checker.count("article") == PageCeilings.conversationsInFull)
        #expect(checker.text.contains("http-response"))
        #expect(checker.text.contains("HTTP status 403"))
        #expect(checker.text.contains("102 conversations more only listed above."))
        let links = checker.values(of: "href")
        #expect(links.contains("#c0") && links.contains("#c197") && !links.contains("#c198") && links.contains("#c300"))
    }

    @Test func theListIsBoundedAndKeepsBrokenConversations() {
        var contents = PageContents()
        let origin = StreamOrigin(source: "a.pcap", connection: 0, sender: nil)
        for number in 0..<(3 * PageCeilings.rows) {
            var record = ConversationRecord(number: number, origin: origin, head: ConversationHead(opening: .upgrade))
            if number >= 2 * PageCeilings.rows, number % 10 == 0 {
                for finding in Sample.findings(breaking: .reservedOpcode) { record.add(finding) }
            }
            contents.add(record)
        }
        #expect(contents.conversationCount == 6_000 && contents.brokenCount == 200)
        #expect(contents.entries.count == PageCeilings.rows)
        #expect(contents.entries.filter { $0.severity == .broken }.count == 200)
        #expect(contents.entries.filter { $0.detail != nil }.map(\.severity) == Array(repeating: .broken, count: 200))
        #expect(contents.entries.map(\.number) == contents.entries.map(\.number).sorted())
    }

    @Test func aPageThatHoldsManyFramesTakesFewerOfTheNext() throws {
        var findings: [Finding] = []
        for connection in 0..<12 {
            var chat = SampleConversation(connection: connection)
            for _ in 0..<1_400 { chat.send(.server, 0x82) }
            chat.breakRule(.client, [0x83])
            findings += chat.ended()
        }
        let (_, checker) = try page(findings)
        #expect(checker.count("article") == 12)
        #expect(checker.text.split(separator: "12 of 1,400 frames").count > 4)
        #expect(checker.count("tr") < PageCeilings.frames + 1_000)
    }

    @Test func violationsNoticesAndNamesAreBounded() throws {
        var chat = SampleConversation(target: String(repeating: "t", count: 100_000))
        chat.head.otherExtensions = Array(repeating: String(repeating: "x", count: 50_000), count: 5_000)
        for index in 0..<500 { chat.notice("n\(index)", "…") }
        var findings = chat.ended()
        let finding = try #require(Sample.findings(breaking: .reservedOpcode, source: chat.source).first)
        findings.insert(contentsOf: Array(repeating: .violation(finding), count: 500), at: 1)
        let whole = StreamOrigin(source: chat.source, connection: nil, sender: nil)
        findings += (0..<500).map { .notice(NoticeFinding(origin: whole, name: "w\($0)", message: "…")) }
        findings += (0..<5000).map { .error(InputError(source: "e\($0 % 2)", message: "…")) }
        let (source, checker) = try page(findings)
        #expect(checker.values(of: "class").filter { $0 == "violation" }.count == PageCeilings.violations)
        #expect(checker.text.contains("480 violations more not shown here."))
        #expect(checker.text.contains("400 notices more not shown here."))
        #expect(source.utf8.count < 600_000)
    }
}
