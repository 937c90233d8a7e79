import WebSocketFrames

/// The page about one rule: everything that the table contains.
enum RulePage {
    static func sections(for rule: Rule) -> [Section] {
        let entry = rule.entry
        let code = entry.closeCode
        return [
            Section(
                heading: "\(entry.name): \(entry.brokenWhen)",
                items: [
                    .prose(
                        "Judged with the field “\(entry.field.name)”; the receiver must close with \(code.rawValue) "
                            + "(\(code.name)).")
                ]),
            Section(heading: "What it means", items: [.prose(entry.meaning.description)]),
            Section(heading: entry.section.description, items: [.prose("“\(entry.sentence)”")]),
            Section(heading: "Likely causes", items: RuleText.lines(of: entry.causes).map { .bullet($0) }),
            Section(heading: "What to check", items: RuleText.lines(of: entry.checks).map { .bullet($0) }),
            Section(heading: "Who is at fault", items: [.prose(fault(code))]),
        ]
    }

    private static func fault(_ code: CloseCode) -> String {
        let measure = code == .messageTooBig ? ", measured by the receiver's limit" : ""
        return "The endpoint that sent the frame\(measure). 1011 is wrong here: it would say that the endpoint which "
            + "closes had failed by itself."
    }
}
