import Foundation
import Testing
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

@Suite struct JSONLinesReportTests {
    private static let hostile = [
        "plain.bin", "", "a \"b\" \\ c", "new\nline\r\ttab\u{0}", "\u{1B}[31mred\u{1B}[0m", "\u{7F}\u{85}\u{9B}",
        "\u{202E}right to left\u{2066}", "line\u{2028}paragraph\u{2029}", "Grüße 漢字 👩‍👩‍👧 \u{FFFD}", "</script>",
    ]
    private static let violationKeys = [
        "type", "source", "connection", "sender", "frame", "frameOffset", "offset", "length", "rule", "section",
        "closeCode", "header", "message", "inputOffset",
    ]

    private let report = OneFinding { JSONLinesReport() }

    @Test func theContractsExamples() throws {
        let bytes: [UInt8] = Array(repeating: Sample.masked(0x82, Array(0..<34)), count: 3).flatMap(\.self)
        let finding = try #require(
            Sample.finding(in: Sample.Stream(bytes: bytes + [0x81, 0x05]), source: "a.bin", streamStart: 10))
        #expect(
            report.text(for: .violation(finding)) == """
                {"type":"violation","source":"a.bin","connection":0,"sender":"client","frame":3,"frameOffset":120,\
                "offset":121,"length":1,"rule":"unmasked-client-frame","section":"RFC 6455 §5.1","closeCode":1002,\
                "header":"8105","message":"the client sent a text frame of 5 bytes without masking it",\
                "inputOffset":131}

                """)
        let broken = Sample.summary(.violation, frames: 3, messages: 2, bytes: 640, closeCode: .protocolError)
        #expect(
            report.text(for: .stream(broken)) == """
                {"type":"stream","source":"a.bin","connection":0,"sender":"client","state":"violation","frames":3,\
                "messages":2,"bytes":640,"closed":false,"closeCode":1002,"sentCloseCode":null,\
                "sentCloseReason":null}

                """)
        let legal = Sample.summary(.complete, isClosed: true, sentCloseCode: .normalClosure)
        #expect(
            report.text(for: .stream(legal)).hasSuffix(
                "\"bytes\":64000,\"closed\":true,\"closeCode\":null,\"sentCloseCode\":1000,\"sentCloseReason\":null}\n")
        )
        let origin = StreamOrigin(source: "a.bin", connection: 2, sender: nil)
        #expect(
            report.text(for: .notice(NoticeFinding(origin: origin, name: "a-name", message: "Look."))) == """
                {"type":"notice","source":"a.bin","connection":2,"sender":"unknown","notice":"a-name","message":"Look."}

                """)
        #expect(
            report.text(for: .error(InputError(source: "a.bin", message: "no such file"))) == """
                {"type":"error","source":"a.bin","message":"no such file"}

                """)
        #expect(report.closing(Totals()) == "")
    }

    @Test(arguments: Rule.allCases, Self.hostile)
    func everyRuleUnderEveryName(_ rule: Rule, _ source: String) throws {
        let finding = try #require(Sample.findings(breaking: rule, source: source).first)
        let line = report.text(for: .violation(finding))
        let object = try parse(line)
        #expect(try keys(of: line) == Self.violationKeys)
        #expect(object["source"] as? String == source)
        #expect(object["rule"] as? String == rule.name)
        #expect(object["closeCode"] as? Int == Int(rule.closeCode.rawValue))
        #expect(object["header"] as? String == finding.violation.header.hex)
        #expect(object["sender"] as? String == finding.origin.sender?.name ?? "unknown")
        #expect(line.unicodeScalars.dropLast().allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test(arguments: Self.hostile)
    func everyOtherRow(_ name: String) throws {
        let origin = StreamOrigin(source: name, connection: 7, sender: .server)
        let notice = report.text(for: .notice(NoticeFinding(origin: origin, name: "x", message: name)))
        #expect(try keys(of: notice) == ["type", "source", "connection", "sender", "notice", "message"])
        #expect(try parse(notice)["message"] as? String == name)
        let error = report.text(for: .error(InputError(source: name, message: name)))
        #expect(try keys(of: error) == ["type", "source", "message"])
        #expect(try parse(error)["message"] as? String == name)
    }

    @Test func theRuleListIsJSON() throws {
        let lines = RuleList.jsonLines().lines.filter { !$0.isEmpty }
        #expect(lines.count == Rule.allCases.count)
        for (line, rule) in zip(lines, Rule.allCases) {
            let object = try parse(line + "\n")
            #expect(object["rule"] as? String == rule.name)
            #expect((object["causes"] as? [String])?.isEmpty == false)
        }
    }

    /// Parses a line with an independent parser.
    private func parse(_ line: String) throws -> [String: Any] {
        #expect(line.hasSuffix("}\n"))
        #expect(line.filter { $0 == "\n" }.count == 1)
        return try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    /// The keys in order: strings at depth 1 that are followed by a colon.
    private func keys(of line: String) throws -> [String] {
        var keys: [String] = []
        var string: String?
        var last = ""
        var isEscaped = false
        for character in line.unicodeScalars {
            if let open = string {
                if isEscaped || character == "\\" {
                    isEscaped = !isEscaped
                } else if character == "\"" {
                    (last, string) = (open, nil)
                    continue
                }
                string = open + String(character)
            } else if character == "\"" {
                string = ""
            } else if character == ":" {
                keys.append(last)
            }
        }
        return keys
    }
}
