import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// A violation for people. The first three lines say what is wrong, where, and whose fault it is, followed by what
/// happened, if that is known; then come the bits and the bytes; then the rule, and what to do.
struct ViolationBlock {
    private let finding: ViolationFinding
    private let violation: Violation
    private let facts: ViolationFacts
    private let window: ByteWindow
    private let preview: PayloadPreview?
    private let width: Int
    private let inCapture: Bool

    /// - Parameter inCapture: whether it belongs to a conversation of a capture, not to a dump of one direction.
    init(_ finding: ViolationFinding, width: Int, inCapture: Bool = false) {
        self.finding = finding
        self.violation = finding.violation
        self.facts = ViolationFacts(finding)
        self.window = ByteWindow(finding.context, at: finding.contextOffset)
        self.preview = PayloadPreview(finding.violation, window: window)
        self.width = width
        self.inCapture = inCapture
    }

    var lines: [StyledLine] {
        let blank = [StyledLine()]
        let parts = [head, diagnosis, place, diagram, bytes, rule].filter { !$0.isEmpty }
        return parts.flatMap { $0 + blank }
    }

    /// The lines if the rule has been reported in full before: what, where, and what happened.
    var shortLines: [StyledLine] {
        var lines = title
        lines += Paragraph.prose(
            "\(facts.sentence) Close with \(violation.closeCode.rawValue).", width: width - 2, style: .strong
        ).indented(by: 2)
        if let diagnosis = finding.diagnosis {
            lines += Paragraph.prose(DiagnosisText.clause(diagnosis) + ".", width: width - 2, style: .doubt).indented(
                by: 2)
        } else {
            lines += hints
        }
        return lines + [StyledLine()]
    }

    // MARK: - What, where, whose fault

    private var title: [StyledLine] {
        let origin = OriginText.place(of: finding.origin, inCapture: inCapture)
        let place = "\(origin), frame \(violation.frame), offset \(violation.offset)"
        return Paragraph.headed(violation.rule.name, .fault, rest: place, width: width)
    }

    private var head: [StyledLine] {
        title
            + Paragraph.prose(facts.sentence, width: width - 2, style: .strong).indented(by: 2) + fault + hints
    }

    private var fault: [StyledLine] {
        Paragraph.headed(facts.blame, .fault, space: 1, rest: facts.demand, width: width - 2).indented(by: 2)
    }

    private var diagnosis: [StyledLine] {
        finding.diagnosis.map { DiagnosisBlock.lines(for: $0, width: width - 2).indented(by: 2) } ?? []
    }

    /// A diagnosis already says what the text is.
    private var hints: [StyledLine] {
        guard finding.diagnosis == nil, let hint = facts.textHint else { return [] }
        return Paragraph.prose(hint, width: width - 2, style: .doubt).indented(by: 2)
    }

    // MARK: - Bits and bytes

    private static let labelWidth = 8

    private func labelled(_ label: String, _ text: String) -> [StyledLine] {
        Paragraph.beside(label, column: Self.labelWidth, text, width: width - 2).indented(by: 2)
    }

    private var place: [StyledLine] {
        labelled("where", facts.place)
            + (finding.packetPosition.map { labelled("", ConversationText.packetPosition($0)) } ?? [])
            + (facts.before.map { labelled("before", $0) } ?? [])
    }

    private var diagram: [StyledLine] {
        guard violation.header.count > 0 else { return [] }
        return HeaderDiagram(violation.header, broken: violation.rule).lines(width: width - 4).indented(by: 4)
    }

    private var bytes: [StyledLine] {
        let fault = preview?.fault ?? violation.offset..<violation.offset.addingClamped(UInt64(violation.length))
        let headerEnd = violation.frameOffset.addingClamped(UInt64(violation.header.count))
        let view = ByteView(
            window: window,
            offsets: window.offsets(around: violation.offset, before: 48, after: 40),
            fault: fault,
            header: violation.frameOffset..<headerEnd)
        let rows = view.lines(width: width - 4).indented(by: 4)
        guard let preview else { return rows }
        let label = violation.header.isMasked ? "unmasked" : "as text"
        let text = Paragraph.beside(label, column: 10, preview.lines(width: width - 14)).indented(by: 4)
        return rows + [StyledLine()] + text
    }

    // MARK: - The rule, and what to do

    private var rule: [StyledLine] {
        let entry = violation.rule.entry
        return labelled("rule", entry.meaning.description)
            + labelled("", "“\(entry.sentence)” (\(entry.section))")
            + (facts.answeredWith1011 ? labelled("code", facts.codeMeaning) : [])
            + list("causes", facts.causes) + list("check", facts.checks)
    }

    private func list(_ label: String, _ items: [String]) -> [StyledLine] {
        let bullets = Paragraph.bullets(items, width: width - 2 - Self.labelWidth)
        return Paragraph.beside(label, column: Self.labelWidth, bullets).indented(by: 2)
    }
}
