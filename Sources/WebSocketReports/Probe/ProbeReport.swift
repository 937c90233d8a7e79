import WebSocketFrames
public import WebSocketProbe

/// The results of a probe, for people and for programs: what is wrong first, the worst at the top.
public struct ProbeReport {
    let target: String
    let command: String
    /// The results, the worst first; those of the same kind by name.
    let results: [ProbeResult]

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - target: what was probed, as the user named it.
    ///   - command: the command line that repeats the probe; `--only` and a case's name are added to it.
    ///   - results: the results of every case, in any order.
    public init(target: String, command: String, results: [ProbeResult]) {
        self.target = target
        self.command = command
        self.results = results.sorted {
            ($0.outcome.rank, $0.probe.name) < ($1.outcome.rank, $1.probe.name)
        }
    }

    /// Results of one kind about one rule, or about one topic of behaviour: they usually have the same reason.
    struct Group {
        let outcome: ProbeResult.Outcome
        /// The rule's name, or the topic: `closing`.
        let subject: String
        var results: [ProbeResult]

        /// The result that represents the group.
        var first: ProbeResult { results[0] }
        /// The other cases, by the last part of their names.
        var others: [String] {
            results.dropFirst().map { result in
                let file = result.probe.name.split(separator: "/").last ?? ""
                let beginning = "reject.\(subject)."
                return String(file.hasPrefix(beginning) ? file.dropFirst(beginning.count) : file)
            }
        }
        /// `lax: non-minimal-length, 4 cases`
        var title: String {
            results.count == 1
                ? "\(outcome.name): \(subject)" : "\(outcome.name): \(subject), \(results.count) cases"
        }
    }

    /// What is wrong, and what a proxy does that is allowed, in groups; the worst first, then the largest.
    var groups: [Group] {
        var groups: [Group] = []
        for result in results where !result.outcome.isFine || result.outcome.kind != nil {
            let subject = result.outcome.kind ?? Self.subject(of: result.probe)
            let index = groups.firstIndex { $0.outcome.name == result.outcome.name && $0.subject == subject }
            if let index {
                groups[index].results.append(result)
            } else {
                groups.append(Group(outcome: result.outcome, subject: subject, results: [result]))
            }
        }
        return groups.sorted {
            ($0.outcome.rank, -$0.results.count, $0.subject) < ($1.outcome.rank, -$1.results.count, $1.subject)
        }
    }

    private static func subject(of probe: ProbeCase) -> String {
        if let rule = probe.rule { return rule.name }
        return section(of: probe)
    }

    /// Returns the folder of the case: `rfc6455-5.4-fragmentation`, `closing`.
    static func section(of probe: ProbeCase) -> String {
        var parts = probe.name.split(separator: "/").dropLast()
        if parts.first == "probe" { parts = parts.dropFirst() }
        return parts.joined(separator: "/")
    }

    /// Returns the sentence that is asked about, and the section it is in.
    static func demand(of probe: ProbeCase) -> (sentence: String, section: String) {
        guard let rule = probe.rule else { return (probe.title, probe.section) }
        return (String(describing: rule.entry.sentence), String(describing: rule.entry.section))
    }

    /// The kinds of result, in the order of tables.
    static let columns = [
        "dies", "hangs", "alters", "lax", "refuses", "other code", "cut off", "differs", "late", "strict", "skipped",
    ]

    /// The kinds of result that occurred, each with its count.
    var counts: [(name: String, count: Int)] {
        Self.columns.compactMap { column in
            let count = results.count { $0.outcome.name == column }
            return count == 0 ? nil : (column, count)
        }
    }

    /// The reasons why cases were skipped, each with its count.
    var skipped: [(reason: String, count: Int)] {
        var reasons: [String: Int] = [:]
        for result in results { if case .skipped(let reason) = result.outcome { reasons[reason, default: 0] += 1 } }
        return reasons.sorted { $0.key < $1.key }.map { (reason: $0.key, count: $0.value) }
    }

    /// `Strict: nothing is wrong in 390 cases.`
    var verdict: String {
        let wrong = results.count { !$0.outcome.isFine }
        let played = results.count { if case .skipped = $0.outcome { false } else { true } }
        if wrong > 0 { return "\(wrong) of \(Numbers.count(UInt64(played), "case")) went wrong" }
        let cases = Numbers.count(UInt64(played), "case")
        if played == 0 { return "no case was played" }
        guard results.contains(where: { !$0.directions.isEmpty }) else { return "strict in \(cases)" }
        let differing = results.count { $0.outcome.kind != nil }
        return differing == 0
            ? "changes nothing in \(cases)" : "changes nothing but what RFC 6455 allows, in \(differing) of \(cases)"
    }

    /// The sections, sorted by name, with the count of each kind of result.
    var sections: [(name: String, counts: [String: Int])] {
        var sections: [String: [String: Int]] = [:]
        for result in results {
            sections[Self.section(of: result.probe), default: [:]][result.outcome.name, default: 0] += 1
        }
        return sections.sorted { $0.key < $1.key }.map { (name: $0.key, counts: $0.value) }
    }

    /// Returns the command that plays one case again.
    func command(for result: ProbeResult) -> String { "\(command) --only \(result.probe.name)" }

    /// Returns bytes in hex, as many as there is room for.
    static func hex(_ bytes: [UInt8], most: Int) -> String {
        let digits = bytes.prefix(most).map(Numbers.hexDigits).joined(separator: " ")
        return bytes.count > most ? digits + " … (\(Numbers.grouped(UInt64(bytes.count))) bytes)" : digits
    }
}
