import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct JUnitReportTests {
    private func document(_ findings: [Finding], noticesFail: Bool = false) throws -> (
        source: String, checker: MarkupChecker
    ) {
        var report = JUnitReport(noticesFail: noticesFail)
        let source = report.whole(findings)
        return (source, try MarkupChecker(source))
    }

    private func suites(_ checker: MarkupChecker) -> [[String: String]] {
        checker.elements.filter { $0.name == "testsuite" }.map(\.attributes)
    }

    @Test func anInputIsASuiteAndAStreamATestCase() throws {
        let (source, checker) = try document(
            SampleConversation.clean() + SampleConversation.broken(connection: 1) + SampleConversation.dump())
        #expect(source.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wsframes\">\n"))
        #expect(
            suites(checker) == [
                ["name": "chat.pcapng", "tests": "4", "failures": "1", "errors": "0", "skipped": "0"],
                ["name": "dump.hex", "tests": "1", "failures": "0", "errors": "0", "skipped": "0"],
            ])
        #expect(
            checker.elements.filter { $0.name == "testcase" }.map { $0.attributes["name"] } == [
                "conversation 0 (GET /chat): client → server",
                "conversation 0 (GET /chat): server → client",
                "conversation 1 (GET /chat): client → server",
                "conversation 1 (GET /chat): server → client",
                "client → server",
            ])
    }

    @Test func aViolationIsTheFailureOfItsStream() throws {
        let (source, checker) = try document(SampleConversation.broken())
        let failure = try #require(checker.elements.firstIndex { $0.name == "failure" })
        #expect(checker.elements[failure - 1].attributes["name"]?.contains("server → client") == true)
        #expect(checker.elements[failure].attributes["type"] == "reserved-bits")
        #expect(
            checker.elements[failure].attributes["message"]?.hasPrefix(
                "RSV1 is set on a Close, and no agreed extension claims it. http-response (certain): An HTTP")
                == true)
        let findings = SampleConversation.broken()
        let violation = try #require(findings.first { if case .violation = $0 { true } else { false } })
        var report = TextReport(usesColor: false)
        _ = report.text(for: findings[0])
        #expect(checker.text.contains(report.text(for: violation).drop { $0 == "\n" }))
        #expect(source.contains("<system-out>192.0.2.2:80 → 192.0.2.1:51000\nviolation after 11 frames, 8 messages; "))
    }

    @Test func manyViolationsOfAStreamAreOneFailure() throws {
        let finding = try #require(Sample.findings(breaking: .reservedOpcode).first)
        let (_, checker) = try document(
            Array(repeating: .violation(finding), count: 100) + SampleConversation.dump())
        #expect(suites(checker)[0]["failures"] == "1")
        #expect(checker.count("failure") == 1)
        #expect(checker.text.split(separator: "reserved-opcode  dump").count - 1 == JUnitReport.findingCeiling)
    }

    @Test func noticesStandInTheOutputUnlessTheyFail() throws {
        let whole = StreamOrigin(source: "chat.pcapng", connection: nil, sender: nil)
        let findings =
            [Finding.notice(NoticeFinding(origin: whole, name: "tls", message: "TLS."))] + SampleConversation.broken()
        let (source, checker) = try document(findings)
        #expect(
            checker.text.contains("notice wrong-close-code (packet 34, 2026-03-01T12:35:01.730806Z): The client"))
        #expect(checker.text.contains("notice tls: TLS."))
        #expect(source.contains("</testcase>\n<system-out>notice tls: TLS.\n</system-out>\n</testsuite>"))
        #expect(suites(checker)[0]["failures"] == "1")
        let strict = try document(findings, noticesFail: true).checker
        #expect(suites(strict)[0]["failures"] == "3")
        #expect(strict.values(of: "type") == ["tls", "wrong-close-code", "reserved-bits"])
    }

    @Test func whatCannotBeReadIsAnError() throws {
        let (_, checker) = try document(
            SampleConversation.clean() + [.error(InputError(source: "chat.pcapng", message: "is cut"))])
        #expect(suites(checker)[0]["errors"] == "1" && suites(checker)[0]["tests"] == "3")
        #expect(checker.elements.last { $0.name == "error" }?.attributes["message"] == "is cut")
    }

    @Test func conversationsWithoutFramesPassAndRefusedOnesAreSkipped() throws {
        let (source, checker) = try document(
            SampleConversation(connection: 7).ended() + SampleConversation.refused(connection: 8))
        #expect(
            suites(checker)[0] == [
                "name": "chat.pcapng", "tests": "3", "failures": "0", "errors": "0", "skipped": "1",
            ])
        #expect(source.contains("<system-out>192.0.2.1:51007 → 192.0.2.2:80\nno frames\n</system-out>"))
        #expect(checker.elements.last { $0.name == "skipped" }?.attributes["message"]?.contains("403") == true)
    }

    @Test func nothingFoundIsADocumentAsWell() throws {
        #expect(
            try document([]).source
                == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wsframes\">\n</testsuites>\n")
    }

    @Test func fullSuitesAreWrittenAndContinuedInAnother() throws {
        var report = JUnitReport()
        var written: [String] = []
        for connection in 0..<(JUnitReport.suiteCeiling / 2 + 10) {
            for finding in SampleConversation(connection: connection).ended() {
                let text = report.text(for: finding)
                if !text.isEmpty { written.append(text) }
            }
        }
        #expect(written.count == 2)
        let checker = try MarkupChecker(written.joined() + report.closing(Totals()))
        #expect(suites(checker).map { $0["tests"] } == ["\(JUnitReport.suiteCeiling)", "20"])
        #expect(Set(suites(checker).map { $0["name"] }) == ["chat.pcapng"])
    }

    @Test(arguments: HTMLEscapingTests.hostile)
    func nothingBreaksOutOfTheDocument(_ text: String) throws {
        for noticesFail in [false, true] {
            let (_, checker) = try document(HTMLEscapingTests.findings(text), noticesFail: noticesFail)
            #expect(
                Set(checker.elements.map(\.name)).isSubset(of: [
                    "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
                ]))
            #expect(Set(checker.values(of: "classname")) == [Escaping.visible(text)])
        }
    }

    @Test func theSameFindingsMakeTheSameDocument() throws {
        let findings = SampleConversation.clean() + SampleConversation.broken(connection: 1)
        #expect(try document(findings).source == document(findings).source)
    }
}
