import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketInspection

/// The conversations that findings are currently about: their heads and endings arrive before their streams, and
/// reports show them with the streams. In a file there is one at a time; live, several can be open.
struct CurrentConversation {
    private struct Key: Hashable {
        let source: String
        let connection: Int

        /// An origin without an index is about a whole input.
        init?(_ origin: StreamOrigin?) {
            guard let origin, let connection = origin.connection else { return nil }
            (source, self.connection) = (origin.source, connection)
        }
    }

    private struct Known {
        let head: ConversationHead
        var ended: Ending?
        /// Whether nothing follows but what comes with the ending, which is directly followed by the streams.
        var isOver: Bool
    }

    private var known: [Key: Known] = [:]

    /// Whether more than one conversation is open.
    var areMany: Bool { known.count > 1 }

    /// Notes a finding, before it is reported.
    mutating func add(_ finding: Finding) {
        guard let key = Key(finding.origin) else { return }
        switch finding {
        case .conversation(let finding):
            for (key, one) in known where one.isOver { known[key] = nil }
            known[key] = Known(head: finding.head, isOver: finding.head.isRefused)
        case .ending(let finding):
            known[key]?.ended = finding.ending
            known[key]?.isOver = true
        case .stream: known[key]?.isOver = true
        case .violation, .notice, .error, .frame, .message, .hops: break
        }
    }

    /// Returns whether a finding of that origin is about a known conversation.
    func holds(_ origin: StreamOrigin?) -> Bool { Key(origin).map { known[$0] != nil } ?? false }

    /// Returns who the conversation is between, and how it began; nil if the origin is not a known conversation.
    func head(of origin: StreamOrigin) -> ConversationHead? { Key(origin).flatMap { known[$0]?.head } }

    /// Returns how it ended; nil if that has not been reported.
    func ending(of origin: StreamOrigin) -> Ending? { Key(origin).flatMap { known[$0]?.ended } }
}

extension ConversationHead {
    fileprivate var isRefused: Bool { if case .refused = opening { true } else { false } }
}
