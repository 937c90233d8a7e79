import Testing
import WebSocketCaptures
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct InspectWidthTests {
    private func reported(_ findings: [Finding], width: Int, usesColor: Bool = false) -> String {
        var report = InspectReport(usesColor: usesColor, width: width)
        return report.reported(findings)
    }

    @Test(
        arguments: [
            (
                110, "packet  2026-11-23 UTC   sender           offset  FIN opcode length         payload",
                "     8  07:03:55.124546  server → client       0  FIN text       20         “Hello, who is there?”"
            ),
            (
                100, "packet  2026-11-23 UTC   sender    offset  FIN opcode length         payload",
                "     8  07:03:55.124546  server →       0  FIN text       20         “Hello, who is there?”"
            ),
            (
                80, "packet  2026-11-23 UTC   sender  offset  FIN opcode length  payload",
                "     8  07:03:55.124546  server       0  FIN text       20  “Hello, who is the…"
            ),
            (
                60, "packet  sender  offset  FIN opcode length  payload",
                "     8  server       0  FIN text       20  “Hello, who is …"
            ),
            (40, "packet  sender  FIN opcode length  payl…", "     8  server  FIN text       20  “He…"),
        ])
    func whatThereIsNoRoomForIsLeftOut(_ width: Int, _ titles: String, _ line: String) {
        let lines = reported(MadeUpCapture.clean(), width: width).lines
        #expect(!lines.contains { $0.hasSuffix(" ") })
        #expect(lines.contains(titles))
        #expect(lines.contains(line))
    }

    @Test(arguments: HostileText.all, [1, 40, 61, 100, 250])
    func nothingDrivesTheTerminal(_ hostile: String, _ width: Int) {
        var capture = MadeUpCapture(source: hostile)
        capture.head.target = hostile
        capture.head.host = hostile
        capture.head.subprotocol = hostile
        let payload = Array(hostile.utf8.prefix(120))
        capture.send(.client, 0x81, payload)
        capture.send(.client, 0x82, payload)
        capture.send(.client, 0x89, payload)
        capture.add(.notice(NoticeFinding(origin: capture.origin(.client), name: hostile, message: hostile)))
        capture.add(
            .notice(
                NoticeFinding(
                    origin: StreamOrigin(source: hostile, connection: nil, sender: nil), name: hostile,
                    message: hostile)))
        capture.send(.client, 0x88, [0x03, 0xE8] + payload)
        capture.send(.server, [0x81, 0x7D] + Array(repeating: 0xFF, count: 130))
        let text = reported(capture.ended(), width: width)
        #expect(HostileText.isHarmless(text))
        for line in text.lines {
            #expect(Columns.count(in: line) <= max(width, 40), "\(line)")
        }
        #expect(reported(capture.ended(), width: width, usesColor: true).withoutColor == text)
    }

    @Test(arguments: [40, 60, 80, 100, 200]) func whatWasFoundIsWrappedAndNeverCut(_ width: Int) {
        let words = { (text: String) in text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
        let text = words(reported(MadeUpCapture.broken(), width: width))
        for part in [
            "broken reserved-bits at offset 22, packet 9; close with 1002 (protocol error) RSV1 is set on a Close, and",
            "an HTTP response begins on the upgraded connection: \"HTTP/1.1 504 Gateway Timeout\".",
            "1002 (protocol error) is the code for it (RFC 6455 §7.4.1).",
            "ok client → server: 2 frames, 1 message, 19 bytes, closed with 1011 (internal error)",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test func colorTellsTheSidesApart() {
        let text = reported(MadeUpCapture.broken(), width: 100, usesColor: true)
        #expect(text.contains("\u{1B}[36mclient →\u{1B}[0m"))
        #expect(text.contains("\u{1B}[35mserver →\u{1B}[0m"))
        #expect(text.contains("\u{1B}[1;31mbroken\u{1B}[0m  \u{1B}[1;31mreserved-bits\u{1B}[0m at offset 22"))
        #expect(text.contains("\u{1B}[1;33mending\u{1B}[0m  wrong: "))
    }

    @Test func linesAreCutBetweenCharacters() {
        var line = StyledLine("漢字", .strong)
        line.append("かな")
        #expect(
            (0...8).map { line.cut(to: $0).text(usesColor: false) } == [
                "", "…", "…", "漢…", "漢…", "漢字…", "漢字…", "漢字か…", "漢字かな",
            ])
        #expect(Columns.cut("abc", to: 3) == "abc")
        #expect(Columns.cut("abcd", to: 3) == "ab…")
        #expect(Columns.cut("abcd", to: -1) == "")
    }
}
