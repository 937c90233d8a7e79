import WebSocketFrames
import WebSocketInspection

/// What the list of conversations says of one of them.
struct ConversationRow {
    /// It is the one stream of a dump, so its name holds that of the input.
    let isDump: Bool
    private let name: String
    private let target: String
    private let findings: String
    private let counts: [UInt64?]
    private let weight: ConversationRecord.Weight

    init(_ record: ConversationRecord) {
        let place = ConversationText.name(of: record)
        isDump = record.head == nil
        name = isDump ? PageCeilings.clipped(OriginText.source(record.source)) + ", " + place : place
        target = ConversationText.target(of: record) ?? ""
        findings = ConversationText.findings(of: record)
        weight = record.weight
        let hasStreams = !record.streams.isEmpty
        counts = [
            hasStreams ? record.streams.reduce(UInt64(0)) { $0.addingClamped($1.frames) } : nil,
            hasStreams ? record.streams.reduce(UInt64(0)) { $0.addingClamped($1.bytes) } : nil,
        ]
    }

    static let columns: [StaticString] = ["Verdict", "Conversation", "Target", "Frames", "Bytes"]

    /// - Parameter anchor: where the conversation is shown in full; nil if it is not.
    func write(to page: inout Markup, anchor: Anchor?) {
        page.element("tr") { row in
            row.element("td") { Verdict.write(weight, findings, to: &$0) }
            row.element("td") { cell in
                if let anchor {
                    cell.element("a", .link(anchor)) { $0.captured(name) }
                } else {
                    cell.captured(name)
                }
            }
            row.element("td", .kind("break")) { $0.captured(target) }
            for count in counts {
                row.element("td", .kind("n"), text: count.map(Numbers.grouped) ?? "–")
            }
        }
        page.literal("\n")
    }
}

/// The word that stands for the weight of a conversation, with a sign and a colour.
enum Verdict {
    static func write(_ weight: ConversationRecord.Weight, _ text: String, to page: inout Markup) {
        let kind: StaticString =
            switch weight {
            case .broken: "verdict fault"
            case .doubtful: "verdict doubt"
            case .clean: "verdict good"
            }
        page.element("span", .kind(kind)) { span in
            span.element("span", .kind("sign"), .decoration, text: sign(of: weight))
            span.text(" " + text)
        }
    }

    private static func sign(of weight: ConversationRecord.Weight) -> String {
        switch weight {
        case .broken: "✕"
        case .doubtful: "△"
        case .clean: "✓"
        }
    }
}
