/// Finds the WebSocket conversations in a text that another program exported (see ``ExportReader``), passed in pieces
/// of any size.
public struct ExportedConversations: Sendable {
    private var exports = ExportReader()
    private var connections: ConnectionReaders
    private var connection = -1

    /// What the text contains besides conversations, as far as an export shows it: connections, and their contents.
    public var survey: CaptureSurvey {
        var survey = CaptureSurvey()
        survey.note(connections)
        return survey
    }

    /// Creates a reader at the start of a text.
    public init(options: ConversationOptions) {
        connections = ConnectionReaders(options: options)
    }

    /// Reads the next piece of the text.
    ///
    /// - Throws: an error where the text is malformed; from then on the same again. What was found before remains
    ///   valid: continue with ``close(_:)``.
    public mutating func read(
        _ piece: Span<UInt8>, _ visit: CapturedConversations.Visitor
    ) throws(TextError) {
        var exports = ExportReader()
        swap(&exports, &self.exports)
        defer { swap(&exports, &self.exports) }
        try exports.read(piece) { pass($0, $1, visit) }
    }

    /// Ends the text, and all conversations.
    ///
    /// - Throws: an error if the text ends in the middle of something; all conversations have been ended
    ///   nevertheless.
    public mutating func finish(_ visit: CapturedConversations.Visitor) throws(TextError) {
        var exports = ExportReader()
        swap(&exports, &self.exports)
        defer { close(visit) }
        try exports.finish { pass($0, $1, visit) }
    }

    /// Ends all conversations: nothing more can be read.
    public mutating func close(_ visit: CapturedConversations.Visitor) {
        connections.pass(ConnectionReaders.Event.closed, of: connection, Span(), visit)
    }

    private mutating func pass(
        _ event: ExportEvent, _ bytes: Span<UInt8>, _ visit: CapturedConversations.Visitor
    ) {
        switch event {
        case .opened(let first, let second):
            connection += 1
            connections.begin(connection, first: first, second: second, isSeenFromStart: false)
        case .bytes(let side, let packetPosition):
            connections.pass(.bytes(side, packetPosition), of: connection, bytes, visit)
        case .gap(let side, let count, let packetPosition):
            connections.pass(.gap(side, count: count, .notCaptured, packetPosition), of: connection, bytes, visit)
        case .closed: connections.pass(ConnectionReaders.Event.closed, of: connection, bytes, visit)
        }
    }
}
