import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketInspection

/// The conversations that findings are about at the moment: their heads and endings come before their streams, and reports
/// report them with the streams. Of a file it is one; live, several are open at a time.
struct CurrentConversation {
    private struct Key: Hashable {
        let source: String
        let connection: Int

        /// What has no index is about a whole input.
        init?(_ origin: StreamOrigin?) {
            guard let origin, let connection = origin.connection else { return nil }
            (source, self.connection) = (origin.source, connection)
        }
    }

    private struct Known {
        let head: ConversationHead
        var ended: Ending?
        /// Nothing more comes of it but what comes with its ending: that and its streams follow each other.
        var isOver: Bool
    }

    private var known: [Key: Known] = [:]

    /// More than one conversation is open.
    var areMany: Bool { known.count > 1 }

    /// Takes note of a finding, before it is reported.
    mutating func see(_ finding: Finding) {
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

    /// Whether a finding of that origin is about a conversation that is known.
    func holds(_ origin: StreamOrigin?) -> Bool { Key(origin).map { known[$0] != nil } ?? false }

    /// Between whom it is, and how it began; nil if the origin is no conversation that is known.
    func head(of origin: StreamOrigin) -> ConversationHead? { Key(origin).flatMap { known[$0]?.head } }

    /// How it ended; nil if that was not reported.
    func ending(of origin: StreamOrigin) -> Ending? { Key(origin).flatMap { known[$0]?.ended } }
}

extension ConversationHead {
    fileprivate var isRefused: Bool { if case .refused = opening { true } else { false } }
}
