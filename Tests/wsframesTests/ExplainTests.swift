import Testing
import WebSocketFrames

/// `wsframes explain` and `wsframes rules`.
@Suite struct ExplainTests {
    private func explain(_ topics: String...) throws -> String {
        let outcome = try Command.run(["explain"] + topics)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(!outcome.output.contains(0x1B))
        #expect(outcome.lines.allSatisfy { $0.count <= 100 }, "a line is too wide")
        return outcome.stdout
    }

    /// The page of a topic, without line breaks.
    private func prose(_ text: String) -> String {
        text.lines.map(\.trimmingSpaces).joined(separator: " ")
    }

    @Test func aProtocolErrorIsThePeersFault() throws {
        let text = try explain("1002")
        #expect(text.hasPrefix("1002: protocol error\n"))
        #expect(prose(text).contains("At fault The peer of the endpoint that sends it"))
        for rule in Rule.allCases {
            #expect(text.contains("· \(rule.name): ") == (rule.closeCode == .protocolError), "\(rule.name)")
        }
    }

    @Test func anInternalErrorIsTheSendersOwn() throws {
        let text = try explain("1011")
        #expect(text.hasPrefix("1011: internal error\n"))
        #expect(prose(text).contains("At fault The endpoint that sends it."))
        #expect(text.contains("No rule about the peer's bytes ends with 1011."))
        for rule in Rule.allCases { #expect(!text.contains(rule.name)) }
    }

    @Test func twoCodesStandSideBySide() throws {
        let text = try explain("1002", "1011")
        #expect(text.lines.first?.contains("1002: protocol error") == true)
        #expect(text.lines.first?.contains("│ 1011: internal error") == true)
        #expect(text.lines.allSatisfy { $0.contains("│") })
        let other = try explain("1011", "1002")
        #expect(other.lines.first?.hasPrefix("1011: internal error") == true)
    }

    @Test(arguments: [0, 999, 1000, 1001, 1004, 1005, 1006, 1007, 1009, 1015, 2999, 3000, 4000, 4999, 5000, 65535])
    func everyNumberThatFitsIsExplained(_ code: Int) throws {
        let text = try explain(String(code))
        #expect(text.hasPrefix("\(code): "))
        #expect(text.lines.count > 5)
    }

    @Test(arguments: Rule.allCases) func everyRuleIsExplained(_ rule: Rule) throws {
        let text = prose(try explain(rule.name))
        let entry = rule.entry
        #expect(text.hasPrefix("\(entry.name): \(entry.brokenWhen)"))
        for part in [entry.section, entry.sentence, entry.meaning] {
            #expect(text.contains(part.description))
        }
        for list in [entry.causes, entry.checks] {
            for item in list.description.lines { #expect(text.contains("· " + item)) }
        }
        #expect(text.contains("must close with \(rule.closeCode.rawValue) "))
    }

    @Test func severalTopicsStandBelowEachOther() throws {
        let text = try explain("1002", "reserved-bits", "Masked-Server-Frame")
        for heading in ["1002: ", "reserved-bits: ", "masked-server-frame: "] {
            #expect(text.lines.contains { $0.hasPrefix(heading) }, "\(heading)")
        }
    }

    @Test func diagnosesAndNoticesAreExplained() throws {
        let text = try explain("http-response", "close-unanswered")
        #expect(text.hasPrefix("http-response: an HTTP response on the upgraded connection\n"))
        #expect(text.lines.contains { $0.hasPrefix("close-unanswered: ") })
        #expect(text.lines.filter { $0 == "What to check" }.count == 2)
    }

    @Test func everyNameThatIsListedIsExplained() throws {
        let names = try Command.run(["explain", "--names"])
        #expect(names.status == 0)
        for name in Rule.allCases.map(\.name) + ["http-response", "lost-step", "tls", "no-close"] {
            #expect(names.lines.contains(name), "\(name)")
        }
        let all = try Command.run(["explain"] + names.lines)
        #expect(all.status == 0)
        let list = try Command.run(["explain", "--list"])
        #expect(list.status == 0)
        for name in names.lines { #expect(list.lines.contains { $0.hasPrefix("  \(name) ") }, "\(name)") }
        #expect(list.lines.allSatisfy { $0.count <= 100 })
    }

    // MARK: - Rules

    @Test func allRulesAreListedInTheOrderInWhichTheyAreTried() throws {
        let outcome = try Command.run(["rules"])
        #expect(outcome.status == 0)
        let names = outcome.lines.compactMap { line -> String? in
            guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
            return line.split(separator: " ").first.map(String.init)
        }
        #expect(names == Rule.allCases.map(\.name))
        for rule in Rule.allCases {
            let line = outcome.lines.first { $0.hasPrefix("  \(rule.name) ") }
            #expect(line?.contains("  \(rule.closeCode.rawValue)  ") == true)
        }
    }

    @Test func rulesForPrograms() throws {
        let rows = try Command.run(["rules", "--format", "jsonl"]).rows()
        #expect(rows.map { $0["rule"] } == Rule.allCases.map(\.name))
        for (row, rule) in zip(rows, Rule.allCases) {
            #expect(row["field"] == rule.field.name)
            #expect(row["section"] == rule.entry.section.description)
            #expect(row.number("closeCode") == UInt64(rule.closeCode.rawValue))
            #expect(row["meaning"] == rule.entry.meaning.description)
        }
    }

    @Test func rulesByNameAndForDocuments() throws {
        let names = try Command.run(["rules", "--names"])
        #expect(names.lines == Rule.allCases.map(\.name))
        let table = try Command.run(["rules", "--format", "markdown"])
        #expect(table.lines.count == Rule.allCases.count + 2)
        #expect(table.lines.allSatisfy { $0.hasPrefix("| ") && $0.hasSuffix(" |") || $0.hasPrefix("|---") })
    }
}
