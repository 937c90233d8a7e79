import WebSocketDiagnosis
// Violations that no test can produce, since they need exbibytes of stream. They are made by hand, which takes a debug build.
#if DEBUG
    import Testing
    @testable import WebSocketFrames
    import WebSocketInspection
    import WebSocketReports

    @Suite struct ExtremeValuesTests {
        private static let offsets: [UInt64] = [0, 1, 200, .max - 14, .max]
        private static let contexts: [[UInt8]] = [
            [], [0x81], Array(repeating: 0xE2, count: 300), Array("GET / HTTP/1.1\r\n".utf8),
        ]

        private static var headers: [EncodedFrameHeader] {
            let bytes: [[UInt8]] = [
                [], [0x81], [0x81, 0x85], [0x81, 0xFE, 0x01], Array(repeating: 0xFF, count: 14),
                [0x88, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            ]
            return bytes.map { $0.reduce(into: EncodedFrameHeader()) { $0.append($1) } }
        }

        @Test(arguments: Rule.allCases)
        func nothingTraps(_ rule: Rule) {
            let text = OneFinding { TextReport(usesColor: true, width: 100) }
            let json = OneFinding { JSONLinesReport() }
            let inspect = OneFinding { InspectReport(usesColor: true, width: 100) }
            var turn = Rule.allCases.firstIndex(of: rule) ?? 0
            for offset in Self.offsets {
                for frameOffset in [offset, 0, offset &- 20] {
                    for header in Self.headers {
                        let violation = Violation(
                            rule: rule, offset: offset, length: offset % 2 == 0 ? 0 : 8, frame: .max,
                            frameOffset: frameOffset,
                            header: header, value: .max)
                        // Over all rules, each context is used at every position.
                        let context = Self.contexts[turn % 4]
                        let contextOffset = [0, offset, offset &- 48, .max][turn / 4 % 4]
                        let finding = ViolationFinding(
                            origin: StreamOrigin(source: "", connection: .min, sender: nil), violation: violation,
                            streamStart: .max, context: context, contextOffset: contextOffset,
                            lastGoodFrame: FrameRecord(index: .max, offset: .max, header: header))
                        #expect(text.text(for: .violation(finding)).hasSuffix("\n"))
                        #expect(json.text(for: .violation(finding)).hasSuffix("}\n"))
                        #expect(inspect.text(for: .violation(finding)).hasSuffix("\n"))
                        turn += 1
                    }
                }
            }
        }

        @Test func extremeWidths() throws {
            let finding = try #require(Sample.findings(breaking: .textNotUTF8).first)
            for width in [Int.min, -1, 0, 1, 10_000, .max / 2] {
                let report = OneFinding { TextReport(usesColor: false, width: width) }
                #expect(!report.text(for: .violation(finding)).isEmpty)
                #expect(throws: Never.self) {
                    try Explanation.text(of: ["1002", "1011"], usesColor: true, width: min(width, 10_000)).get()
                }
            }
        }
    }
#endif
