import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Both hops of a proxy: which conversations they are, by what that is known, and what is the same; then what is not.
enum HopsBlock {
    /// - Parameter isFull: where nothing differs it is said at length what is the same.
    static func lines(for finding: HopsFinding, width: Int, isFull: Bool = true) -> [StyledLine] {
        let title = Paragraph.headed(
            "hops", .strong, space: ReportLabel.width - 4, rest: HopsText.title(of: finding), width: width)
        guard isFull || !finding.comparison.differences.isEmpty else { return title }
        let facts = [HopsText.path(of: finding)].compactMap(\.self) + HopsText.facts(of: finding)
        return title
            + facts.flatMap { Paragraph.prose(Escaping.visible($0), width: width - 2, style: .quiet).indented(by: 2) }
            + finding.notices.flatMap { RemarkBlock.lines(for: $0, width: width, inCapture: true) }
    }
}
