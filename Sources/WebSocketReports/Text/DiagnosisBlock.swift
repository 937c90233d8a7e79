import WebSocketDiagnosis

/// A diagnosis for people: how sure it is, where to look first, and what to check.
enum DiagnosisBlock {
    static func lines(for diagnosis: Diagnosis, width: Int) -> [StyledLine] {
        let name = Escaping.visible(diagnosis.name)
        let title = "\(DiagnosisText.certainty(diagnosis.certainty)): \(name)"
        let message = Escaping.visible(diagnosis.message)
        var lines = Paragraph.headed("what happened", .doubt, rest: title, width: width)
        lines += Paragraph.prose(message, width: width - 2).indented(by: 2)
        // Most messages already say so themselves.
        let advice = sentence(DiagnosisText.suspect(diagnosis.suspect))
        if !message.contains(advice) { lines += Paragraph.prose(advice + ".", width: width - 2).indented(by: 2) }
        return lines + Paragraph.bullets(diagnosis.checks.map(Escaping.visible), width: width - 2).indented(by: 2)
    }

    private static func sentence(_ clause: String) -> String {
        clause.prefix(1).uppercased() + clause.dropFirst()
    }
}
