import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// A finding on one line, however long: what, where, and what happened.
enum BriefLine {
    /// Returns the line, or nothing for kinds of findings that have none.
    static func lines(for finding: Finding, inCapture: Bool) -> [StyledLine] {
        if case .hops(let finding) = finding {
            return finding.notices.compactMap { line(for: .notice($0), inCapture: true) }
        }
        return [line(for: finding, inCapture: inCapture)].compactMap(\.self)
    }

    private static func line(for finding: Finding, inCapture: Bool) -> StyledLine? {
        switch finding {
        case .violation(let finding):
            var line = StyledLine(OriginText.place(of: finding.origin, inCapture: inCapture))
            line.append(", frame \(finding.violation.frame), offset \(finding.violation.offset)")
            if let position = finding.packetPosition { line.append(", packet \(position.packet)") }
            line.append(": ")
            line.append(finding.violation.rule.name, .fault)
            line.append(": " + ViolationFacts(finding).sentence)
            if let diagnosis = finding.diagnosis { line.append(" " + DiagnosisText.clause(diagnosis) + ".") }
            return line
        case .notice(let notice):
            var line = StyledLine(OriginText.place(of: notice.origin, inCapture: inCapture))
            if let position = notice.packetPosition { line.append(", packet \(position.packet)") }
            line.append(": notice ")
            line.append(Escaping.visible(notice.kind.name), .doubt)
            line.append(": " + Escaping.visible(notice.message))
            return line
        case .error, .stream, .conversation, .frame, .message, .ending, .hops: return nil
        }
    }
}
