import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// The row of a conversation in the list.
struct ConversationRow {
    /// Whether it is the one stream of a dump, whose name includes that of the input.
    let isDump: Bool
    private let name: String
    private let number: Int?
    private let target: String
    private var findings: String
    private let cells: [String?]
    private var severity: ConversationRecord.Severity

    init(_ record: ConversationRecord) {
        let place = ConversationText.name(of: record)
        isDump = record.head == nil
        name = isDump ? PageCeilings.clipped(OriginText.source(record.source)) + ", " + place : place
        number = isDump ? nil : record.connection
        target = ConversationText.target(of: record) ?? ""
        findings = ConversationText.findings(of: record)
        severity = record.severity
        let hasStreams = !record.streams.isEmpty
        let sum = { (count: (StreamSummary) -> UInt64) in
            hasStreams ? Numbers.grouped(record.streams.reduce(UInt64(0)) { $0.addingClamped(count($1)) }) : nil
        }
        cells = [
            sum(\.frames), sum(\.messages), sum(\.bytes), record.facts?.duration.map(TimeText.short),
            EndingText.short(record.ending, head: record.head, streams: record.streams),
        ]
    }

    /// Adds a notice that arrived after the conversation was over.
    mutating func add(_ notice: NoticeFinding) {
        let name = Escaping.visible(notice.kind.name)
        if severity == .clean { (severity, findings) = (.doubtful, name) }
        if !findings.contains(name) { findings += ", \(name)" }
    }

    static let columns: [StaticString] = [
        "Verdict", "Target", "Conversation", "Frames", "Messages", "Bytes", "Lasted", "Ended",
    ]

    /// - Parameter anchor: where the conversation is shown in full; nil if it is not.
    func write(to page: inout Markup, anchor: Anchor?) {
        page.element("tr") { row in
            row.element("td") { cell in
                guard let anchor else { return Verdict.write(severity, findings, to: &cell) }
                cell.element("a", .link(anchor)) { Verdict.write(severity, findings, to: &$0) }
            }
            row.element("td", .kind("break")) { $0.captured(target) }
            row.element("td") { cell in
                if let number { cell.element("b", text: "\(number) ") }
                cell.captured(name)
            }
            for (cell, column) in zip(cells, Self.columns.dropFirst(3)) {
                row.element("td", .kind(column.description == "Ended" ? "end" : "n")) { part in
                    // On a phone the columns have no headings.
                    part.element("span", .kind("unit"), text: column.description)
                    part.text(cell.flatMap { $0.isEmpty ? nil : $0 } ?? "–")
                }
            }
        }
        page.literal("\n")
    }
}

/// The word for the severity of a conversation, with a sign and a colour.
enum Verdict {
    static func write(_ severity: ConversationRecord.Severity, _ text: String, to page: inout Markup) {
        let kind: StaticString =
            switch severity {
            case .broken: "verdict fault"
            case .doubtful: "verdict doubt"
            case .clean: "verdict good"
            }
        page.element("span", .kind(kind)) { span in
            span.element("span", .kind("sign"), .decoration, text: sign(of: severity))
            span.text(" " + text)
        }
    }

    private static func sign(of severity: ConversationRecord.Severity) -> String {
        switch severity {
        case .broken: "✕"
        case .doubtful: "△"
        case .clean: "✓"
        }
    }
}
