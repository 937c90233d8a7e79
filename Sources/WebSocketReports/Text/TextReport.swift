import WebSocketFrames

/// Findings for people: a block for a violation, a line for a stream.
///
/// Nothing that comes from an input (a file's name, a payload) can drive the terminal: what is not plainly visible is
/// written out.
public struct TextReport: Report {
    private let usesColor: Bool
    private let width: Int

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
    public func text(for finding: Finding) -> String {
        lines(for: finding).text(usesColor: usesColor)
    }

    /// One line that sums up.
    public func closing(_ totals: Totals) -> String {
        var line = StyledLine(Numbers.count(totals.streams, "stream") + " judged, ")
        if totals.violations == 0 {
            line.append("no violation", totals.streams == 0 ? .plain : .good)
        } else {
            line.append(Numbers.count(totals.violations, "violation"), .fault)
        }
        if totals.notices > 0 {
            line.append(", ")
            line.append(Numbers.count(totals.notices, "notice"), .doubt)
        }
        if totals.errors > 0 {
            line.append(", ")
            line.append(Numbers.count(totals.errors, "input") + " not read", .fault)
        }
        return [line].text(usesColor: usesColor)
    }

    private func lines(for finding: Finding) -> [StyledLine] {
        switch finding {
        case .violation(let finding): ViolationBlock(finding, width: width).lines
        case .notice(let notice):
            headed(
                "notice", .doubt, "\(OriginText.place(of: notice.origin)): \(Escaping.visible(notice.name))",
                body: Escaping.visible(notice.message))
        case .error(let error):
            headed("error", .fault, OriginText.source(error.source), body: Escaping.visible(error.message))
        case .stream(let summary): [StreamLine.line(for: summary)]
        case .conversation, .frame, .ending: []
        }
    }

    private func headed(_ label: String, _ style: Style, _ title: String, body: String) -> [StyledLine] {
        Paragraph.headed(label, style, space: ReportLabel.width - label.count, rest: title, width: width)
            + Paragraph.prose(body, width: width - 2).indented(by: 2)
    }
}

/// The word that a line begins with: `ok`, `broken`, `notice` or `error`.
enum ReportLabel {
    /// The column at which the text behind the word begins.
    static let width = 8
}

/// How an input, a conversation and its direction are named.
enum OriginText {
    static func source(_ source: String) -> String {
        source.isEmpty ? "\"\"" : Escaping.visible(source)
    }

    /// `dump.bin, connection 2, client → server`
    static func place(of origin: StreamOrigin) -> String {
        var text = source(origin.source)
        if let connection = origin.connection, connection != 0 { text += ", connection \(connection)" }
        return text + ", " + direction(of: origin)
    }

    /// `client → server`
    static func direction(of origin: StreamOrigin) -> String {
        guard let sender = origin.sender else { return "sender not known" }
        return "\(sender.name) → \(sender.peer.name)"
    }
}
