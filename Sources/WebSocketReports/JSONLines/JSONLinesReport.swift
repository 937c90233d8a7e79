import WebSocketFrames

/// Findings for programs: one JSON object a line. Keys may be added behind the ones that are there, never renamed.
public struct JSONLinesReport: Report {
    /// Creates a report.
    public init() {}

    /// One line.
    public func text(for finding: Finding) -> String {
        switch finding {
        case .violation(let finding): object(for: finding).line
        case .notice(let notice): object(for: notice).line
        case .error(let error): object(for: error).line
        case .stream(let summary): object(for: summary).line
        case .conversation, .frame, .ending: ""
        }
    }

    /// Nothing: every object is about one finding.
    public func closing(_ totals: Totals) -> String { "" }

    private func object(for finding: ViolationFinding) -> JSONObject {
        let violation = finding.violation
        var object = object("violation", finding.origin)
        object.add("frame", violation.frame)
        object.add("frameOffset", violation.frameOffset)
        object.add("offset", violation.offset)
        object.add("length", UInt64(violation.length))
        object.add("rule", violation.rule.name)
        object.add("section", violation.rule.entry.section.description)
        object.add("closeCode", UInt64(violation.closeCode.rawValue))
        object.add("header", violation.header.hex)
        object.add("message", ViolationMessage.text(of: violation, sender: finding.origin.sender))
        object.add("inputOffset", finding.streamStart &+ violation.offset)
        return object
    }

    private func object(for notice: Notice) -> JSONObject {
        var object = object("notice", notice.origin)
        object.add("notice", notice.name)
        object.add("message", notice.message)
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
        var object = object("stream", summary.origin)
        object.add("state", summary.state.name)
        object.add("frames", summary.frames)
        object.add("messages", summary.messages)
        object.add("bytes", summary.bytes)
        object.add("closed", summary.isClosed)
        object.add("closeCode", summary.closeCode.map { UInt64($0.rawValue) })
        return object
    }

    private func object(_ type: String, _ origin: StreamOrigin) -> JSONObject {
        var object = JSONObject()
        object.add("type", type)
        object.add("source", origin.source)
        object.add("connection", origin.connection.map { UInt64(clamping: $0) })
        object.add("sender", origin.sender?.name ?? "unknown")
        return object
    }
}
