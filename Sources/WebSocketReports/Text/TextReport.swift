import WebSocketCaptures
import WebSocketFrames
public import WebSocketInspection

/// Findings for people: a block for a violation, a line for a stream. The conversations of a capture have a heading each.
///
/// Nothing that comes from an input (a file's name, a payload, a header of HTTP) can drive the terminal: what is not
/// plainly visible is written out.
public struct TextReport: Report {
    private let usesColor: Bool
    private let width: Int
    private var conversation = CurrentConversation()
    private var spacing = BlockSpacing()

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - usesColor: put colour around what matters, by control sequences that terminals know.
    ///   - width: how many columns a line may take, 40 at least.
    public init(usesColor: Bool, width: Int = 100) {
        self.usesColor = usesColor
        self.width = max(width, 40)
    }

    /// The lines for one finding.
    public mutating func text(for finding: Finding) -> String {
        conversation.see(finding)
        let isInside = conversation.holds(finding.origin)
        let lines = lines(for: finding, inCapture: isInside)
        return spacing.spaced(lines, isInside: isInside, isApart: isInside && finding.isBlock)
            .text(usesColor: usesColor)
    }

    /// One line that sums up.
    public mutating func closing(_ totals: Totals) -> String {
        spacing.spaced([ClosingLine.line(for: totals)], isInside: false).text(usesColor: usesColor)
    }

    private func lines(for finding: Finding, inCapture: Bool) -> [StyledLine] {
        switch finding {
        case .violation(let finding): ViolationBlock(finding, width: width, inCapture: inCapture).lines
        case .notice(let notice): RemarkBlock.lines(for: notice, width: width, inCapture: inCapture)
        case .error(let error): RemarkBlock.lines(for: error, width: width)
        case .stream(let summary): [StreamLine.line(for: summary, inCapture: inCapture)]
        case .conversation(let finding): ConversationHeading.lines(for: finding, width: width)
        case .ending(let finding): EndingBlock.lines(for: finding.ending, width: width)
        case .frame: []
        }
    }
}

extension Finding {
    /// What has a blank line before it, to be seen as a part of its own.
    fileprivate var isBlock: Bool {
        switch self {
        case .violation, .conversation: true
        case .notice, .error, .stream, .frame, .ending: false
        }
    }
}

/// The word that a line begins with: `ok`, `broken`, `notice`, `ending` or `error`.
enum ReportLabel {
    /// The column at which the text after the word begins.
    static let width = 8
}
