import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

@testable import WebSocketReports

/// How much the text report repeats, and how much it says about clean streams.
@Suite struct TextDetailTests {
    private func reported(_ findings: [Finding], _ detail: TextDetail, width: Int = 100) -> String {
        var report = TextReport(usesColor: false, width: width, detail: detail)
        return report.reported(findings)
    }

    private var twoBroken: [Finding] {
        MadeUpCapture.clean() + MadeUpCapture.broken(connection: 1) + MadeUpCapture.clean(connection: 2)
            + MadeUpCapture.broken(connection: 3)
    }

    @Test func theNextFindingOfARuleHasThreeLines() throws {
        let text = reported(twoBroken, .usual)
        #expect(text.ranges(of: "“RSV1, RSV2, RSV3").count == 1)
        #expect(text.ranges(of: "Compare its time with the logs").count == 1)
        #expect(
            text.contains(
                """

                conversation 3  10.0.0.1:51234 → 10.0.0.2:8080  GET /chat
                  upgraded in packet 6 at 2026-11-23T07:03:55.123456Z
                  host example.com, no permessage-deflate

                reserved-bits  capture.pcapng, conversation 3, server → client, frame 1, offset 22
                  RSV1 is set on a Close, and no agreed extension claims it. Close with 1002.
                  Certain: http-response: At offset 22 an HTTP response begins on the upgraded connection: "HTTP/1.1
                  504 Gateway Timeout".

                notice
                """))
        #expect(reported(twoBroken, .full).ranges(of: "“RSV1, RSV2, RSV3").count == 2)
    }

    @Test func aCleanConversationIsOneLine() {
        let text = reported(MadeUpCapture.clean(), .usual)
        #expect(
            text == """
                         #  client → server                 target  frames  messages  ended
                ok       0  10.0.0.1:51234 → 10.0.0.2:8080  /chat        6         2  closed 1000

                2 streams judged, no violation

                """)
    }

    @Test(arguments: [40, 60, 70, 80, 100, 200]) func aCleanConversationIsOneLineAtEveryWidth(_ width: Int) throws {
        let text = reported((0..<30).flatMap { MadeUpCapture.clean(connection: $0) }, .usual, width: width)
        let lines = text.lines.prefix { !$0.isEmpty }
        #expect(lines.count - lines.count { $0.contains("#") } == 30)
        for line in lines { #expect(Columns.count(in: line) <= width) }
        let last = try #require(lines.last)
        #expect(last.hasPrefix("ok      29  10.0.0.1:51234 → 10.0.0.2:8"), "\(last)")
        #expect(last.contains("closed 1000") == (width >= 60), "\(last)")
        #expect(last.contains("/chat") == (width >= 70), "\(last)")
        let titles = try #require(lines.first)
        #expect(titles.contains("frames") == (width >= 80) && titles.contains("messages") == (width >= 100))
    }

    @Test(arguments: [(24, 1, nil), (25, 0, nil), (25, 1, "conversation 100"), (30, 2, "conversations 100, 101")])
    func whatIsBrokenIsNamedAgainAfterALongList(_ clean: Int, _ broken: Int, _ named: String?) {
        let findings =
            (0..<clean).flatMap { MadeUpCapture.clean(connection: $0) }
            + (0..<broken).flatMap { MadeUpCapture.broken(connection: 100 + $0) }
        let text = reported(findings, .usual)
        let reminder = named.map { "broken: \($0), at the top of the list; --only violations shows no others" }
        #expect(text.lines.filter { $0.hasPrefix("broken: ") } == [reminder].compactMap(\.self))
        // With several files, the numbers alone would be ambiguous.
        let other = MadeUpCapture.clean(source: "other.pcap")
        #expect(!reported(findings + other, .usual).contains("broken: "))
    }

    @Test func conversationsWithTroubleStandFirst() throws {
        let list = reported(MadeUpCapture.refused(connection: 4) + twoBroken, .usual).lines.drop {
            !$0.contains("client → server  ")
        }
        #expect(
            list.filter { $0.first != " " }.map { String($0.prefix(10)) }.prefix(5) == [
                "broken   1", "broken   3", "refused  4", "ok       0", "ok       2",
            ])
    }

    @Test func briefIsOneLineAFinding() {
        #expect(
            reported(twoBroken, .brief).lines.filter { !$0.isEmpty }.map { String($0.prefix(110)) } == [
                "capture.pcapng, conversation 1, server → client, frame 1, offset 22, packet 9: reserved-bits: RSV1 is set on a",
                "capture.pcapng, conversation 1, client → server, packet 10: notice wrong-close-code: The client answered the s",
                "capture.pcapng, conversation 3, server → client, frame 1, offset 22, packet 9: reserved-bits: RSV1 is set on a",
                "capture.pcapng, conversation 3, client → server, packet 10: notice wrong-close-code: The client answered the s",
                "8 streams judged, 2 violations, 2 notices",
            ])
    }

    @Test func only1011ThatWasSentIsSpokenOf() throws {
        var finding = try #require(Sample.findings(breaking: .reservedBits).first)
        let report = OneFinding { TextReport(usesColor: false) }
        #expect(!report.text(for: .violation(finding)).contains("1011"))
        finding.receiverCloseCode = CloseCode(rawValue: 1002)
        #expect(!report.text(for: .violation(finding)).contains("1011"))
        finding.receiverCloseCode = CloseCode(rawValue: 1011)
        let text = report.text(for: .violation(finding))
        #expect(text.contains("Must be closed with 1002 (protocol error), not 1011.\n"))
        #expect(text.contains("The server sent 1011, which says that it had\n          failed itself.\n"))
    }

    @Test(arguments: [40, 60, 80, 100, 200])
    func theListFitsItsWidthAndUsesIt(_ width: Int) {
        var capture = MadeUpCapture()
        capture.head.target = "/" + String(repeating: "long-", count: 20)
        capture.send(.client, text: "Hello")
        let text = reported(capture.ended(captureEnded: true) + twoBroken, .usual, width: width)
        #expect(text.lines.allSatisfy { Columns.count(in: $0) <= max(width, 60) || $0.contains("│") })
        let list = text.lines.drop { !$0.hasPrefix("broken   1") }.dropLast(3)
        #expect(!list.isEmpty && list.allSatisfy { Columns.count(in: $0) <= width })
        let target = "/" + String(repeating: "long-", count: 20)
        #expect(list.contains { $0.contains(target) } == (width == 200))
        #expect(text.contains("10.0.0.1:51234 → 10.0.0.2:8080") || width == 40)
    }

    @Test func aStreamThatWasTornOffIsNotOK() {
        var capture = MadeUpCapture()
        capture.send(.client, [0x81, 0x85])
        let text = reported(capture.ended(captureEnded: false), .usual)
        #expect(text.contains("cut off  0  10.0.0.1:51234"))
        #expect(text.contains("            client → server ends inside a frame"))
        #expect(!text.contains("ok      client"))
    }

    @Test func factsStandAfterTheEnding() throws {
        var facts = ConversationFacts()
        facts.began = CaptureTime(nanoseconds: 0)
        facts.ended = CaptureTime(nanoseconds: 70_000_000_000)
        facts.silenceBeforeEnd = 60_000_000_000
        facts.roundTrips = .init()
        facts.roundTrips?.count = 2
        facts.roundTrips?.shortest = 350_000
        facts.roundTrips?.longest = 2_450_000
        facts.roundTrips?.total = 2_800_000
        facts.client.messages = 35
        facts.client.payloadBytes = 7_000
        facts.server.messages = 4
        facts.server.compressedMessages = 4
        facts.server.compressedBytes = 250
        facts.server.inflatedBytes = 1_000
        #expect(
            FactsText.clauses(facts) == [
                "lasted 1 min 10 s", "no frame in the last 1 min 0 s before the end",
                "2 pings answered after 350 µs to 2.4 ms, 1.4 ms on average",
                "client 0.5 messages a second, 100 bytes a second", "server 0.1 messages a second, 0 bytes a second",
                "server compressed 4 of 4 messages, to 25% of 1,000 bytes",
            ])
        facts.server.uninflatedMessages = 2
        #expect(
            FactsText.clauses(facts).last
                == "server compressed 4 of 4 messages, to 25% of 1,000 bytes, and 2 could not be inflated because bytes are missing"
        )
        #expect(FactsText.clauses(ConversationFacts()).isEmpty)
    }

    @Test func moreConversationsThanAreListedAreCounted() {
        var list = ConversationList()
        let finding = ConversationFinding(
            origin: StreamOrigin(source: "a", connection: 7, sender: nil), head: ConversationHead(opening: .upgrade))
        for _ in 0..<(ConversationList.maximumRows + 3) { ConversationTally(finding).map { list.add($0) } }
        let lines = [StyledLine](list.lines(width: 80)).text(usesColor: false).lines.filter { !$0.isEmpty }
        #expect(lines.count == ConversationList.maximumRows + 2)
        #expect(lines.last == "and 3 more conversations without")
    }
}
