import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// The verdict on a conversation in one word, the worst first.
enum ConversationVerdict: Int, CaseIterable, Comparable {
    /// A rule was broken.
    case broken
    /// A stream ends inside a frame or a message.
    case cutOff
    /// Something is doubtful.
    case doubtful
    /// The server refused the upgrade.
    case refused
    /// None of its frames could be examined.
    case unread
    /// No frame was sent.
    case empty
    /// Nothing is wrong.
    case clean

    init(violations: UInt64, notices: UInt64, head: ConversationHead?, streams: [StreamSummary]) {
        if violations > 0 || streams.contains(where: { $0.state == .violation }) {
            self = .broken
        } else if streams.contains(where: \.isCutOff) {
            self = .cutOff
        } else if case .refused = head?.opening {
            self = .refused
        } else if notices > 0 {
            self = .doubtful
        } else if streams.contains(where: { !$0.isJudged }) {
            self = .unread
        } else {
            self = streams.allSatisfy({ $0.bytes == 0 }) ? .empty : .clean
        }
    }

    /// The word.
    var label: String {
        switch self {
        case .broken: "broken"
        case .cutOff: "cut off"
        case .doubtful: "notice"
        case .refused: "refused"
        case .unread: "unread"
        case .empty: "empty"
        case .clean: "ok"
        }
    }

    /// The verdict after one more notice.
    var withNotice: Self { self == .refused ? self : min(self, .doubtful) }

    /// Whether it needs attention.
    var isTrouble: Bool { self < .empty }

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension StreamSummary {
    /// Whether the stream ends inside a frame or a message.
    var isCutOff: Bool { state == .incompleteFrame || state == .incompleteMessage }
}
