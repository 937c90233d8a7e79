import WebSocketDiagnosis

/// How a conversation ended: `ending  right: …`, `ending  wrong: …`, or without a verdict if none can be given.
enum EndingBlock {
    static func lines(for ending: Ending, width: Int) -> [StyledLine] {
        let text = Escaping.visible(ending.message)
        let verdict: (word: String, style: Style)? =
            switch ending.isRight {
            case true?: ("right: ", .good)
            case false?: ("wrong: ", .doubt)
            case nil: nil
            }
        return Paragraph.headed(
            "ending", verdict?.style ?? .strong, space: ReportLabel.width - 6,
            rest: verdict.map { $0.word + clause(text) } ?? text, width: width)
    }

    /// Returns a sentence as a clause after a colon.
    private static func clause(_ sentence: String) -> String {
        sentence.hasPrefix("The ") ? "the " + sentence.dropFirst(4) : sentence
    }
}
