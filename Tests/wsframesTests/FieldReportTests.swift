import FixtureCorpus
import Foundation
import Testing

/// Inputs rebuilt from field reports, with the correct answer for each in `Fixtures/field/answers.json`, whose keys
/// `Fixtures/FORMAT.md` explains.
@Suite struct FieldReportTests {
    /// The correct answer for one input.
    private struct Answer {
        let name: String
        let cause: [String]?
        let never: [String]
        let notice: [String]
        let rules: [String]?
        let said: [String]?
        let unsaid: [String]

        init(_ name: String, _ values: [String: Any]) {
            self.name = name
            cause = values["cause"] as? [String]
            never = values["never"] as? [String] ?? []
            notice = values["notice"] as? [String] ?? []
            rules = values["rules"] as? [String]
            said = values["said"] as? [String]
            unsaid = values["unsaid"] as? [String] ?? []
        }
    }

    /// How the actual answer compares.
    private enum Verdict: String {
        case right, none, wrong
    }

    /// The inputs that are not answered correctly yet. Remove what is.
    private static let notYet: Set<String> = [
        "window-of-9-bits-agreed-8.pcap"
    ]

    @Test func allButAFewAreAnsweredRightly() throws {
        let folder = URL(fileURLWithPath: FixtureCorpus.folder).appendingPathComponent("field")
        let data = try Data(contentsOf: folder.appendingPathComponent("answers.json"))
        let answers = try #require(try JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
        var counts: [Verdict: Int] = [:]
        for (name, values) in answers.sorted(by: { $0.key < $1.key }) {
            let (verdict, why) = try judge(Answer(name, values), folder.appendingPathComponent(name).path)
            counts[verdict, default: 0] += 1
            if !Self.notYet.contains(name) { #expect(verdict == .right, "\(name): \(why)") }
        }
        #expect(counts[.right, default: 0] >= answers.count - Self.notYet.count, "\(counts)")
    }

    private func judge(_ answer: Answer, _ path: String) throws -> (Verdict, String) {
        let output = try Command.run(["validate", "--format", "jsonl", path]).stdout
        var rules: [String] = []
        var notices: [String] = []
        var causes: [(name: String, certainty: String)] = []
        for line in output.split(separator: "\n") {
            guard let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else { continue }
            if let rule = row["rule"] as? String, row["type"] as? String == "violation" { rules.append(rule) }
            if let notice = row["notice"] as? String { notices.append(notice) }
            if let diagnosis = row["diagnosis"] as? [String: Any] {
                causes.append((diagnosis["name"] as? String ?? "", diagnosis["certainty"] as? String ?? ""))
            }
        }
        var text = ""
        if answer.said != nil || !answer.unsaid.isEmpty {
            text = try Command.run(["validate", "--color", "never", path]).stdout
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        var wrong = answer.never.filter { name in
            notices.contains(name) || causes.contains { $0.name == name && $0.certainty != "possible" }
        }
        wrong += answer.unsaid.filter { text.contains($0) }
        if let allowed = answer.rules { wrong += rules.filter { !allowed.contains($0) } }
        let first = causes.first ?? ("", "")
        if let right = answer.cause, first.certainty == "certain", !right.contains(first.name) {
            wrong.append(first.name)
        }
        guard wrong.isEmpty else { return (.wrong, wrong.joined(separator: ", ")) }
        var missing =
            (answer.rules ?? []).filter { !rules.contains($0) } + answer.notice.filter { !notices.contains($0) }
        if let right = answer.cause, !right.contains(first.name) { missing.append("cause \(first.name)") }
        if let said = answer.said, !said.contains(where: { text.contains($0) }) { missing.append("words") }
        return missing.isEmpty ? (.right, "") : (.none, missing.joined(separator: ", "))
    }
}
