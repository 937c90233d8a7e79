import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
public import WebSocketInspection

/// Findings for programs: one JSON object per line. Keys may be added after the existing ones, and are never renamed.
///
/// What a capture adds is only in the rows of captures: `packet` and `time` where something has a position in the
/// capture, and in the `stream` row who the stream was between, and how its conversation began and ended.
public struct JSONLinesReport: Report {
    private let showsFrames: Bool
    private let messages: ShownMessages
    private var conversation = CurrentConversation()
    private var contents = MessageTracker()

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - showsFrames: whether there is also a row for every conversation and for every frame.
    ///   - messages: whether there is also a row for every message, in place of those for frames.
    public init(showsFrames: Bool = false, messages: ShownMessages = .no) {
        self.messages = messages
        self.showsFrames = showsFrames
    }

    /// Returns one line, or nothing.
    public mutating func text(for finding: Finding) -> String {
        conversation.add(finding)
        switch finding {
        case .violation(let finding):
            contents.lose(finding.origin.sender)
            return object(for: finding).line
        case .notice(let notice): return object(for: notice).line
        case .error(let error): return object(for: error).line
        case .stream(let summary):
            contents.reset()
            return object(for: summary).line
        case .conversation(let finding):
            contents.reset()
            return showsFrames ? JSONObject(finding).line : ""
        case .frame(let finding):
            guard showsFrames, messages == .no else { return "" }
            let content = contents.content(of: finding.frame.record.header, from: finding.origin.sender)
            return JSONObject(finding, content).line
        case .message(let message):
            return messages == .no ? "" : JSONObject(message, isWhole: messages == .whole).line
        case .ending: return ""
        case .hops(let finding):
            return JSONObject(finding).line + finding.notices.map { object(for: $0).line }.joined()
        }
    }

    /// Returns the row of an index for a message that was written to a file of that name.
    public static func row(for message: MessageFinding, extractedTo file: String) -> String {
        var object = JSONObject(ofMessage: message)
        object.add("file", file)
        if message.isCut { object.add("payloadCut", true) }
        return object.line
    }

    /// Returns nothing: every object is about one finding.
    public func closing(_ totals: Totals) -> String { "" }

    private func object(for finding: ViolationFinding) -> JSONObject {
        let violation = finding.violation
        var object = JSONObject("violation", finding.origin)
        object.add("frame", violation.frame)
        object.add("frameOffset", violation.frameOffset)
        object.add("offset", violation.offset)
        object.add("length", UInt64(violation.length))
        object.add("rule", violation.rule.name)
        object.add("section", violation.rule.entry.section.description)
        object.add("closeCode", UInt64(violation.closeCode.rawValue))
        object.add("header", violation.header.hex)
        if let messageOffset = violation.messageOffset { object.add("messageOffset", messageOffset) }
        object.add("message", ViolationMessage.text(of: violation, sender: finding.origin.sender))
        object.add("inputOffset", finding.streamStart &+ violation.offset)
        object.add(finding.packetPosition)
        object.add(finding.diagnosis)
        return object
    }

    private func object(for notice: NoticeFinding) -> JSONObject {
        var object = JSONObject("notice", notice.origin)
        object.add("notice", notice.kind.name)
        object.add("message", notice.message)
        object.add(notice.packetPosition)
        object.add(notice.diagnosis)
        return object
    }

    private func object(for error: InputError) -> JSONObject {
        var object = JSONObject()
        object.add("type", "error")
        object.add("source", error.source)
        object.add("message", error.message)
        return object
    }

    private func object(for summary: StreamSummary) -> JSONObject {
        var object = JSONObject("stream", summary.origin)
        object.add("state", summary.state.name)
        object.add("frames", summary.frames)
        object.add("messages", summary.messages)
        object.add("bytes", summary.bytes)
        object.add("closed", summary.isClosed)
        object.add("closeCode", summary.closeCode.map { UInt64($0.rawValue) })
        object.add("sentCloseCode", summary.sentCloseCode.map { UInt64($0.rawValue) })
        object.add("sentCloseReason", summary.sentCloseReason)
        if let head = conversation.head(of: summary.origin) {
            object.add(summary, in: head, endedBy: conversation.ending(of: summary.origin))
        }
        if let missing = summary.missingBytes { object.add("missingBytes", missing) }
        return object
    }
}
