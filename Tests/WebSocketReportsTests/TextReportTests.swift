import Testing
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

@Suite struct TextReportTests {
    private let report = OneFinding { TextReport(usesColor: false) }

    private func block(_ bytes: [UInt8], sender: Endpoint? = .client, width: Int = 100) throws -> String {
        let finding = try #require(Sample.finding(in: Sample.Stream(bytes: bytes, sender: sender)))
        return OneFinding { TextReport(usesColor: false, width: width) }.text(for: .violation(finding))
    }

    // MARK: - Whole blocks

    @Test func aHeaderAtFault() throws {
        let bytes = Sample.text("Hello there") + Sample.masked(0x89, []) + [0x81, 0x05] + Array("Hello".utf8)
        #expect(
            try block(bytes) == """
                unmasked-client-frame  dump.bin, client → server, frame 2, offset 24
                  The client sent a text frame of 5 bytes without masking it.
                  At fault: the client. Must be closed with 1002 (protocol error).

                  where   byte 1 of frame 2, at offset 24 (0x18); the frame begins at 23 (0x17)
                  before  frame 1 at offset 17 (0x11) is the last good one: ping, FIN, masked, 0 bytes

                      byte 0: 0x81                         byte 1: 0x05
                    ┌──────┬──────┬──────┬──────┬────────┬──────┬─────────┐
                    │ FIN  │ RSV1 │ RSV2 │ RSV3 │ opcode │ MASK │ length  │
                    │  1   │  0   │  0   │  0   │  0001  │  0   │ 0000101 │
                    │ last │      │      │      │  text  │  no  │    5    │
                    └──────┴──────┴──────┴──────┴────────┴──────┴─────────┘
                                                           ^^^^

                    000000  81 8b 37 fa 21 3d 7f 9f  4d 51 58 da 55 55 52 88  ..7.!=..MQX.UUR.
                    000010  44 89 80 37 fa 21 3d 81  05 48 65 6c 6c 6f        D..7.!=..Hello
                                                 --  ^^

                  rule    A client masks every frame, control frames too, so that no one can choose the bytes that a
                          proxy on the way sees.
                          “The server MUST close the connection upon receiving a frame that is not masked.”
                          (RFC 6455 §5.1)
                  causes  · A home-made client, or a server library used as a client, does not mask.
                          · The client masks messages and forgets pings, pongs or Close.
                          · The roles are mixed up: the bytes were sent by the server.
                  check   · See which frames of the client lack the bit: all, or control frames only.
                          · Make sure that this is the client's direction, and not the server's (--sender server).


                """)
    }

    @Test func aMaskedPayloadAtFault() throws {
        let finding = try #require(Sample.finding(in: Sample.stream(breaking: .textNotUTF8), streamStart: 1000))
        #expect(
            report.text(for: .violation(finding)) == """
                text-not-utf8  dump.bin, client → server, frame 1, offset 22
                  0xC0 at byte 8 of the payload cannot occur in UTF-8.
                  At fault: the client. Must be closed with 1007 (invalid frame payload data).

                  where   byte 8 of the payload of frame 1, at offset 22 (0x16); the frame begins at 8; in the input
                          that is offset 1,022 (0x3FE), since the stream begins at 1,000 (0x3E8)
                  before  frame 0 at offset 0 is the last good one: text, FIN, masked, 2 bytes

                      byte 0: 0x81                         byte 1: 0x8B     bytes 2–5
                    ┌──────┬──────┬──────┬──────┬────────┬──────┬─────────┬─────────────┐
                    │ FIN  │ RSV1 │ RSV2 │ RSV3 │ opcode │ MASK │ length  │ masking key │
                    │  1   │  0   │  0   │  0   │  0001  │  1   │ 0001011 │ 37 FA 21 3D │
                    │ last │      │      │      │  text  │ yes  │   11    │             │
                    └──────┴──────┴──────┴──────┴────────┴──────┴─────────┴─────────────┘

                    000000  81 82 37 fa 21 3d 5f 93  81 8b 37 fa 21 3d 70 88  ..7.!=_...7.!=p.
                                                     -- -- -- -- -- --
                    000010  e2 81 f4 65 44 1d f7 55  00                       ...eD..U.
                                              ^^

                    unmasked  "Grüße \\xC0\\xAF!"
                                     ^^^^

                  rule    A text message is UTF-8 from its first byte to its last, over all its fragments. A
                          fragment may end inside a character, a message may not.
                          “When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is
                          not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.”
                          (RFC 6455 §5.6, §8.1)
                  causes  · Binary data is sent as text.
                          · The text is in another encoding (Latin-1, UTF-16), or was cut inside a character.
                          · Surrogates were encoded one by one (CESU-8).
                          · The payload is compressed, but RSV1 says that it is not.
                  check   · Send it as binary (opcode 2) if it is not text.
                          · Look at the bytes around the offset: do they make sense in another encoding?
                          · Cut long texts between characters, or send fragments of one message.


                """)
    }

    // MARK: - Parts of blocks

    @Test func theFirstThreeLinesSayWhatWhereAndWhoseFault() throws {
        for rule in Rule.allCases {
            let finding = try #require(Sample.findings(breaking: rule).first)
            let lines = report.text(for: .violation(finding)).lines
            #expect(lines[0].hasPrefix("\(rule.name)  dump.bin, "))
            #expect(lines[0].hasSuffix(", frame \(finding.violation.frame), offset \(finding.violation.offset)"))
            #expect(lines[1].hasPrefix("  ") && lines[1].hasSuffix("."))
            #expect(lines[2].hasPrefix("  At fault: \(finding.origin.sender.map { "the \($0.name)" } ?? "whoever")"))
            #expect(lines[2].contains(" Must be closed with \(rule.closeCode.rawValue) ("))
            #expect(lines[2].hasSuffix(")."))
        }
    }

    @Test func textWhereAFrameShouldBeginIsShown() throws {
        let http = try block([0x82, 0x00] + Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), sender: .server)
        #expect(
            http.contains("\n  These bytes read as text, not as a frame: \"HTTP/1.1 400 Bad Request\\r\\n\\r\\n\"\n"))
        let short = try block([0x82, 0x00] + Array("HTTP/1.".utf8) + [0x80], sender: .server)
        #expect(!short.contains("These bytes read as text"))
        let long = try block(Array(repeating: 0x70, count: 70), sender: .server)
        #expect(long.contains("as a frame: \"\(String(repeating: "p", count: 48))\"…\n"))
    }

    @Test func onlyTheTopByteOfAnOverflowIsMarked() throws {
        let lines = try block([0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0xC8]).lines
        let values = try #require(lines.first { $0.contains("80 00 00 00") })
        let marks = try #require(lines.first { $0.allSatisfy { $0 == " " || $0 == "^" } && $0.hasSuffix("^^") })
        #expect(values.dropFirst(marks.count - 2).hasPrefix("80 00 00 00 00 00 00 C8"))
    }

    @Test(arguments: Rule.allCases)
    func marksStandUnderWhatIsAtFault(_ rule: Rule) throws {
        let finding = try #require(Sample.findings(breaking: rule).first)
        let lines = report.text(for: .violation(finding)).lines
        let isPayload = [.closeCode, .closeReason, .compressedPayload, .text].contains(rule.field)
        #expect(lines.contains { $0.contains("└") } == true)
        let box = try #require(lines.firstIndex { $0.contains("└") })
        #expect(lines[box + 1].contains("^") == !isPayload)
        let marked = lines.indices.dropFirst().filter {
            lines[$0].contains("^^") && lines[$0 - 1].hasPrefix("    0000")
        }
        let hex = marked.map { index in
            zip(lines[index - 1], lines[index]).filter { $0.1 == "^" }.map { String($0.0) }.joined()
        }.joined()
        let start = Int(finding.violation.offset)
        let expected = finding.context[start..<(start + finding.violation.length)].reduce(into: "") { text, byte in
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        #expect(hex == expected)
    }

    @Test func aCharacterThatIsCutIsMarked() throws {
        let text = try block(Sample.masked(0x81, Array("Preis 5 ".utf8) + [0xE2, 0x82]) + Sample.text("more"))
        #expect(text.contains("where   just past frame 0, at offset 16 (0x10); the frame begins at 0\n"))
        #expect(text.contains("    unmasked  \"Preis 5 \\xE2\\x82\"\n                       ^^^^^^^^\n"))
    }

    @Test func previewsAreCutBetweenCharactersAndEscaped() throws {
        let before = Array(String(repeating: "漢", count: 20).utf8) + Array("\u{1B}[31m\u{202E}\"".utf8)
        let text = try block(Sample.masked(0x81, before + [0xFF] + Array(String(repeating: "字", count: 12).utf8)))
        let line = try #require(text.lines.first { $0.contains("unmasked") })
        #expect(line.hasPrefix("    unmasked  …\"漢"))
        #expect(line.contains(#"漢\x1B[31m\u{202E}\"\xFF字"#))
        #expect(!line.contains(#"\xE"#))
    }

    @Test func aContextThatDoesNotHoldTheFieldIsNoProblem() throws {
        var finding = try #require(Sample.findings(breaking: .textNotUTF8).first)
        finding.context = []
        #expect(!report.text(for: .violation(finding)).contains("unmasked"))
        finding.context = [1, 2, 3]
        finding.contextOffset = 5000
        #expect(!report.text(for: .violation(finding)).contains("01 02 03"))
        finding.lastGoodFrame = nil
        #expect(!report.text(for: .violation(finding)).contains("  before"))
    }

    // MARK: - What holds for every block

    @Test(arguments: Rule.allCases, [40, 60, 80, 100, 160])
    func linesFitTheirWidth(_ rule: Rule, _ width: Int) throws {
        let source = "a/long/path/without/a/space/" + String(repeating: "x", count: 150) + "/dump.bin"
        let finding = try #require(Sample.findings(breaking: rule, source: source).first)
        let text = OneFinding { TextReport(usesColor: false, width: width) }.text(for: .violation(finding))
        for line in text.lines {
            // Boxes have a minimum width, that of bytes 0 and 1 together; hex rows that of 8 bytes.
            let isDrawn = line.contains { "┌│└^".contains($0) } || line.contains("byte 0:")
            #expect(line.count <= (isDrawn ? max(width, 60) : max(width, 48)), "\(line)")
            #expect(!line.hasSuffix(" "))
        }
        let colored = OneFinding { TextReport(usesColor: true, width: width) }.text(for: .violation(finding))
        #expect(colored != text)
        #expect(colored.withoutColor == text)
    }

    @Test func namesOfInputsCannotDriveTheTerminal() throws {
        let name = "\u{1B}]0;owned\u{7}\u{202E}\u{9B}2J\nx"
        let origin = StreamOrigin(source: name, connection: 0, sender: nil)
        var findings: [Finding] = [
            .notice(NoticeFinding(origin: origin, name: name, message: name)),
            .error(InputError(source: name, message: name)),
            .stream(
                StreamSummary(
                    origin: origin, state: .complete, frames: 0, messages: 0, bytes: 0, isClosed: false, closeCode: nil)
            ),
        ]
        findings += Rule.allCases.flatMap { Sample.findings(breaking: $0, source: name) }.map(Finding.violation)
        for finding in findings {
            let text = report.text(for: finding)
            #expect(text.contains("\\x1B]0;owned\\x07\\u{202E}\\x9B2J\\nx"))
            #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
            #expect(!text.unicodeScalars.contains("\u{202E}"))
        }
    }

    @Test func colorMarksWhatIsAtFault() throws {
        let finding = try #require(Sample.findings(breaking: .unmaskedClientFrame).first)
        let text = OneFinding { TextReport(usesColor: true) }.text(for: .violation(finding))
        #expect(text.hasPrefix("\u{1B}[1;31munmasked-client-frame\u{1B}[0m  dump.bin"))
        #expect(text.contains("\u{1B}[1;31mAt fault: the client.\u{1B}[0m"))
        #expect(text.contains("\u{1B}[1;31m^^^^\u{1B}[0m\n"))
        #expect(text.contains("81 \u{1B}[1;31m05\u{1B}[0m 48"))
    }
}
