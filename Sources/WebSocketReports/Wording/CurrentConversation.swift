import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketInspection

/// The conversation that findings are about at the moment: its head and its ending come before its streams, and reports
/// report them with the streams.
struct CurrentConversation {
    private var conversation: ConversationFinding?
    private var ended: EndingFinding?

    /// Takes note of a finding, before it is reported.
    mutating func see(_ finding: Finding) {
        switch finding {
        case .conversation(let finding):
            conversation = finding
            ended = nil
        case .ending(let finding): ended = finding
        case .violation, .notice, .error, .stream, .frame, .message, .hops: break
        }
    }

    /// Whether a finding of that origin is about the conversation.
    func holds(_ origin: StreamOrigin?) -> Bool {
        guard let conversation, let origin else { return false }
        return Self.isSame(conversation.origin, origin)
    }

    /// Between whom it is, and how it began; nil if the origin is not the conversation.
    func head(of origin: StreamOrigin) -> ConversationHead? {
        holds(origin) ? conversation?.head : nil
    }

    /// How it ended; nil if that was not reported.
    func ending(of origin: StreamOrigin) -> Ending? {
        guard let ended, Self.isSame(ended.origin, origin) else { return nil }
        return ended.ending
    }

    /// What has no index is about a whole input.
    private static func isSame(_ one: StreamOrigin, _ other: StreamOrigin) -> Bool {
        one.connection != nil && one.connection == other.connection && one.source == other.source
    }
}
