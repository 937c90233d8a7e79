import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// Both hops of a proxy: which conversations they are, how that is known, and what is equal; then what differs.
enum HopsBlock {
    /// - Parameter isFull: whether to list what is equal if nothing differs.
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
