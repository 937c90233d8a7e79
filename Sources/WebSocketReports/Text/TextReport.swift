import WebSocketCaptures
import WebSocketFrames
public import WebSocketInspection

/// Findings for people: a block for a violation, a line for a stream, and at the end a list of all conversations.
///
/// Nothing from an input (a file's name, a payload, an HTTP header) can control the terminal: what is not plainly
/// visible is escaped.
public struct TextReport: Report {
    private let usesColor: Bool
    private let width: Int
    private let detail: TextDetail
    private var conversation = CurrentConversation()
    private var spacing = BlockSpacing()
    /// The rules and kinds of notices that have been reported in full.
    private var known: Set<String> = []
    private var tally: ConversationTally?
    private var list = ConversationList()
    /// The conversation whose heading is written once something is found in it.
    private var heading: ConversationFinding?

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - usesColor: whether to highlight with colour, by control sequences that terminals know.
    ///   - width: the number of columns a line may take, at least 40.
    ///   - detail: how much is shown of each finding.
    public init(usesColor: Bool, width: Int = 100, detail: TextDetail = .full) {
        self.usesColor = usesColor
        self.width = max(width, 40)
        self.detail = detail
    }

    /// Returns the lines for one finding.
    public mutating func text(for finding: Finding) -> String {
        conversation.add(finding)
        let isInside = conversation.holds(finding.origin)
        if case .conversation(let finding) = finding {
            endConversation()
            tally = ConversationTally(finding)
            heading = detail == .brief ? nil : finding
        } else if case .hops(let finding) = finding {
            endConversation()
            list.add(finding)
        } else if isInside {
            tally?.add(finding)
        }
        var text = ""
        if let heading, finding.opensConversation || detail == .full {
            let lines = ConversationHeading.lines(for: heading, width: width)
            text = spacing.spaced(lines, isInside: true, isApart: true).text(usesColor: usesColor)
            self.heading = nil
        }
        let lines = lines(for: finding, inCapture: isInside)
        guard detail != .brief else { return lines.text(usesColor: usesColor) }
        return text
            + spacing.spaced(lines, isInside: isInside, isApart: isInside && finding.isBlock).text(usesColor: usesColor)
    }

    /// Returns the list of conversations, and one line that sums up all inputs.
    public mutating func closing(_ totals: Totals) -> String {
        endConversation()
        var text = ""
        if detail != .brief, !list.isEmpty {
            text = spacing.spaced(list.lines(width: width), isInside: true, isApart: true).text(usesColor: usesColor)
        }
        let line = ClosingLine.line(for: totals)
        return text + spacing.spaced([line], isInside: false).text(usesColor: usesColor)
    }

    private mutating func endConversation() {
        if let tally { list.add(tally) }
        tally = nil
    }

    private mutating func lines(for finding: Finding, inCapture: Bool) -> [StyledLine] {
        guard detail != .brief else { return BriefLine.lines(for: finding, inCapture: inCapture) }
        // Conversations without faults are only in the list.
        let isQuiet = inCapture && heading != nil
        switch finding {
        case .violation(let finding):
            let block = ViolationBlock(finding, width: width, inCapture: inCapture)
            return isRepeated(finding.violation.rule.name) ? block.shortLines : block.lines
        case .notice(let notice):
            return RemarkBlock.lines(
                for: notice, width: width, inCapture: inCapture, isRepeated: isRepeated(notice.kind.name))
        case .error(let error): return RemarkBlock.lines(for: error, width: width)
        case .stream(let summary):
            guard !isQuiet else { return [] }
            guard inCapture, detail == .usual else { return [StreamLine.line(for: summary, inCapture: inCapture)] }
            return StreamLine.wrapped(summary, width: width)
        case .ending(let finding):
            guard !isQuiet else { return [] }
            return EndingBlock.lines(for: finding.ending, width: width)
                + FactsText.lines(finding.facts, width: width)
        case .hops(let finding): return HopsBlock.lines(for: finding, width: width, isFull: detail == .full)
        case .conversation, .frame, .message: return []
        }
    }

    /// Notes that something is reported in full; returns whether that was done before.
    private mutating func isRepeated(_ name: String) -> Bool {
        detail == .usual && !known.insert(name).inserted
    }
}

extension Finding {
    /// Whether the finding is a part of its own, preceded by a blank line.
    fileprivate var isBlock: Bool {
        switch self {
        case .violation, .conversation, .hops: true
        case .notice, .error, .stream, .frame, .message, .ending: false
        }
    }

    /// Whether the finding makes its conversation worth a heading.
    fileprivate var opensConversation: Bool {
        switch self {
        case .violation: true
        case .notice(let notice): notice.origin.connection != nil
        case .error, .stream, .frame, .message, .ending, .conversation, .hops: false
        }
    }
}
