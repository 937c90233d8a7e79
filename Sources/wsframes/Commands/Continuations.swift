import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketInspection

/// Detects that a file continues connections of an earlier one.
struct Continuations {
    /// The most connections that are remembered.
    private static let ceiling = 65_536

    private var source: String?
    /// Conversations that were open when their capture ended, by both addresses, with their inputs.
    private var open: [[SocketAddress]: String] = [:]
    /// The last input with such a conversation.
    private var lastOpen: String?
    private var addresses: [Int: [SocketAddress]] = [:]
    private var reported: Set<String> = []

    /// - Returns: a message for the user, or nil.
    mutating func add(_ finding: Finding) -> String? {
        switch finding {
        case .conversation(let beginning):
            if source != beginning.origin.source { addresses = [:] }
            source = beginning.origin.source
            guard let client = beginning.head.client, let server = beginning.head.server else { return nil }
            let pair = [client, server]
            if let number = beginning.origin.connection, addresses.count < Self.ceiling { addresses[number] = pair }
            guard case .middle = beginning.head.opening, let before = open[pair] ?? open[[server, client]],
                before != beginning.origin.source, reported.insert(beginning.origin.source).inserted
            else { return nil }
            return
                "\(printable(beginning.origin.source)) continues connections of \(printable(before)): with --join they "
                + "are read as one capture"
        case .ending(let end) where end.ending.kind == .captureEnded:
            guard let number = end.origin.connection, let pair = addresses[number], open.count < Self.ceiling else {
                return nil
            }
            open[pair] = end.origin.source
            lastOpen = end.origin.source
            return nil
        case .notice(let finding) where finding.notice.kind == .possibleWebSocket:
            let source = finding.origin.source
            guard let lastOpen, lastOpen != source, reported.insert(source).inserted else { return nil }
            return
                "\(printable(source)) may continue connections of \(printable(lastOpen)): with --join they are read as one "
                + "capture"
        default: return nil
        }
    }
}
