import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

// What the page says about a conversation as a whole.

extension ConversationText {
    /// Returns `192.0.2.1:51000 ⇄ 192.0.2.2:80`, or whatever else distinguishes the conversation from others.
    static func name(of record: ConversationRecord) -> String {
        let client = record.address(of: .client)
        let server = record.address(of: .server)
        if client != nil || server != nil {
            return [client, server].map { $0?.description ?? "?" }.joined(separator: " ⇄ ")
        }
        if record.head == nil, let stream = record.streams.first { return OriginText.direction(of: stream.origin) }
        return "conversation \(record.connection ?? 0)"
    }

    /// Returns the host and the request's target; nil if no request was seen.
    static func target(of record: ConversationRecord) -> String? {
        guard let head = record.head, head.host != nil || head.target != nil else { return nil }
        return PageCeilings.clipped(head.host ?? "") + PageCeilings.clipped(head.target ?? "")
    }

    /// Returns the findings in a few words: the names of rules and notices.
    static func findings(of record: ConversationRecord) -> String {
        var names = unique(record.violations.map(\.violation.rule.name))
        if record.violationCount > 1, names.count == 1 { names[0] += " (\(Numbers.grouped(record.violationCount)))" }
        for stream in record.streams where stream.isCutOff {
            names.append(stream.state == .incompleteFrame ? "cut off inside a frame" : "cut off inside a message")
        }
        if isRefused(record) { names.append("refused") }
        names += unique(record.notices.map { Escaping.visible($0.kind.name) })
        let shown = unique(names).prefix(4).joined(separator: ", ")
        return shown.isEmpty ? record.verdict == .empty ? "no frames" : record.verdict.label : shown
    }

    private static func unique(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func isRefused(_ record: ConversationRecord) -> Bool {
        if case .refused = record.head?.opening { true } else { false }
    }

    /// Returns what was agreed on, as far as it is known.
    static func extensions(_ head: ConversationHead) -> String {
        var names: [String] = []
        switch head.agreedDeflate {
        case true?: names.append("permessage-deflate")
        case false? where head.offeredDeflate: names.append("permessage-deflate offered, not agreed")
        case nil where head.offeredDeflate: names.append("permessage-deflate offered, no response seen")
        case false?, nil: break
        }
        names += head.otherExtensions.prefix(16)
        if head.otherExtensions.count > 16 { names.append("\(head.otherExtensions.count - 16) more") }
        guard !names.isEmpty else { return head.agreedDeflate == nil ? "not known" : "none" }
        return names.map(PageCeilings.clipped).joined(separator: ", ")
    }
}
