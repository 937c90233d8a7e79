import Testing
import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

import WebSocketInspection
@testable import WebSocketReports

@Suite struct InspectReportTests {
    private func reported(_ findings: [Finding], width: Int = 120) -> String {
        var report = InspectReport(usesColor: false, width: width)
        return report.reported(findings)
    }

    // MARK: - Whole conversations

    @Test func aConversation() {
        #expect(
            reported(MadeUpCapture.clean()) == """
                capture.pcapng
                conversation 0  10.0.0.1:51234 → 10.0.0.2:8080  GET /chat
                  upgraded in packet 6 at 2026-11-23T07:03:55.123456Z
                  host example.com, subprotocol chat.v2, no permessage-deflate

                packet  2026-11-23 UTC   sender           offset  FIN opcode length         payload
                     7  07:03:55.124001  client → server       0  FIN text        5 masked  “Hello”
                     8  07:03:55.124546  server → client       0  FIN text       20         “Hello, who is there?”
                     9  07:03:55.125091  server → client      22  FIN ping        2         “p1”
                    10  07:03:55.125636  client → server      11  FIN pong        2 masked  “p1”
                    11  07:03:55.126181  client → server      19  FIN close       5 masked  1000 (normal closure) “bye”
                    12  07:03:55.126726  server → client      26  FIN close       2         1000 (normal closure)
                ending  right: the client closed with 1000 (normal closure) in packet 11, and the server answered in \
                packet 12.
                ok      client → server: 3 frames, 1 message, 30 bytes, closed with 1000 (normal closure)
                ok      server → client: 3 frames, 1 message, 30 bytes, closed with 1000 (normal closure)

                2 streams judged, no violation

                """)
    }

    @Test func findingsStandBelowTheirFrames() {
        let lines = reported(MadeUpCapture.broken(), width: 100).lines.dropFirst(5)
        #expect(
            lines.joined(separator: "\n") == """
                packet  2026-11-23 UTC   sender    offset  FIN opcode length         payload
                     7  07:03:55.124001  client →       0  FIN text        5 masked  “Hello”
                     8  07:03:55.124546  server →       0  FIN text       20         “Hello, who is there?”
                     9  07:03:55.125091  server →      22  -   RSV1 close       ? ?       header 48 …
                        broken  reserved-bits at offset 22, packet 9; close with 1002 (protocol error)
                                RSV1 is set on a Close, and no agreed extension claims it.
                                certain http-response: At offset 22 an HTTP response begins on the upgraded
                                  connection: "HTTP/1.1 504 Gateway Timeout". Look first at what is between the two:
                                  a proxy, a load balancer, a middlebox.
                    10  07:03:55.125636  client →      11  FIN      close       2 masked  1011 (internal error)
                        notice  wrong-close-code, client → server, packet 10
                                The client answered the server's violation (reserved-bits, packet 9) with a Close of
                                  code 1011 (internal error) in packet 10, and 1002 (protocol error) is the code for
                                  it (RFC 6455 §7.4.1). 1011 says that the client itself failed, but it was the
                                  server that broke the rule.
                ending  wrong: the server broke the rule reserved-bits in packet 9, and the client closed with 1011
                  (internal error) in packet 10 instead of 1002.
                ok      client → server: 2 frames, 1 message, 19 bytes, closed with 1011 (internal error)
                broken  server → client: violation after 1 frame, 1 message; 73 bytes; close with 1002

                2 streams judged, 1 violation, 1 notice

                """)
    }

    @Test func dumpsOfOneDirectionHaveNoPackets() throws {
        let stream = Sample.Stream(bytes: Sample.text("hi") + [0x81, 0x05] + Array("Hello".utf8))
        let finding = try #require(Sample.finding(in: stream))
        let record = try #require(finding.lastGoodFrame)
        let frame = FrameFinding(
            origin: finding.origin,
            frame: SeenFrame(
                record: record, payload: Array("hi".utf8), payloadCount: 2, isWhole: true, packetPosition: nil))
        var summary = Sample.summary(.violation, frames: 1, messages: 1, bytes: 15, closeCode: .protocolError)
        summary.origin = finding.origin
        let findings: [Finding] = [.frame(frame), .violation(finding), .stream(summary)]
        let dump = """
            dump.bin

            sender           offset  FIN opcode length         payload
            client → server       0  FIN text        2 masked  “hi”
            client → server       8  FIN text        5         0 of 5 bytes
              broken  unmasked-client-frame at offset 9; close with 1002 (protocol error)
                      The client sent a text frame of 5 bytes without masking it.
            broken  client → server: violation after 1 frame, 1 message; 15 bytes; close with 1002

            """
        #expect(reported(findings) == dump + "\n1 stream judged, 1 violation\n")
        // The same name given twice is two inputs.
        #expect(reported(findings + findings) == dump + "\n" + dump + "\n2 streams judged, 2 violations\n")
    }

    @Test func noticesAboutAWholeInputAreReportedInFull() {
        let origin = StreamOrigin(source: "a.pcap", connection: nil, sender: nil)
        let message = String(repeating: "word ", count: 30) + "end."
        let notice = Finding.notice(NoticeFinding(origin: origin, name: "tls", message: message))
        #expect(reported([notice], width: 60).hasPrefix("notice  a.pcap: tls\n  word word"))
        #expect(reported([notice], width: 60).contains("end.\n\n0 streams"))
        #expect(
            reported([.error(InputError(source: "a.pcap", message: message))], width: 60).contains("end.\n\n0 streams"))
    }

    @Test func everyCaptureIsNamedOnce() {
        let findings =
            MadeUpCapture.clean() + MadeUpCapture.refused(connection: 1) + MadeUpCapture.refused(source: "b.pcap")
            + [.stream(Sample.summary(.complete))] + MadeUpCapture.refused(source: "b.pcap")
        let names = reported(findings).lines.filter { ["capture.pcapng", "b.pcap", "a.bin"].contains($0) }
        #expect(names == ["capture.pcapng", "b.pcap", "a.bin", "b.pcap"])
        #expect(reported(findings).contains("\n\nb.pcap\nconversation 0  10"))
    }

    // MARK: - Frames

    private func payloads(_ capture: MadeUpCapture, width: Int = 200) -> [String] {
        let lines = reported(capture.ended(), width: width).lines
        guard let titles = lines.firstIndex(where: { $0.hasSuffix("payload") }) else { return [] }
        let start = lines[titles].count - "payload".count
        // The column moves when another one grows.
        return lines[(titles + 1)...].prefix { $0.first == " " }.map {
            String($0.dropFirst(start).drop { $0 == " " })
        }
    }

    @Test func payloads() {
        var capture = MadeUpCapture(deflate: true)
        capture.send(.server, 0x82, [0, 1, 0xAB])
        capture.send(.server, 0x82)
        capture.send(.server, 0xC1, [0xCA, 0x48, 0x04, 0x00])
        capture.send(.server, 0x41, [0xCA, 0x48])
        capture.send(.server, 0x80, [0x61, 0x62])
        capture.send(.server, 0x01, Array("aé".utf8).dropLast())
        capture.send(.server, 0x80, [0xA9, 0x62])
        capture.send(.server, 0x89, [0x00, 0xFF])
        capture.send(.server, 0x81)
        capture.send(.server, 0x88)
        #expect(
            payloads(capture) == [
                "00 01 ab", "", "deflate ca 48 04 00", "deflate ca 48", "deflate 61 62", "“a…", "…“b”", "00 ff", "", "",
            ])
    }

    @Test func flags() {
        var capture = MadeUpCapture(deflate: true)
        capture.send(.client, 0x41, [1])
        capture.send(.client, 0x80, [2])
        let lines = reported(capture.ended(), width: 100).lines
        #expect(lines[5] == "packet  2026-11-23 UTC   sender    offset  FIN      opcode length         payload")
        #expect(lines[6] == "     7  07:03:55.124001  client →       0  -   RSV1 text        1 masked  deflate 01")
        #expect(
            lines[7] == "     8  07:03:55.124546  client →       7  FIN      continuation      1 masked  deflate 02")
    }

    @Test func columnsGrow() {
        var capture = MadeUpCapture()
        capture.packet = 999_999
        capture.send(.client, text: "a")
        capture.packet = 1_234_567
        capture.send(.client, text: "b")
        let lines = reported(capture.ended(), width: 100).lines.dropFirst(6)
        #expect(lines.first == "1000000  07:03:55.124001  client →       0  FIN text        1 masked  “a”")
    }

    @Test func anotherDayIsSaid() {
        var capture = MadeUpCapture()
        capture.send(.client, text: "a")
        capture.time = CaptureTime(nanoseconds: 1_795_417_435_123_456_000 + 86_400_000_000_000)
        capture.send(.client, text: "b")
        capture.send(.client, text: "c")
        let lines = reported(capture.ended(), width: 100).lines
        #expect(lines[7] == "        2026-11-24 UTC")
        #expect(lines[8].hasPrefix("     8  07:03:55.124001"))
        #expect(lines[9].hasPrefix("     9  07:03:55.124546"))
        capture = MadeUpCapture()
        capture.time = nil
        capture.send(.client, text: "a")
        #expect(reported(capture.ended(), width: 100).lines[5].hasPrefix("packet  time             sender "))
        #expect(reported(capture.ended(), width: 100).lines[6].hasPrefix("     7                   client "))
    }

    @Test func aFrameThatIsAtFaultStandsThereOnce() throws {
        var capture = MadeUpCapture()
        capture.send(.server, [0x81, 0x04, 0x61, 0x62, 0xFF, 0x63])
        var findings = capture.ended()
        let shown = reported(findings)
        #expect(shown.contains("FIN text        4         3 of 4 bytes  “ab"))
        #expect(shown.lines.filter { $0.contains(" of 4 bytes") }.count == 1)
        let record = FrameRecord(
            index: 0, offset: 0, header: [0x81, 0x04].reduce(into: EncodedFrameHeader()) { $0.append($1) })
        let frame = SeenFrame(
            record: record, payload: [0x61, 0x62], payloadCount: 2, isWhole: false,
            packetPosition: capture.packetPosition)
        findings.insert(.frame(FrameFinding(origin: capture.origin(.server), frame: frame)), at: 1)
        #expect(reported(findings).lines.filter { $0.contains(" of 4 bytes") }.count == 1)
        #expect(reported(findings).contains("2 of 4 bytes  “ab…\n        broken  text-not-utf8 at offset 4"))
    }

    // MARK: - Several at a time

    /// Live capture: the frames of two conversations arrive interleaved.
    @Test func concurrentConversations() {
        var one = MadeUpCapture()
        var other = MadeUpCapture(connection: 1)
        one.send(.client, text: "one")
        one.send(.server, text: "answer")
        one.send(.server, [0x83, 0x00])
        other.send(.server, text: "other")
        other.send(.client, text: "reply")
        let (first, second) = (one.ended(), other.ended())
        // Both beginnings, a frame of each in turn, then the rest of both.
        let mingled =
            [first[0], first[1], second[0], second[1], first[2], second[2], first[3]] + first[4...] + second[3...]
        let lines = reported(Array(mingled)).lines
        let rows = lines.filter { $0.contains("07:03:55.12") && !$0.contains("upgraded") }
        #expect(rows.map { String($0.prefix(4)) } == ["    ", "   1", "   0", "   1", "   0"])
        #expect(rows.last?.hasSuffix("header 83 …") == true || rows.last?.contains("0x3") == true)
        // The lines below the frames are grouped by conversation number.
        let numbers = lines.filter { $0.hasPrefix("conversation ") && !$0.contains("→") }
        #expect(numbers.first == "conversation 0")
        #expect(numbers.last == "conversation 1")
        #expect(lines.count { $0 == "capture.pcapng" } == 1)
    }

    @Test func conversationsOneAfterTheOtherHaveNoNumbersInTheirLines() {
        let lines = reported(MadeUpCapture.clean() + MadeUpCapture(connection: 1).ended()).lines
        #expect(!lines.contains { $0.contains("conv ") })
    }
}
