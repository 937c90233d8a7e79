import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketInspection

/// A notice or an error: what it is about, and a paragraph.
enum RemarkBlock {
    /// - Parameter isRepeated: whether one of its kind has been reported before, so that what to check is known.
    static func lines(
        for notice: NoticeFinding, width: Int, inCapture: Bool = false, isRepeated: Bool = false
    ) -> [StyledLine] {
        let place = OriginText.place(of: notice.origin, inCapture: inCapture)
        var lines = headed("notice", .doubt, "\(place): \(Escaping.visible(notice.kind.name))", width: width)
        if let packetPosition = notice.packetPosition {
            lines += Paragraph.prose(ConversationText.packetPosition(packetPosition), width: width - 2, style: .quiet)
                .indented(by: 2)
        }
        // If the notice is itself a diagnosis, the diagnosis has the same sentences.
        if notice.diagnosis.map({ $0.message != notice.message }) ?? true {
            lines += body(notice.message, width: width)
        }
        if let diagnosis = notice.diagnosis, isRepeated {
            lines += body(DiagnosisText.clause(diagnosis) + ".", width: width)
        } else if let diagnosis = notice.diagnosis {
            lines += DiagnosisBlock.lines(for: diagnosis, width: width - 2).indented(by: 2)
        }
        return lines
    }

    static func lines(for error: InputError, width: Int) -> [StyledLine] {
        headed("error", .fault, OriginText.source(error.source), width: width) + body(error.message, width: width)
    }

    private static func headed(_ label: String, _ style: Style, _ title: String, width: Int) -> [StyledLine] {
        Paragraph.headed(label, style, space: ReportLabel.width - label.count, rest: title, width: width)
    }

    private static func body(_ text: String, width: Int) -> [StyledLine] {
        Paragraph.prose(Escaping.visible(text), width: width - 2).indented(by: 2)
    }
}
