import CWebSocketFrames
import CWebSocketFramesHeader
import WebSocketFrames

/// The calls of the C API that read: each reads the pieces of a stream, and gives its account.
enum CWay: CaseIterable {
    case next, read, readAll, connection

    /// What was handed over: C passes it on by its address.
    private final class Heard {
        var account = Account()

        /// - Parameters:
        ///   - event: lasts for the call, as `payload` does.
        ///   - payload: `event.payload_count` bytes.
        func hear(_ event: UnsafePointer<wsf_event>, _ payload: UnsafePointer<UInt8>?) {
            let event = unsafe event.pointee
            let bytes = unsafe Array(UnsafeBufferPointer(start: payload, count: event.payload_count))
            guard event.opcode < 8 else {
                account.items.append(.control(Opcode(rawValue: event.opcode), bytes))
                return
            }
            if event.begins_message { account.beginMessage(isCompressed: event.reserved_bits & 0x40 != 0) }
            account.add(bytes.span, Opcode(rawValue: event.message_opcode), endsMessage: event.ends_message)
        }
    }

    /// - Returns: the account, without a violation; and what is told of the stream, nil from a connection without one.
    func account(of pieces: [[UInt8]], _ conversation: Conversation) -> (Account, CorpusInCTests.Outcome?) {
        var options = CorpusInCTests.options(conversation.sender, conversation.extensions, conversation.limits)
        let heard = Heard()
        var violation = wsf_violation()
        if self == .connection {
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
            result = read(&reader, &piece, heard, &violation)
        }
        unsafe wsf_reader_status(&reader, &status)
        return (heard.account, CorpusInCTests.Outcome(result, violation, status))
    }

    private func read(
        _ reader: inout wsf_reader, _ piece: inout [UInt8], _ heard: Heard, _ violation: inout wsf_violation
    ) -> wsf_result {
        let context = unsafe Unmanaged.passUnretained(heard).toOpaque()
        let count = piece.count
        var index = 0
        switch self {
        case .next, .connection:
            while true {
                var event = wsf_event()
                let result = unsafe wsf_reader_next(&reader, &piece, count, &index, &event, &violation)
                guard result == wsf_result(WSF_EVENT) else { return result }
                Self.hear(heard, &event, piece)
            }
        case .read:
            return unsafe wsf_reader_read(
                &reader, &piece, count, &index,
                { context, event, payload in
                    guard let context = unsafe context else { return false }
                    unsafe Unmanaged<Heard>.fromOpaque(context).takeUnretainedValue().hear(event, payload)
                    return true
                }, context, &violation)
        case .readAll:
            return unsafe wsf_reader_read_all(
                &reader, &piece, count,
                { context, event, payload in
                    guard let context = unsafe context else { return }
                    unsafe Unmanaged<Heard>.fromOpaque(context).takeUnretainedValue().hear(event, payload)
                }, context, &violation)
        }
    }

    /// - Returns: whether the stream is broken.
    private static func read(
        _ connection: inout wsf_connection, _ piece: [UInt8], asClient: Bool, _ heard: Heard,
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
            hear(heard, &event, piece)
        }
    }

    private static func hear(_ heard: Heard, _ event: inout wsf_event, _ piece: [UInt8]) {
        unsafe piece.withUnsafeBufferPointer { bytes in
            unsafe withUnsafePointer(to: &event) { unsafe heard.hear($0, wsf_event_payload($0, bytes.baseAddress)) }
        }
    }
}
