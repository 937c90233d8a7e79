import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Passes on the findings that are to be shown.
///
/// If a conversation must end before it is known whether it is shown, its findings are kept until then, up to a
/// ceiling.
public struct FindingFilter {
    /// The most findings that are kept: beyond that frames and messages of all open conversations are left out.
    public static let maximumKept = 65_536

    private let settings: FilterSettings
    private var open: [Key: Conversation] = [:]
    private var keptCount = 0
    /// The number of conversations and dumps of which something is shown.
    public private(set) var shownCount: UInt64 = 0
    /// The number of conversations and dumps that were judged.
    public private(set) var seenCount: UInt64 = 0
    /// The number of frames and messages that were left out because too many were waiting.
    public private(set) var leftOut: UInt64 = 0

    private struct Key: Hashable {
        let source: String
        let number: Int
    }

    /// A conversation, or a dump, that has not ended.
    private struct Conversation {
        enum Decision { case shown, hidden, undecided }

        let head: ConversationHead?
        var decision: Decision
        var kept: [Finding] = []
        var streams = 0
        var violations = 0
        var notices = 0
        /// The frames of messages that contain the text searched for.
        var matched: [Endpoint?: [ClosedRange<UInt64>]] = [:]
        var hasMatch = false
    }

    /// Creates a filter.
    public init(_ settings: FilterSettings) {
        self.settings = settings
    }

    /// Filters the next finding.
    ///
    /// - Parameter visit: receives what is to be shown, from now or from what was kept.
    public mutating func pass(_ finding: Finding, _ visit: (Finding) -> Void) {
        guard let origin = finding.origin, let number = origin.connection else {
            passWhole(finding, visit)
            return
        }
        let key = Key(source: origin.source, number: number)
        var conversation: Conversation
        if case .conversation(let beginning) = finding {
            end(key, visit)
            conversation = begin(number, beginning.head)
        } else {
            conversation = open.removeValue(forKey: key) ?? begin(number, nil)
        }
        take(finding, &conversation, visit)
        open[key] = conversation
        if case .stream = finding, conversation.streams >= (conversation.head == nil ? 1 : 2) { end(key, visit) }
        if keptCount > Self.maximumKept { thinOut() }
    }

    /// Ends the filter: no more findings come.
    public mutating func finish(_ visit: (Finding) -> Void) {
        for key in open.keys.sorted(by: { ($0.source, $0.number) < ($1.source, $1.number) }) { end(key, visit) }
    }

    // MARK: -

    private func passWhole(_ finding: Finding, _ visit: (Finding) -> Void) {
        switch finding {
        case .notice, .hops: if settings.only != nil, settings.only != .notices { return }
        default: break
        }
        visit(finding)
    }

    private mutating func begin(_ number: Int, _ head: ConversationHead?) -> Conversation {
        seenCount &+= 1
        guard settings.admits(number, head) else { return Conversation(head: head, decision: .hidden) }
        if settings.decidesAtTheEnd { return Conversation(head: head, decision: .undecided) }
        shownCount &+= 1
        return Conversation(head: head, decision: .shown)
    }

    private mutating func take(_ finding: Finding, _ conversation: inout Conversation, _ visit: (Finding) -> Void) {
        if case .stream = finding { conversation.streams += 1 }
        switch conversation.decision {
        case .hidden: return
        case .shown: if admits(finding, conversation) { visit(finding) }
        case .undecided:
            switch finding {
            case .violation: conversation.violations += 1
            case .notice: conversation.notices += 1
            case .message(let message) where settings.needsMessages:
                guard admits(finding, conversation), message.bytes.contains(settings.contains) else { return }
                conversation.matched[message.origin.sender, default: []].append(message.firstFrame...message.lastFrame)
            default: break
            }
            guard admits(finding, conversation) else { return }
            if finding.isMatch { conversation.hasMatch = true }
            conversation.kept.append(finding)
            keptCount += 1
        }
    }

    /// Returns whether the finding passes by its own sender, opcode and time.
    private func admits(_ finding: Finding, _ conversation: Conversation) -> Bool {
        if let sender = settings.sender, let other = finding.origin?.sender, other != sender { return false }
        guard settings.admits(finding.position, openedAt: conversation.head?.packetPosition?.time) else { return false }
        guard !settings.opcodes.isEmpty else { return true }
        switch finding {
        case .frame(let frame): return settings.opcodes.contains(frame.frame.record.header.opcode)
        case .message(let message): return settings.opcodes.contains(message.opcode)
        case .violation(let violation): return settings.opcodes.contains(violation.violation.header.opcode)
        case .notice: return false
        case .conversation, .ending, .stream, .error, .hops: return true
        }
    }

    private mutating func end(_ key: Key, _ visit: (Finding) -> Void) {
        guard let conversation = open.removeValue(forKey: key) else { return }
        keptCount -= conversation.kept.count
        guard conversation.decision == .undecided else { return }
        let isWanted: Bool =
            switch settings.only {
            case .violations: conversation.violations > 0
            case .notices: conversation.notices > 0
            case .clean: conversation.violations == 0 && conversation.notices == 0
            case nil: true
            }
        guard isWanted, !settings.needsFrames || conversation.hasMatch else { return }
        if settings.needsMessages, conversation.matched.isEmpty { return }
        shownCount &+= 1
        for finding in conversation.kept where isShown(finding, conversation) { visit(finding) }
    }

    /// Returns whether the finding is shown, by what was found in the whole conversation.
    private func isShown(_ finding: Finding, _ conversation: Conversation) -> Bool {
        switch finding {
        case .violation: settings.only != .notices
        case .notice: settings.only != .violations
        case .frame(let frame) where settings.needsMessages:
            !frame.frame.record.header.opcode.isControl
                && conversation.matched[frame.origin.sender, default: []].contains {
                    $0.contains(frame.frame.record.index)
                }
        default: true
        }
    }

    private mutating func thinOut() {
        for key in open.keys {
            guard let before = open[key]?.kept.count else { continue }
            open[key]?.kept.removeAll { finding in
                switch finding {
                case .frame, .message: true
                default: false
                }
            }
            let count = before - (open[key]?.kept.count ?? 0)
            keptCount -= count
            leftOut &+= UInt64(count)
        }
    }
}

extension Finding {
    /// What the finding is about; nil for an input that could not be read, and for a finding about two conversations.
    public var origin: StreamOrigin? {
        switch self {
        case .violation(let finding): finding.origin
        case .notice(let notice): notice.origin
        case .error: nil
        case .stream(let summary): summary.origin
        case .conversation(let finding): finding.origin
        case .frame(let finding): finding.origin
        case .message(let finding): finding.origin
        case .ending(let finding): finding.origin
        case .hops: nil
        }
    }

    /// The position in the capture by which the finding may be left out, if it has a single one.
    fileprivate var position: PacketPosition? {
        switch self {
        case .violation(let finding): finding.packetPosition
        case .notice(let notice): notice.packetPosition
        case .frame(let finding): finding.frame.packetPosition
        case .message(let finding): finding.packetPosition
        case .error, .stream, .conversation, .ending, .hops: nil
        }
    }

    /// Whether the finding is one that is searched for by sender, opcode, time and text.
    fileprivate var isMatch: Bool {
        switch self {
        case .violation, .frame, .message: true
        case .notice, .error, .stream, .conversation, .ending, .hops: false
        }
    }
}

extension [UInt8] {
    /// Returns whether the bytes contain the other ones.
    func contains(_ other: [UInt8]) -> Bool {
        guard let first = other.first, other.count <= count else { return other.isEmpty }
        for start in 0...(count - other.count) where self[start] == first {
            var index = 1
            while index < other.count, self[start + index] == other[index] { index += 1 }
            if index == other.count { return true }
        }
        return false
    }
}
