import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Findings as they stand below a frame: one to three lines, each cut to the width.
enum ShortFindings {
    /// The rule and the close code, what is wrong, and what happened.
    static func lines(for finding: ViolationFinding, indentation: Int, width: Int) -> [StyledLine] {
        let violation = finding.violation
        var place = "offset \(violation.offset)"
        if let packetPosition = finding.packetPosition { place += ", packet \(packetPosition.packet)" }
        var title = StyledLine(violation.rule.name, .fault)
        title.append(" at \(place); close with \(violation.closeCode.rawValue) (\(violation.closeCode.name))")
        return block(
            "broken", .fault, [title, StyledLine(ViolationFacts(finding).sentence), line(for: finding.diagnosis)],
            indentation: indentation, width: width)
    }

    /// The notice's name, and its message.
    static func lines(for notice: NoticeFinding, indentation: Int, width: Int) -> [StyledLine] {
        var title = StyledLine(Escaping.visible(notice.kind.name), .doubt)
        if notice.origin.sender != nil { title.append(", " + OriginText.direction(of: notice.origin)) }
        if let packetPosition = notice.packetPosition { title.append(", packet \(packetPosition.packet)") }
        var lines = [title, StyledLine(Escaping.visible(notice.message))]
        if let diagnosis = notice.diagnosis {
            if diagnosis.message == notice.message { lines.removeLast() }
            lines.append(line(for: diagnosis))
        }
        return block("notice", .doubt, lines, indentation: indentation, width: width)
    }

    private static func line(for diagnosis: Diagnosis?) -> StyledLine {
        guard let diagnosis else { return StyledLine() }
        var line = StyledLine(
            "\(DiagnosisText.certainty(diagnosis.certainty)) \(Escaping.visible(diagnosis.name))", .doubt)
        line.append(": " + Escaping.visible(diagnosis.message))
        return line
    }

    private static func block(
        _ label: String, _ style: Style, _ lines: [StyledLine], indentation: Int, width: Int
    ) -> [StyledLine] {
        lines.filter { $0.width > 0 }.enumerated().map { index, text in
            var line = StyledLine(Columns.spaces(indentation))
            if index == 0 { line.append(label, style) }
            line.pad(to: indentation + ReportLabel.width)
            line.append(text)
            return line.cut(to: width)
        }
    }
}
