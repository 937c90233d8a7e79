import Testing
import WebSocketFrames
import WebSocketProbe
import WebSocketReports

/// The results of a probe: worst first, well-formed, and safe from anything that the peer sent.
@Suite struct ProbeReportTests {
    private static func result(_ name: String, _ outcome: ProbeResult.Outcome, detail: String = "answers so") throws
        -> ProbeResult
    {
        let file = "# A sentence <b>.\n# RFC 6455 §5.5\n#: target server\nsend ping \"x\"\nexpect pong \"x\"\n"
        return ProbeResult(
            probe: try ProbeCase(file: file, path: name + ".case"), outcome: outcome, detail: detail,
            sent: [UInt8](repeating: 0x89, count: 300), received: [0x8A, 0x00], sentHead: Array("GET".utf8),
            receivedHead: [0x00, 0x1B, 0x5B])
    }

    private static func report() throws -> ProbeReport {
        let outcomes: [ProbeResult.Outcome] = [
            .strict, .late, .lax, .refuses(.protocolError), .otherCode(nil), .cutOff, .hangs, .dies,
            .skipped("why <so>"),
        ]
        var results = try outcomes.enumerated().map { try result("probe/topic/case-\($0.offset)", $0.element) }
        for index in 0..<20 {
            results.append(
                try result("probe/many/case-\(index + 10)", .lax, detail: HostileText.all.joined(separator: " ")))
        }
        return ProbeReport(target: "ws://h/<&\u{202E}>", command: "wsframes probe ws://h/", results: results)
    }

    @Test func theWorstComesFirst() throws {
        let text = try Self.report().text(usesColor: false, width: 80)
        let titles = text.split(separator: "\n").filter { $0.contains(": ") && !$0.hasPrefix(" ") }
        #expect(
            titles.map { $0.prefix { $0 != ":" } }.prefix(7) == [
                "dies", "hangs", "lax", "lax", "refuses", "other code", "cut off",
            ], "\(titles)")
        #expect(titles.contains("lax: many, 20 cases"))
        #expect(text.contains("again   wsframes probe ws://h/ --only probe/topic/case-7"))
        #expect(text.hasSuffix("26 of 28 cases went wrong\n"))
        for line in text.split(separator: "\n") where !line.contains("  again ") {
            #expect(line.count <= 80, "\(line)")
        }
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format })
    }

    @Test func pagesAreWellFormed() throws {
        let report = try Self.report()
        let page = try MarkupChecker(report.html())
        #expect(page.text.contains("26 of 28 cases went wrong"))
        let suites = try MarkupChecker(report.junit())
        #expect(suites.elements.count { $0.name == "testcase" } == 29)
        #expect(suites.elements.count { $0.name == "failure" } == 26)
        #expect(suites.elements.count { $0.name == "skipped" } == 1)
    }

    @Test func aStrictOneIsCalledStrict() throws {
        let report = ProbeReport(
            target: "ws://h/", command: "wsframes probe", results: [try Self.result("probe/a/b", .strict)])
        #expect(report.text(usesColor: false, width: 80).hasSuffix("ws://h/: strict in 1 case\n"))
        #expect(report.dumps.isEmpty)
    }

    @Test func eachFaultHasTwoDumps() throws {
        let dumps = try Self.report().dumps
        #expect(dumps.count == 2 * 26)
        #expect(dumps.allSatisfy { !$0.name.contains("/") && $0.text.contains("#: sender ") })
    }
}
