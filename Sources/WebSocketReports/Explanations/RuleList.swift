import WebSocketFrames

/// The list of all rules that are checked, generated from the one table.
public enum RuleList {
    /// Returns the list for people: by field, each rule with its close code and what breaks it.
    ///
    /// - Parameters:
    ///   - usesColor: whether to highlight with colour.
    ///   - width: the number of columns a line may take, at least 40.
    public static func text(usesColor: Bool, width: Int) -> String {
        let width = max(width, 40)
        let nameWidth = Rule.allCases.map(\.name.count).max() ?? 0
        var lines: [StyledLine] = []
        var field: Rule.Field?
        for rule in Rule.allCases {
            let entry = rule.entry
            if entry.field != field {
                if field != nil { lines.append(StyledLine()) }
                lines.append(StyledLine(entry.field.name, .quiet))
                field = entry.field
            }
            let text = "\(entry.brokenWhen) (\(entry.section))"
            if width >= 72 {
                let label = Columns.padded(rule.name, to: nameWidth) + "  \(rule.closeCode.rawValue)"
                lines += Paragraph.beside(label, column: nameWidth + 8, text, width: width - 2).indented(by: 2)
            } else {
                lines += [StyledLine("  \(rule.name)  \(rule.closeCode.rawValue)", .strong)]
                lines += Paragraph.prose(text, width: width - 4).indented(by: 4)
            }
        }
        return lines.text(usesColor: usesColor)
    }

    /// Returns the list for programs: one object per rule, with everything in the table.
    public static func jsonLines() -> String {
        Rule.allCases.map { rule in
            let entry = rule.entry
            var object = JSONObject()
            object.add("rule", rule.name)
            object.add("field", entry.field.name)
            object.add("section", entry.section.description)
            object.add("closeCode", UInt64(entry.closeCode.rawValue))
            object.add("brokenWhen", entry.brokenWhen.description)
            object.add("sentence", entry.sentence.description)
            object.add("meaning", entry.meaning.description)
            object.add("causes", RuleText.lines(of: entry.causes))
            object.add("checks", RuleText.lines(of: entry.checks))
            return object.line
        }.joined()
    }

    /// Returns the list as a table in Markdown.
    public static func markdown() -> String {
        let head = "| field | rule | broken when | source | close code |\n|---|---|---|---|---|\n"
        return Rule.allCases.reduce(into: head) { text, rule in
            let entry = rule.entry
            text +=
                "| \(entry.field.name) | `\(rule.name)` | \(entry.brokenWhen) | \(entry.section) | "
                + "\(entry.closeCode.rawValue) |\n"
        }
    }
}
