import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// What the list of conversations shows about one of them: collected as its findings arrive, and bounded.
struct ConversationTally {
    /// The most violations, and the most kinds of notices, that are named.
    static let maximumNamed = 3

    let source: String
    /// Its number within the input, from 0: the same in every report.
    let number: Int
    let head: ConversationHead
    private(set) var ending: Ending?
    private(set) var facts: ConversationFacts?
    private(set) var streams: [StreamSummary] = []
    private(set) var violations: [String] = []
    private(set) var violationCount: UInt64 = 0
    private(set) var notices: [String] = []
    private(set) var noticeCount: UInt64 = 0

    init?(_ finding: ConversationFinding) {
        guard let number = finding.origin.connection else { return nil }
        source = finding.origin.source
        self.number = number
        head = finding.head
    }

    /// Adds a finding about the conversation.
    mutating func add(_ finding: Finding) {
        switch finding {
        case .violation(let violation):
            violationCount &+= 1
            if violations.count < Self.maximumNamed { violations.append(Self.text(of: violation)) }
        case .notice(let notice):
            noticeCount &+= 1
            let name = Escaping.visible(notice.kind.name)
            if notices.count < Self.maximumNamed, !notices.contains(name) { notices.append(name) }
        case .ending(let finding):
            ending = finding.ending
            facts = finding.facts
        case .stream(let summary):
            if streams.count < 2 { streams.append(summary) }
        case .conversation, .frame, .message, .error, .hops: break
        }
    }

    /// `reserved-bits by the server in frame 0, packet 9 (certain: http-response)`
    private static func text(of finding: ViolationFinding) -> String {
        let sender = finding.origin.sender.map { "the \($0.name)" } ?? "an unknown sender"
        var text = "\(finding.violation.rule.name) by \(sender) in frame \(finding.violation.frame)"
        if let position = finding.packetPosition { text += ", packet \(position.packet)" }
        if let diagnosis = finding.diagnosis {
            text += " (\(DiagnosisText.certainty(diagnosis.certainty)): \(Escaping.visible(diagnosis.name)))"
        }
        return text
    }

    var verdict: ConversationVerdict {
        ConversationVerdict(violations: violationCount, notices: noticeCount, head: head, streams: streams)
    }

    /// Everything that is wrong; empty if nothing is.
    var trouble: String {
        var parts = violations
        let more = violationCount &- UInt64(violations.count)
        if more > 0 { parts.append(Numbers.count(more, "more violation")) }
        for stream in streams where stream.isCutOff {
            let place = stream.state == .incompleteFrame ? "a frame" : "a message"
            parts.append("\(OriginText.direction(of: stream.origin)) ends inside \(place)")
        }
        for stream in streams where !stream.isJudged {
            parts.append("\(OriginText.direction(of: stream.origin)) could not be looked into")
        }
        if !notices.isEmpty {
            let others = noticeCount > UInt64(notices.count) ? " (\(Numbers.grouped(noticeCount)) in all)" : ""
            parts.append((noticeCount == 1 ? "notice " : "notices ") + notices.joined(separator: ", ") + others)
        }
        return parts.joined(separator: "; ")
    }

    /// `192.0.2.1:51000 → 192.0.2.2:80`
    var peers: String { ConversationText.peers(head) }
    /// The request's target; empty if no request was seen.
    var target: String { head.target.map(Escaping.visible) ?? "" }
    var frames: UInt64 { streams.reduce(0) { $0 &+ $1.frames } }
    var messages: UInt64 { streams.reduce(0) { $0 &+ $1.messages } }
    /// The duration; empty if the input has no times.
    var duration: String { facts?.duration.map(TimeText.short) ?? "" }
    /// How it ended, and with which code.
    var end: String { EndingText.short(ending, head: head, streams: streams) }
}

extension ConversationText {
    /// Returns `192.0.2.1:51000 → 192.0.2.2:80`; empty if the input has no addresses.
    static func peers(_ head: ConversationHead) -> String {
        guard head.client != nil || head.server != nil else { return "" }
        return "\(head.client?.description ?? "client") → \(head.server?.description ?? "server")"
    }
}
