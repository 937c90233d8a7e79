import WebSocketFrames

extension RuleList {
    /// Returns an article for the documentation, with a section for each rule and everything in the table.
    ///
    /// It is Markdown for DocC, ending with a line feed. `Rules.md` in the catalogue is this text, and a test
    /// compares the two.
    public static func article() -> String {
        var text = """
            # The rules

            Every rule that is checked, with its source, what it means, what usually breaks it, and the close code.

            <!-- Made from the table of rules. To renew it, write what `swift run wsframes rules --format docc` prints
                 into this file. -->

            ## Overview

            A frame is judged field by field, in the order in which the bytes arrive. A field is judged as soon as its
            last byte is there. Within a field, the rules are tried in the order of this page; the first one that is
            broken is the ``Violation``. The table of this page is ``Rule/entry`` in code.


            """
        var field: Rule.Field?
        for rule in Rule.allCases {
            if rule.field != field { text += "## Field: \(rule.field.name)\n\n" }
            field = rule.field
            text += section(for: rule) + "\n"
        }
        return String(text.dropLast())
    }

    private static func section(for rule: Rule) -> String {
        let entry = rule.entry
        return """
            ### \(rule.name)

            **Broken when:** \(escaped(entry.brokenWhen.description)).

            - **Field:** \(entry.field.name)
            - **Source:** \(entry.section)
            - **Close code:** \(entry.closeCode.rawValue) (\(entry.closeCode.name))
            - **In Swift:** ``Rule/\(rule)``

            \(escaped(entry.meaning.description))

            The standard says: “\(escaped(entry.sentence.description))”

            **Likely causes**

            \(bullets(entry.causes))

            **What to check**

            \(bullets(entry.checks))

            """
    }

    private static func bullets(_ text: StaticString) -> String {
        RuleText.lines(of: text).map { "- " + escaped($0) }.joined(separator: "\n")
    }

    /// Returns the text with the characters escaped that have a meaning in Markdown.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            if "\\`*_[]<>#|".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }
}
