import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
public import WebSocketInspection

/// Frames for people: one line per frame, both directions in the order in which they arrive, with findings in place.
///
/// If several conversations are open at a time, as in a live capture, every line of a frame begins with the number of
/// its conversation, and other lines come below a line with that number.
///
/// The lines of frames are cut to the width, never wrapped; everything else is wrapped. Nothing from an input can
/// control the terminal: what is not plainly visible is escaped.
public struct InspectReport: Report {
    private let usesColor: Bool
    private let width: Int
    private let messages: ShownMessages
    private var conversation = CurrentConversation()
    private var spacing = BlockSpacing()
    /// The rows of each open conversation, by its number; those of a dump under nil.
    private var rows: [Int?: FrameRows] = [:]
    /// The conversation that the last line is about.
    private var last: Int?
    /// The dump of one direction that is being reported; nil inside and after a conversation.
    private var dump: StreamOrigin?
    /// The capture whose conversations are being reported.
    private var capture: String?

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - usesColor: whether to highlight with colour, by control sequences that terminals know.
    ///   - width: the number of columns a line may take, at least 40.
    ///   - messages: what to show of messages.
    public init(usesColor: Bool, width: Int = 100, messages: ShownMessages = .no) {
        self.messages = messages
        self.usesColor = usesColor
        self.width = max(width, 40)
    }

    /// Returns the lines for one finding.
    public mutating func text(for finding: Finding) -> String {
        conversation.add(finding)
        let isInside = conversation.holds(finding.origin)
        var isApart = false
        var lines: [StyledLine] = []
        if case .conversation(let finding) = finding {
            begin(finding.origin.connection, usesReservedBits: finding.head.agreedDeflate == true)
            if capture != finding.origin.source { lines = heading(OriginText.source(finding.origin.source)) }
            capture = finding.origin.source
            isApart = true
        } else if !isInside, let origin = finding.origin, origin.connection != nil, !isSame(origin, dump) {
            begin(nil, usesReservedBits: false)
            dump = origin
            capture = nil
            let number = origin.connection.flatMap { $0 == 0 ? nil : ", conversation \($0)" } ?? ""
            lines = heading(OriginText.source(origin.source) + number)
            isApart = true
        }
        var own = self.lines(for: finding, of: isInside ? finding.origin?.connection : nil)
        if isInside, !own.isEmpty {
            if finding.isApart, last != finding.origin?.connection, !isApart {
                own.insert(StyledLine("conversation \(finding.origin?.connection ?? 0)", .strong), at: 0)
                isApart = true
            }
            last = finding.origin?.connection
        }
        lines += own
        return spacing.spaced(lines, isInside: isInside, isApart: isApart).text(usesColor: usesColor)
    }

    /// Returns one line that sums up all inputs.
    public mutating func closing(_ totals: Totals) -> String {
        spacing.spaced([ClosingLine.line(for: totals)], isInside: false, isApart: true).text(usesColor: usesColor)
    }

    private mutating func lines(for finding: Finding, of number: Int?) -> [StyledLine] {
        var rows = self.rows[number] ?? FrameRows(width: width, usesReservedBits: false)
        defer { self.rows[number] = rows }
        if conversation.areMany { rows.number = number }
        switch finding {
        case .conversation(let finding): return ConversationHeading.lines(for: finding, width: width)
        case .frame(let finding):
            let isControl = finding.frame.record.header.opcode.isControl
            guard messages == .no || (isControl && finding.frame.isWhole) else { return [] }
            return rows.lines(for: finding.frame, from: finding.origin.sender)
        case .violation(let finding):
            return rows.lines(for: finding)
                + ShortFindings.lines(for: finding, indentation: rows.indentation, width: width)
        case .notice(let notice):
            guard notice.origin.connection != nil else { return RemarkBlock.lines(for: notice, width: width) }
            return ShortFindings.lines(for: notice, indentation: rows.indentation, width: width)
        case .error(let error):
            dump = nil
            return RemarkBlock.lines(for: error, width: width)
        case .message(let message):
            guard messages != .no else { return [] }
            return MessageBlock(message: message, width: width, isWhole: messages == .whole).lines
        case .ending(let finding):
            return EndingBlock.lines(for: finding.ending, width: width) + FactsText.lines(finding.facts, width: width)
        case .hops(let finding): return HopsBlock.lines(for: finding, width: width)
        case .stream(let summary):
            // What follows belongs to the next dump, even if the name is the same.
            dump = nil
            return StreamLine.wrapped(summary, width: width)
        }
    }

    /// Begins a conversation, or another dump.
    private mutating func begin(_ number: Int?, usesReservedBits: Bool) {
        rows = rows.filter { $0.key != nil && conversation.holds(origin(of: $0.key)) }
        rows[number] = FrameRows(width: width, usesReservedBits: usesReservedBits)
        (last, dump) = (number, nil)
    }

    private func origin(of number: Int?) -> StreamOrigin {
        StreamOrigin(source: capture ?? "", connection: number, sender: nil)
    }

    private func heading(_ text: String) -> [StyledLine] {
        Paragraph.prose(text, width: width, style: .strong)
    }

    private func isSame(_ origin: StreamOrigin, _ other: StreamOrigin?) -> Bool {
        other.map { $0.source == origin.source && $0.connection == origin.connection } ?? false
    }
}

extension Finding {
    /// Whether the finding is written below the lines of frames, without a number of its own there.
    fileprivate var isApart: Bool {
        switch self {
        case .frame, .conversation: false
        case .violation, .notice, .error, .message, .ending, .hops, .stream: true
        }
    }
}
