import CWebSocketFrames
import CWebSocketFramesHeader
import WebSocketFrames

/// The reading calls of the C API: each reads a stream in pieces and gives its account.
enum CWay {
    case reader(ReadingInC)
    case connection

    static let all = ReadingInC.allCases.map(CWay.reader) + [.connection]

    /// - Returns: the account, without a violation; and the outcome, nil from a connection without a violation.
    func account(of pieces: [[UInt8]], _ conversation: Conversation) -> (Account, CorpusInCTests.Outcome?) {
        var options = CorpusInCTests.options(conversation.sender, conversation.extensions, conversation.limits)
        let heard = HeardInC()
        var violation = wsf_violation()
        guard case .reader(let reading) = self else {
            var connection = wsf_connection()
            guard unsafe wsf_connection_init(&connection, MemoryLayout<wsf_connection>.size, &options) else {
                return (Account(), nil)
            }
            for piece in pieces {
                let isBroken = Self.read(
                    &connection, piece, asClient: conversation.sender == .server, heard, &violation)
                guard isBroken else { continue }
                return (heard.account, CorpusInCTests.Outcome(wsf_result(WSF_VIOLATION), violation, wsf_status()))
            }
            return (heard.account, nil)
        }
        var reader = wsf_reader()
        var status = wsf_status()
        var result = wsf_result(WSF_NEED_MORE)
        guard unsafe wsf_reader_init(&reader, MemoryLayout<wsf_reader>.size, &options) else { return (Account(), nil) }
        for var piece in pieces where result == wsf_result(WSF_NEED_MORE) {
            result = reading.read(&reader, &piece, heard, &violation)
        }
        unsafe wsf_reader_status(&reader, &status)
        return (heard.account, CorpusInCTests.Outcome(result, violation, status))
    }

    /// - Returns: whether the stream is broken.
    private static func read(
        _ connection: inout wsf_connection, _ piece: [UInt8], asClient: Bool, _ heard: HeardInC,
        _ violation: inout wsf_violation
    ) -> Bool {
        var piece = piece
        let count = piece.count
        var index = 0
        var reply = [UInt8](repeating: 0, count: Int(WSF_CONTROL_FRAME_MAX))
        var replyCount = 0
        let key: [UInt8]? = asClient ? [1, 2, 3, 4] : nil
        while true {
            var event = wsf_event()
            let result = unsafe wsf_connection_next(
                &connection, &piece, count, &index, &event, key, &reply, &replyCount, &violation)
            guard result == wsf_result(WSF_EVENT) else { return result == wsf_result(WSF_VIOLATION) }
            heard.hear(&event, of: piece)
        }
    }
}
