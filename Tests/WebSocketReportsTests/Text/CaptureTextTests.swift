import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

/// What the text report says about captures. `TextReportTests` checks that dumps of one direction are reported as before.
@Suite struct CaptureTextTests {
    private func reported(_ findings: [Finding], width: Int = 100) -> String {
        var report = TextReport(usesColor: false, width: width)
        return report.reported(findings)
    }

    @Test func conversationsHaveHeadings() {
        let findings =
            MadeUpCapture.clean() + MadeUpCapture.refused(connection: 1) + MadeUpCapture.clean(connection: 2)
        let conversation = { (number: Int) in
            """
            conversation \(number)  10.0.0.1:51234 → 10.0.0.2:8080  GET /chat
              upgraded in packet 6 at 2026-11-23T07:03:55.123456Z
              host example.com, subprotocol chat.v2, no permessage-deflate
            ending  right: the client closed with 1000 (normal closure) in packet 11, and the server answered in
              packet 12.
            ok      capture.pcapng, conversation \(number), client → server: 3 frames, 1 message, 30 bytes, closed with \
            1000 (normal closure)
            ok      capture.pcapng, conversation \(number), server → client: 3 frames, 1 message, 30 bytes, closed with \
            1000 (normal closure)

            """
        }
        #expect(
            reported(findings) == conversation(0) + """

                conversation 1  10.0.0.1:51234 → 10.0.0.2:8080  GET /chat
                  refused with 403 in packet 6 at 2026-11-23T07:03:55.123456Z
                  host example.com


                """ + conversation(2) + """

                             #  client → server                 target  frames  messages  ended
                    refused  1  10.0.0.1:51234 → 10.0.0.2:8080  /chat        0         0  refused 403
                    ok       0  10.0.0.1:51234 → 10.0.0.2:8080  /chat        6         2  closed 1000
                    ok       2  10.0.0.1:51234 → 10.0.0.2:8080  /chat        6         2  closed 1000

                    4 streams judged, no violation

                    """)
    }

    @Test func aDiagnosisStandsAfterTheFaultLine() throws {
        let text = reported(MadeUpCapture.broken())
        #expect(
            text.hasPrefix(
                """
                conversation 0  10.0.0.1:51234 → 10.0.0.2:8080  GET /chat
                  upgraded in packet 6 at 2026-11-23T07:03:55.123456Z
                  host example.com, no permessage-deflate

                reserved-bits  capture.pcapng, conversation 0, server → client, frame 1, offset 22
                  RSV1 is set on a Close, and no agreed extension claims it.
                  At fault: the server. Must be closed with 1002 (protocol error).

                  what happened  certain: http-response

                """))
        #expect(
            text.contains(
                """
                    · See who wrote the response: look at its status, its headers and its body.
                    · Compare its time with the logs of the server and of every proxy.
                """))
        #expect(
            text.contains(
                """

                  where   byte 0 of frame 1, at offset 22 (0x16)
                          packet 9, 2026-11-23T07:03:55.125091Z
                  before  frame 0 at offset 0 is the last good one: text, FIN, not masked, 20 bytes

                """))
        #expect(
            text.hasSuffix(
                """

                notice  capture.pcapng, conversation 0, client → server: wrong-close-code
                  packet 10, 2026-11-23T07:03:55.125636Z
                  The client answered the server's violation (reserved-bits, packet 9) with a Close of code 1011
                  (internal error) in packet 10, and 1002 (protocol error) is the code for it (RFC 6455 §7.4.1).
                  1011 says that the client itself failed, but it was the server that broke the rule.
                ending  wrong: the server broke the rule reserved-bits in packet 9, and the client closed with 1011
                  (internal error) in packet 10 instead of 1002.
                ok      capture.pcapng, conversation 0, client → server: 2 frames, 1 message, 19 bytes, closed with \
                1011 (internal error)
                broken  capture.pcapng, conversation 0, server → client: violation after 1 frame, 1 message; 73 bytes; \
                close with 1002

                         #  client → server                 target  frames  messages  ended
                broken   0  10.0.0.1:51234 → 10.0.0.2:8080  /chat        3         2  1011 by client
                            reserved-bits by the server in frame 1, packet 9 (certain: http-response); notice
                            wrong-close-code

                2 streams judged, 1 violation, 1 notice

                """))
    }

    /// The hint does not repeat the diagnosis, and the advice occurs once.
    @Test func nothingIsSaidTwice() throws {
        var finding = try #require(
            Sample.finding(in: Sample.Stream(bytes: [0x82, 0x00] + Array("GET / HTTP/1.1\r\n".utf8), sender: .server)))
        let report = OneFinding { TextReport(usesColor: false) }
        #expect(report.text(for: .violation(finding)).contains("These bytes read as text"))
        finding.diagnosis = Diagnosis(
            name: "a-name", certainty: .likely, suspect: .server, message: "Bytes were lost. Look at the server first.",
            checks: ["Look."])
        #expect(
            report.text(for: .violation(finding)).contains(
                """
                ).

                  what happened  likely: a-name
                    Bytes were lost. Look at the server first.
                    · Look.

                  where   
                """.trimmingSuffix { $0 == " " }))
        #expect(!report.text(for: .violation(finding)).contains("These bytes read as text"))
        finding.diagnosis?.suspect = .between
        finding.diagnosis?.message = "Bytes were lost."
        #expect(
            report.text(for: .violation(finding)).contains(
                "    Bytes were lost.\n    Look first at what is between the two.\n    · Look.\n"))
    }

    @Test(
        arguments: [
            (true, "ending  right: the client closed.\n"), (false, "ending  wrong: the client closed.\n"),
            (nil, "ending  The client closed.\n"),
        ] as [(Bool?, String)])
    func endings(_ isRight: Bool?, _ line: String) {
        let ending = Ending(kind: .closed, isRight: isRight, message: "The client closed.", packetPosition: nil)
        let origin = StreamOrigin(source: "a", connection: 0, sender: nil)
        let report = OneFinding { TextReport(usesColor: false) }
        #expect(report.text(for: .ending(EndingFinding(origin: origin, ending: ending))) == line)
    }

    @Test func howAConversationBegan() {
        var capture = MadeUpCapture()
        let report = OneFinding { TextReport(usesColor: false) }
        func facts() -> [String] {
            Array(report.text(for: capture.ended()[0]).lines.dropFirst().dropLast())
        }
        capture.head.agreedDeflate = true
        capture.head.otherExtensions = ["x-webkit"]
        #expect(facts()[1] == "  host example.com, extension x-webkit agreed, permessage-deflate agreed")
        capture.head.otherExtensions = []
        capture.head.agreedDeflate = false
        capture.head.offeredDeflate = true
        #expect(facts()[1] == "  host example.com, permessage-deflate offered and not agreed")
        capture.head.agreedDeflate = nil
        capture.head.packetPosition = PacketPosition(packet: 9, time: nil)
        #expect(facts() == ["  upgraded in packet 9", "  host example.com, the response was not captured"])

        capture.head = ConversationHead(opening: .middle(skippedByClient: 1, skippedByServer: 12_000))
        #expect(facts() == ["  found in the middle, 1 byte of the client and 12,000 bytes of the server skipped"])
        capture.head.opening = .middle(skippedByClient: 0, skippedByServer: 0)
        #expect(report.text(for: capture.ended()[0]) == "conversation 0\n  found in the middle\n")
    }

    @Test func noticesSayWhatTheyAreAbout() {
        var capture = MadeUpCapture()
        let diagnosis = Diagnosis(
            name: "cut-short", certainty: .possible, suspect: .unknown,
            message: "The bytes do not show whose fault it is.", checks: [])
        for (connection, sender) in [(0, .client), (0, nil), (nil, nil)] as [(Int?, Endpoint?)] {
            let origin = StreamOrigin(source: "capture.pcapng", connection: connection, sender: sender)
            capture.add(
                .notice(
                    NoticeFinding(
                        origin: origin, name: "a-name", message: "Look.",
                        packetPosition: PacketPosition(packet: 7, time: nil))))
            capture.add(
                .notice(NoticeFinding(origin: origin, name: "b", message: diagnosis.message, diagnosis: diagnosis)))
        }
        let body = "\n  packet 7\n  Look.\n"
        let other =
            "\n  what happened  possible: cut-short\n    The bytes do not show whose fault it is.\n"
        let notices = reported(Array(capture.ended().dropFirst().dropLast(3)))
        #expect(!notices.contains("conversation 0:"), "without its head it is not a capture")
        #expect(
            reported(Array(capture.ended().dropLast(3))).contains(
                "notice  capture.pcapng, conversation 0, client → server: a-name" + body
                    + "notice  capture.pcapng, conversation 0, client → server: b" + other
                    + "notice  capture.pcapng, conversation 0: a-name" + body
                    + "notice  capture.pcapng, conversation 0: b" + other
                    // Notices about the whole input are separate.
                    + "\nnotice  capture.pcapng: a-name" + body + "notice  capture.pcapng: b" + other))
    }

    @Test func dumpsBesideCapturesAreReportedAsAlone() throws {
        let dump: [Finding] =
            Sample.findings(breaking: .maskedServerFrame).map(Finding.violation)
            + [.stream(Sample.summary(.violation, closeCode: .protocolError))]
        let alone = reported(dump)
        let beside = reported(MadeUpCapture.clean() + dump)
        #expect(beside.contains("(normal closure)\n\n" + alone.lines.dropLast(2).joined(separator: "\n")))
        #expect(reported(dump + MadeUpCapture.clean()).contains("close with 1002\n\nconversation 0"))
        #expect(!reported(MadeUpCapture.broken() + dump + MadeUpCapture.broken()).contains("\n\n\n"))
    }

    @Test(arguments: HostileText.all, [40, 100])
    func nothingDrivesTheTerminal(_ hostile: String, _ width: Int) {
        var capture = MadeUpCapture(source: hostile)
        capture.head.target = hostile
        capture.head.host = hostile
        capture.head.subprotocol = hostile
        capture.head.otherExtensions = [hostile]
        capture.send(.client, text: String(hostile.prefix(20)))
        capture.send(.server, [0xC1] + Array(hostile.utf8))
        capture.add(
            .notice(
                NoticeFinding(
                    origin: capture.origin(nil), name: hostile, message: hostile,
                    diagnosis: Diagnosis(
                        name: hostile, certainty: .certain, suspect: .client, message: hostile, checks: [hostile]))))
        let ending = Ending(kind: .closed, isRight: nil, message: hostile, packetPosition: nil)
        let findings = capture.ended() + [.ending(EndingFinding(origin: capture.origin(nil), ending: ending))]
        let text = reported(findings, width: width)
        #expect(HostileText.isHarmless(text))
        for line in text.lines {
            // Drawings, bytes and streams may exceed the width.
            let isProse =
                !line.contains { "┌│└^".contains($0) } && !line.hasPrefix("ok ") && !line.hasPrefix("broken ")
                && !line.hasPrefix("    0000") && !line.contains("byte 0:")
            if isProse { #expect(Columns.count(in: line) <= width, "\(line)") }
        }
        var colored = TextReport(usesColor: true, width: width)
        #expect(colored.reported(findings).withoutColor == text)
    }

    @Test func linesFitNarrowTerminals() {
        let text = reported(MadeUpCapture.clean(), width: 40)
        #expect(
            text.hasPrefix(
                """
                conversation 0
                  10.0.0.1:51234 → 10.0.0.2:8080
                  GET /chat
                  upgraded in packet 6 at
                  2026-11-23T07:03:55.123456Z
                  host example.com, subprotocol chat.v2,
                  no permessage-deflate
                ending  right: the client closed with

                """))
        #expect(!text.lines.contains { $0.hasSuffix(" ") })
    }

    @Test func valuesThatCouldBeWordsOfOursAreQuoted() {
        var capture = MadeUpCapture()
        capture.head.host = "a, permessage-deflate agreed"
        let text = reported(capture.ended())
        #expect(text.contains("  host \"a, permessage-deflate agreed\", no permessage-deflate\n"))
    }
}

extension String {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
