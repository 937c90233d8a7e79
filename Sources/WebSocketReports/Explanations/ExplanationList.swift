import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Everything that can be explained by name: rules, diagnoses and notices. (Close codes are numbers.)
public enum ExplanationList {
    /// The names, in the order of the lists, without duplicates.
    public static var names: [String] {
        Rule.allCases.map(\.name) + Diagnosis.patterns.map(\.name) + NoticeKind.all.map(\.name)
    }

    /// Returns the list for people: the names by kind, each with its meaning.
    ///
    /// - Parameters:
    ///   - usesColor: whether to highlight with colour.
    ///   - width: the number of columns a line may take, at least 40.
    public static func text(usesColor: Bool, width: Int) -> String {
        var groups = [
            Group(
                heading: "Rules: what the bytes break",
                rows: Rule.allCases.map { ($0.name, $0.entry.brokenWhen.description) }),
            Group(
                heading: "Diagnoses: what probably happened",
                rows: Diagnosis.patterns.map { ($0.name, $0.title) }),
        ]
        for subject in NoticeKind.Subject.allCases {
            let entries = NoticeKind.all.filter { $0.subject == subject }
            groups.append(
                Group(heading: "Notices about \(subject.rawValue)", rows: entries.map { ($0.name, $0.title) }))
        }
        let column = (names.map(\.count).max() ?? 0) + 2
        let parts = groups.map { $0.lines(column: column, width: max(width, 40)) }
        return Array(parts.joined(separator: [StyledLine()])).text(usesColor: usesColor)
    }

    private struct Group {
        let heading: String
        let rows: [(name: String, title: String)]

        func lines(column: Int, width: Int) -> [StyledLine] {
            var lines = [StyledLine(heading, .quiet)]
            for row in rows {
                if width >= 72 {
                    lines += Paragraph.beside(row.name, column: column, row.title, width: width - 2).indented(by: 2)
                } else {
                    lines.append(StyledLine("  \(row.name)", .strong))
                    lines += Paragraph.prose(row.title, width: width - 4).indented(by: 4)
                }
            }
            return lines
        }
    }
}
