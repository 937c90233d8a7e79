import WebSocketCaptures
import WebSocketFrames
public import WebSocketInspection

/// Findings as annotations of GitHub Actions: one workflow command for each finding.
public struct GitHubReport: Report {
    private let noticesFail: Bool
    private var conversation = CurrentConversation()

    /// Creates a report.
    ///
    /// - Parameter noticesFail: whether notices are errors instead of warnings.
    public init(noticesFail: Bool = false) {
        self.noticesFail = noticesFail
    }

    /// Returns a line for a violation, a notice or an error.
    public mutating func text(for finding: Finding) -> String {
        conversation.add(finding)
        let inCapture = conversation.holds(finding.origin)
        switch finding {
        case .violation(let finding):
            var place =
                OriginText.place(of: finding.origin, inCapture: inCapture) + ", frame \(finding.violation.frame)"
            if let position = finding.packetPosition { place += ", packet \(position.packet)" }
            var message = ViolationFacts(finding).sentence
            if let diagnosis = finding.diagnosis { message += " " + DiagnosisText.clause(diagnosis) + "." }
            return line("error", finding.origin.source, finding.violation.rule.name, "\(place): \(message)")
        case .notice(let notice):
            let place = OriginText.place(of: notice.origin, inCapture: inCapture)
            return line(
                noticesFail ? "error" : "warning", notice.origin.source, notice.kind.name,
                "\(place): \(Escaping.visible(notice.message))")
        case .error(let error):
            return line("error", error.source, "input", Escaping.visible(error.message))
        case .hops(let hops): return hops.notices.map { text(for: .notice($0)) }.joined()
        case .stream, .conversation, .frame, .message, .ending: return ""
        }
    }

    /// Returns one line that sums up all inputs.
    public mutating func closing(_ totals: Totals) -> String {
        [ClosingLine.line(for: totals)].text(usesColor: false)
    }

    private func line(_ command: String, _ file: String, _ title: String, _ message: String) -> String {
        let file = Self.escaped(Escaping.visible(file), isProperty: true)
        let title = Self.escaped(Escaping.visible(title), isProperty: true)
        return "::\(command) file=\(file),title=\(title)::\(Self.escaped(message, isProperty: false))\n"
    }

    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var result = ""
        for character in text {
            switch character {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            case ":" where isProperty: result += "%3A"
            case "," where isProperty: result += "%2C"
            default: result.append(character)
            }
        }
        return result
    }
}
