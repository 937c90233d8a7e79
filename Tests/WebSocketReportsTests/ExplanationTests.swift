import Testing
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection
import WebSocketReports

@Suite struct ExplanationTests {
    private func text(_ topics: String..., width: Int = 100, color: Bool = false) throws -> String {
        try Explanation.text(of: topics, usesColor: color, width: width).get()
    }

    @Test(arguments: [80, 81, 100, 120])
    func twoCodesStandSideBySide(_ width: Int) throws {
        let text = try text("1002", "1011", width: width)
        let column = (width - 3) / 2
        for line in text.lines.dropLast() {
            #expect(line.dropFirst(column + 1).first == "│", "\(line)")
            #expect(line.count <= width)
            #expect(!line.hasSuffix(" "))
        }
        let first = try #require(text.lines.first)
        #expect(first.hasPrefix("1002: protocol error "))
        #expect(first.hasSuffix("│ 1011: internal error"))
        let faults = text.lines.filter { $0.hasPrefix("At fault ") && $0.hasSuffix("│ At fault") }
        #expect(faults.count == 1)
        #expect(try self.text("1002", "1011", width: width, color: true).withoutColor == text)
    }

    /// Identifiers of the code do not belong in prose; those of other programs' APIs do.
    @Test func thePagesAreProse() throws {
        let calls = ["windowBits", "deflateRaw", "writeUTF"]
        let topics = ExplanationList.names + (1000...1015).map(String.init)
        for topic in topics {
            let found = try text(topic, width: 10_000).matches(of: /\b[a-z]+[A-Z][A-Za-z]*/).map { String($0.output) }
            #expect(found.filter { !calls.contains($0) } == [], "\(topic)")
        }
    }

    @Test func codesStandBelowEachOtherWhereThereIsNoRoom() throws {
        let narrow = try text("1002", "1011", width: 79)
        #expect(!narrow.contains("│"))
        #expect(try narrow == text("1002", width: 79) + "\n" + text("1011", width: 79))
        #expect(try !text("1002", "1011", "1006").contains("│"))
        #expect(try !text("1002", "reserved-bits").contains("│"))
    }

    @Test func theRulesOf1002ComeFromTheTable() throws {
        let page = try text("1002")
        for rule in Rule.allCases {
            #expect(page.contains("· \(rule.name): ") == (rule.closeCode == .protocolError))
        }
        #expect(try text("1011").contains("No rule about the peer's bytes ends with 1011."))
        #expect(try text("1007").contains("· text-not-utf8: "))
        #expect(try text("1009").contains("· frame-too-big: "))
    }

    @Test func a1011IsTheFaultOfItsSender() throws {
        let page = try text("1011").lines
        let fault = try #require(page.firstIndex(of: "At fault"))
        #expect(page[fault + 1] == "  The endpoint that sends it. It is never the right answer to a broken frame.")
    }

    @Test func everyCodeHasAPage() throws {
        let unnamed: [UInt16] = [0, 1, 999, 2000, 2999, 3999, 4000, 4999, 5000, 59_395, .max]
        for code in Array(1000...1016) + Array(3000...3009) + unnamed {
            let page = try text(String(code), width: 80)
            let first = try #require(page.lines.first)
            #expect(first == "\(code): \(CloseCode(rawValue: code).name)")
            #expect(page.contains("invalid-close-code") != CloseCode(rawValue: code).isAllowedOnWire || code == 1002)
            for line in page.lines { #expect(line.count <= 80) }
        }
    }

    @Test(arguments: Rule.allCases)
    func aRulesPageHoldsItsEntry(_ rule: Rule) throws {
        let page = try text(rule.name, width: 10_000)
        let entry = rule.entry
        let texts = [entry.name, entry.section, entry.brokenWhen, entry.sentence, entry.meaning]
        for text in texts { #expect(page.contains(text.description)) }
        for line in (entry.causes.description + "\n" + entry.checks.description).lines {
            #expect(page.contains("  · \(line)\n"))
        }
        #expect(page.contains("must close with \(rule.closeCode.rawValue) ("))
        for line in try text(rule.name, width: 60).lines { #expect(line.count <= 60) }
    }

    @Test(arguments: Diagnosis.patterns)
    func aDiagnosisPageHoldsItsPattern(_ pattern: KnownPattern) throws {
        let page = try text(pattern.name, width: 10_000)
        #expect(page.hasPrefix("\(pattern.name): \(pattern.title)\n"))
        #expect(page.contains("\nWhat it looks like\n  \(pattern.signs)\n"))
        for check in pattern.checks { #expect(page.contains("  · \(check)\n")) }
        for line in try text(pattern.name, width: 60).lines { #expect(line.count <= 60) }
    }

    @Test(arguments: ["no-close", "tls", "server-failed-1011", "unfounded-1002", "wrong-accept", "missing-bytes"])
    func aNoticeSaysWhatItMeansAndWhatToCheck(_ name: String) throws {
        let page = try text(name)
        #expect(page.hasPrefix("\(name): "))
        for part in ["A notice about ", "--strict", "\nWhat it means\n  ", "\nWhat to check\n  · "] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(try text(name.uppercased()) == page)
    }

    @Test func everyNameIsExplainedAndStandsForOneThing() throws {
        let names = ExplanationList.names
        #expect(Set(names).count == names.count)
        #expect(names.starts(with: Rule.allCases.map(\.name)))
        for name in names {
            #expect(try text(name, width: 80).hasPrefix("\(name): "))
            for line in try text(name, width: 80).lines { #expect(line.count <= 80) }
        }
    }

    @Test(arguments: [40, 71, 72, 100, 160])
    func theListHoldsEveryName(_ width: Int) {
        let list = ExplanationList.text(usesColor: false, width: width)
        let first = list.lines.compactMap { line in
            line.hasPrefix("  ") && line.dropFirst(2).first != " "
                ? line.split(separator: " ").first.map(String.init) : nil
        }
        #expect(Set(first) == Set(ExplanationList.names) && first.count == ExplanationList.names.count)
        for line in list.lines { #expect(line.count <= width && !line.hasSuffix(" ")) }
        #expect(ExplanationList.text(usesColor: true, width: width).withoutColor == list)
    }

    @Test(arguments: [
        ("reserved-bit", "did you mean reserved-bits?"),
        ("http-respons", "did you mean http-response?"),
        ("no-clsoe", "did you mean no-close?"),
        ("Reserved_Bits", "did you mean reserved-bits?"),
        ("unmasked", "did you mean unmasked-client-frame?"),
        ("text-not-utf-8", "did you mean text-not-utf8?"),
        ("xyz", "give a close code such as 1002, or a name from wsframes explain --list such as reserved-bits"),
        ("70000", "give a close code such as 1002, or a name from wsframes explain --list such as reserved-bits"),
        ("", "give a close code such as 1002, or a name from wsframes explain --list such as reserved-bits"),
    ])
    func anUnknownTopicGetsAHint(_ topic: String, _ hint: String) {
        #expect {
            try Explanation.text(of: ["1002", topic], usesColor: false, width: 100).get()
        } throws: { error in
            guard let error = error as? UnknownTopic else { return false }
            return error.topic == topic && error.hint == hint && !error.message.hasSuffix(".")
        }
    }

    @Test func unknownTopicsAreEscaped() {
        guard case .failure(let error) = Explanation.text(of: ["\u{1B}[2J"], usesColor: false, width: 100) else {
            Issue.record("that is not a topic")
            return
        }
        #expect(error.message == #""\x1B[2J" is not a close code, and no rule, diagnosis or notice has that name"#)
        guard case .failure(let number) = Explanation.text(of: ["65536"], usesColor: false, width: 100) else {
            Issue.record("that is not a code")
            return
        }
        #expect(number.message == #""65536" is not a close code: they are 16 bits, 0 to 65535"#)
    }
}

@Suite struct RuleListTests {
    @Test func theMarkdownTableHasARowForEveryRule() {
        let lines = RuleList.markdown().lines
        #expect(lines.count == Rule.allCases.count + 3)
        #expect(lines[0] == "| field | rule | broken when | source | close code |")
        #expect(
            lines[2]
                == "| byte 0 | `reserved-bits` | an RSV bit is set that no agreed extension claims | RFC 6455 §5.2 | 1002 |"
        )
        for line in lines.dropLast() { #expect(line.filter { $0 == "|" }.count == 6) }
    }

    @Test(arguments: [40, 71, 72, 100, 160])
    func theTextFitsItsWidth(_ width: Int) {
        let text = RuleList.text(usesColor: false, width: width)
        for line in text.lines { #expect(line.count <= width && !line.hasSuffix(" ")) }
        for rule in Rule.allCases { #expect(text.contains("  \(rule.name) ")) }
        #expect(RuleList.text(usesColor: true, width: width).withoutColor == text)
        #expect(RuleList.text(usesColor: true, width: width) != text)
    }
}
