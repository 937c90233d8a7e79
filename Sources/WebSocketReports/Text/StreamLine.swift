import WebSocketFrames
import WebSocketInspection

/// The line that says the state of a stream at its end. For a dump it is never wrapped: there are as many lines as
/// dumps.
enum StreamLine {
    static func line(for summary: StreamSummary, inCapture: Bool = false) -> StyledLine {
        let (label, style) = label(of: summary)
        let text = OriginText.place(of: summary.origin, inCapture: inCapture) + ": " + facts(of: summary)
        var line = StyledLine(label, style)
        line.append(String(repeating: " ", count: ReportLabel.width - label.count) + text)
        return line
    }

    /// Returns the line without its place, for use below the heading of a conversation; wrapped if it is too long.
    static func wrapped(_ summary: StreamSummary, width: Int) -> [StyledLine] {
        let (label, style) = label(of: summary)
        return Paragraph.headed(
            label, style, space: ReportLabel.width - label.count,
            rest: OriginText.direction(of: summary.origin) + ": " + facts(of: summary), width: width)
    }

    private static func label(of summary: StreamSummary) -> (String, Style) {
        if summary.state == .violation { return ("broken", .fault) }
        if summary.isCutOff { return ("cut off", .doubt) }
        if summary.isJudged { return ("ok", .good) }
        return (summary.missingBytes == nil ? "empty" : "unread", .doubt)
    }

    /// Returns the counts, and how the stream ended: a clause without a full stop.
    static func facts(of summary: StreamSummary) -> String {
        summary.state == .violation ? broken(summary) : legal(summary)
    }

    private static func legal(_ summary: StreamSummary) -> String {
        guard summary.isJudged else {
            return summary.missingBytes == nil ? "nothing to judge" : "nothing could be looked into"
        }
        guard summary.bytes > 0 else { return "no frames" }
        var text = "\(counts(summary)), \(Numbers.count(summary.bytes, "byte"))\(missing(in: summary))"
        if let code = summary.sentCloseCode {
            text += ", closed with \(code.rawValue) (\(code.name))"
        } else if summary.isClosed {
            text += ", closed"
        }
        switch summary.state {
        case .incompleteFrame: text += "; it ends inside a frame"
        case .incompleteMessage: text += "; it ends inside a message"
        case .complete, .violation: break
        }
        return text
    }

    private static func broken(_ summary: StreamSummary) -> String {
        var text = "violation after \(counts(summary)); \(Numbers.count(summary.bytes, "byte"))\(missing(in: summary))"
        if let code = summary.closeCode { text += "; close with \(code.rawValue)" }
        return text
    }

    private static func missing(in summary: StreamSummary) -> String {
        guard let missing = summary.missingBytes else { return "" }
        return missing > 0 ? " and \(Numbers.grouped(missing)) missing" : " and others missing"
    }

    private static func counts(_ summary: StreamSummary) -> String {
        "\(Numbers.count(summary.frames, "frame")), \(Numbers.count(summary.messages, "message"))"
    }
}
