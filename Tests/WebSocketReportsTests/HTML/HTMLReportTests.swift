import Foundation
import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct HTMLReportTests {
    private func page(_ findings: [Finding], inputs: UInt64 = 1) -> String {
        var report = HTMLReport()
        return report.whole(findings, inputs: inputs)
    }

    private static let everything =
        [
            Finding.notice(
                NoticeFinding(
                    origin: StreamOrigin(source: "chat.pcapng", connection: nil, sender: nil), name: "tls",
                    message: "TLS."))
        ]
        + SampleConversation.clean() + SampleConversation.broken(connection: 1)
        + SampleConversation.refused(connection: 2)
        + [.error(InputError(source: "chat.pcapng", message: "the capture is cut inside packet 12"))]
        + Rule.allCases.flatMap { SampleConversation.dump(breaking: $0, source: "\($0.name).hex") }

    @Test func pagesAreWellFormed() throws {
        for findings in [[], SampleConversation.clean(), Self.everything] {
            _ = try MarkupChecker(page(findings))
        }
    }

    @Test func thePageNeedsAndAsksForNothing() throws {
        let text = page(Self.everything)
        let checker = try MarkupChecker(text)
        let names = Set(checker.elements.map(\.name))
        #expect(names.isDisjoint(with: ["script", "link", "img", "iframe", "object", "embed", "form", "base"]))
        for forbidden in ["http:", "https:", "url(", "@import", "@font-face", "javascript:", "//"] {
            #expect(!text.contains(forbidden), "\(forbidden)")
        }
        let attributes = Set(checker.elements.flatMap(\.attributes.keys))
        #expect(!attributes.contains("src"))
        #expect(!attributes.contains { $0.hasPrefix("on") })
    }

    @Test func thePolicyStandsBeforeEverythingElse() throws {
        let elements = try MarkupChecker(page(Self.everything)).elements
        let policy = try #require(elements.firstIndex { $0.attributes["http-equiv"] == "Content-Security-Policy" })
        #expect(elements[..<policy].map(\.name) == ["html", "head", "meta"])
        let content = try #require(elements[policy].attributes["content"])
        #expect(content.hasPrefix("default-src 'none'; style-src 'unsafe-inline'"))
        #expect(!content.contains("script-src"))
    }

    @Test func everyLinkLeadsToAPlaceOnThePage() throws {
        let checker = try MarkupChecker(page(Self.everything))
        let ids = checker.values(of: "id")
        #expect(Set(ids).count == ids.count)
        let links = checker.values(of: "href")
        #expect(links.count > 40)
        for link in links {
            #expect(link.hasPrefix("#") && ids.contains(String(link.dropFirst())), "\(link)")
        }
    }

    @Test func theSameFindingsMakeTheSamePage() {
        #expect(page(Self.everything) == page(Self.everything))
    }

    // MARK: - What is reported

    @Test func theVerdictStandsFirst() throws {
        let broken = page(Self.everything, inputs: 19)
        #expect(broken.contains("<h1 class=\"fault\">20 violations</h1>"))
        #expect(broken.contains("<title>20 violations · chat.pcapng</title>"))
        #expect(broken.contains("<b>19</b> inputs"))
        #expect(broken.contains("in 20 of 22 conversations"))
        #expect(page(SampleConversation.clean()).contains("<h1>No violation</h1>"))
        #expect(page([]).contains("<h1>No WebSocket stream</h1>"))
        let error = page([.error(InputError(source: "x", message: "cannot be opened"))])
        #expect(error.contains("<h1 class=\"fault\">1 input not read</h1>"))
        #expect(error.contains("cannot be opened"))
    }

    @Test func aConversationIsReported() throws {
        let text = try MarkupChecker(page(SampleConversation.broken())).text
        for part in [
            "192.0.2.1:51000 ⇄ 192.0.2.2:80", "example.test/chat?room=lobby&as=<b>", "chat.v2",
            "By its HTTP handshake.",
            "permessage-deflate offered, not agreed", "packet 4, 2026-03-01T12:34:56.123456Z",
            "client → server: 18 frames, 15 messages", "server → client: violation after 11 frames", "5.0 s",
            "wrong-close-code", "The client answered the violation with 1011; it must be 1002.", "29 frames",
            "1011 (internal error) “oops”",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        let middle = ConversationHead.Opening.middle(skippedByClient: 3, skippedByServer: 0)
        var chat = SampleConversation()
        chat.head.opening = middle
        #expect(page(chat.ended()).contains("3 bytes of the client and 0 bytes of the server"))
        #expect(page(SampleConversation.refused()).contains("HTTP status 403"))
    }

    @Test func aViolationStandsWhereItHappened() throws {
        let text = page(SampleConversation.broken())
        let flag = try #require(text.range(of: "id=\"c0f0\""))
        let lastOfClient = try #require(text.range(of: "frame 17: close"))
        let fragment = try #require(text.range(of: "frame 10: continuation"))
        #expect(fragment.lowerBound < flag.lowerBound && flag.lowerBound < lastOfClient.lowerBound)
        let row = try #require(text.range(of: "<tr class=\"bad\">"))
        let before = try #require(text.range(of: "<tr id=\"c0s10\">"))
        let after = try #require(text.range(of: "<tr id=\"c0c17\">"))
        #expect(before.lowerBound < row.lowerBound && row.lowerBound < after.lowerBound)
        // The offending frame was never complete, so its box comes from its header.
        #expect(text.contains("class=\"f s close more cut bad\""))
    }

    @Test func aFrameAtFaultThatIsShownAnywayIsMarkedAndNotDrawnTwice() throws {
        var chat = SampleConversation()
        chat.send(.client, 0x81, Array("hi".utf8))
        var findings = chat.ended()
        let bad = Sample.finding(in: Sample.Stream(bytes: [0x83]), source: chat.source)
        findings.insert(.violation(try #require(bad)), at: 2)
        let checker = try MarkupChecker(page(findings))
        let boxes = checker.elements.filter { $0.name == "a" && $0.attributes["class"]?.hasPrefix("f c") == true }
        #expect(boxes.map { $0.attributes["class"] } == ["f c text bad"])
    }

    @Test(arguments: Rule.allCases)
    func everyRuleIsExplained(_ rule: Rule) throws {
        let finding = try #require(Sample.findings(breaking: rule).first)
        let text = try MarkupChecker(page([.violation(finding)])).text
        let entry = rule.entry
        let parts =
            [
                entry.name, entry.sentence, entry.section, entry.meaning,
            ].map(\.description)
            // Before the first frame of a stream there is none to look at.
            + (RuleText.lines(of: entry.causes) + RuleText.lines(of: entry.checks)).filter {
                finding.violation.frame > 0 || !$0.contains("the frame before")
            }
        for part in parts + ["Must be closed with \(rule.closeCode.rawValue)", "Header of frame"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test(arguments: Rule.allCases)
    func marksStandAtWhatIsAtFault(_ rule: Rule) throws {
        let finding = try #require(Sample.findings(breaking: rule).first)
        let text = page([.violation(finding)])
        let start = Int(finding.violation.offset)
        for byte in finding.context[start..<(start + finding.violation.length)] {
            #expect(text.contains("<mark>" + Numbers.paddedHex(UInt64(byte), digits: 2, uppercase: false) + "</mark>"))
        }
        let isPayload = [.closeCode, .closeReason, .compressedPayload, .text].contains(rule.field)
        #expect(text.contains("<td class=\"bad\"><mark>") == !isPayload)
    }

    @Test func aDiagnosisIsReported() throws {
        let text = try MarkupChecker(page(SampleConversation.broken())).text
        #expect(text.contains("What happened: http-response · certain · look first at what is between the two"))
        #expect(text.contains("Look for 502 in the proxy's log."))
        for suspect in Diagnosis.Suspect.allCases { #expect(!DiagnosisText.suspect(suspect).isEmpty) }
    }

    @Test func dumpsOfTheSameNameAreTwo() throws {
        let text = page(SampleConversation.dump() + SampleConversation.dump(), inputs: 2)
        #expect(text.contains("<b>2</b> conversations"))
        #expect(try MarkupChecker(text).count("article") == 2)
        // After a stream, only notices belong to it.
        let notice = NoticeFinding(
            origin: StreamOrigin(source: "dump.hex", connection: 0, sender: .client), name: "n", message: "m")
        #expect(page(SampleConversation.dump() + [.notice(notice)]).contains("<b>1</b> conversation<"))
    }

    @Test(
        arguments: [
            (0, 10), (1, 13), (2, 14), (125, 30), (1024, 40), (1_048_576, 70), (UInt64.max, 200),
        ] as [(UInt64, Int)])
    func boxesGrowWithTheLengthAndStayVisible(_ length: UInt64, _ width: Int) {
        #expect(FrameBox.width(of: length) == width)
        #expect(FrameBox.width(of: length) >= FrameBox.width(of: length / 2))
    }
}
