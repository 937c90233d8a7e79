import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Findings below a frame: one to three sentences, each wrapped.
enum ShortFindings {
    /// Returns the rule and the close code, what is wrong, and what happened.
    static func lines(for finding: ViolationFinding, indentation: Int, width: Int) -> [StyledLine] {
        let violation = finding.violation
        var place = "offset \(violation.offset)"
        if let packetPosition = finding.packetPosition { place += ", packet \(packetPosition.packet)" }
        let title = Part(
            violation.rule.name, .fault,
            " at \(place); close with \(violation.closeCode.rawValue) (\(violation.closeCode.name))")
        let parts = [title, Part(ViolationFacts(finding).sentence), finding.diagnosis.map(part)]
        return block("broken", .fault, parts.compactMap(\.self), indentation: indentation, width: width)
    }

    /// Returns the notice's name and its message.
    static func lines(for notice: NoticeFinding, indentation: Int, width: Int) -> [StyledLine] {
        var place = ""
        if notice.origin.sender != nil { place += ", " + OriginText.direction(of: notice.origin) }
        if let packetPosition = notice.packetPosition { place += ", packet \(packetPosition.packet)" }
        var parts = [Part(Escaping.visible(notice.kind.name), .doubt, place), Part(Escaping.visible(notice.message))]
        if let diagnosis = notice.diagnosis {
            if diagnosis.message == notice.message { parts.removeLast() }
            parts.append(part(for: diagnosis))
        }
        return block("notice", .doubt, parts, indentation: indentation, width: width)
    }

    /// A sentence that may begin with a name.
    private struct Part {
        let name: String
        let style: Style
        let rest: String

        init(_ name: String, _ style: Style, _ rest: String) {
            (self.name, self.style, self.rest) = (name, style, rest)
        }
        init(_ text: String) { self.init("", .plain, text) }

        func lines(width: Int) -> [StyledLine] {
            Columns.wrapped(name + rest, width: width - 2, firstWidth: width).enumerated().map { index, text in
                guard index == 0 else { return StyledLine("  " + text) }
                // A very long name takes up the whole line.
                let name = text.hasPrefix(name) ? name : text
                var line = StyledLine(name, style)
                line.append(String(text.dropFirst(name.count)))
                return line
            }
        }
    }

    private static func part(for diagnosis: Diagnosis) -> Part {
        Part(
            "\(DiagnosisText.certainty(diagnosis.certainty)) \(Escaping.visible(diagnosis.name))", .doubt,
            ": " + Escaping.visible(diagnosis.message))
    }

    private static func block(
        _ label: String, _ style: Style, _ parts: [Part], indentation: Int, width: Int
    ) -> [StyledLine] {
        let column = indentation + ReportLabel.width
        return parts.flatMap { $0.lines(width: width - column) }.enumerated().map { index, text in
            var line = StyledLine(Columns.spaces(indentation))
            if index == 0 { line.append(label, style) }
            line.pad(to: column)
            line.append(text)
            return line
        }
    }
}
