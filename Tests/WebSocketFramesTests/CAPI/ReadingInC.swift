import CWebSocketFrames
import CWebSocketFramesHeader
import WebSocketFrames

/// Collects what C hands to its handler; C carries it as a context pointer.
final class HeardInC {
    var account = Account()
    var frames = 0
    /// What the handler returns.
    var continues = true

    /// - Parameters:
    ///   - event: valid during the call only, as is `payload`.
    ///   - payload: `event.payload_count` bytes.
    func hear(_ event: UnsafePointer<wsf_event>, _ payload: UnsafePointer<UInt8>?) {
        let event = unsafe event.pointee
        let bytes = unsafe Array(UnsafeBufferPointer(start: payload, count: event.payload_count))
        if event.ends_frame { frames += 1 }
        guard event.opcode < 8 else {
            account.items.append(.control(Opcode(rawValue: event.opcode), bytes))
            return
        }
        if event.begins_message { account.beginMessage(isCompressed: event.reserved_bits & 0x40 != 0) }
        account.add(bytes.span, Opcode(rawValue: event.message_opcode), endsMessage: event.ends_message)
    }

    func hear(_ event: inout wsf_event, of piece: [UInt8]) {
        unsafe piece.withUnsafeBufferPointer { bytes in
            unsafe withUnsafePointer(to: &event) { unsafe hear($0, wsf_event_payload($0, bytes.baseAddress)) }
        }
    }
}

/// The reading calls of the C API.
enum ReadingInC: CaseIterable {
    case next, read, stoppingRead, readAll

    /// Reads a whole piece.
    func read(
        _ reader: inout wsf_reader, _ piece: inout [UInt8], _ heard: HeardInC, _ violation: inout wsf_violation
    ) -> wsf_result {
        let context = unsafe Unmanaged.passUnretained(heard).toOpaque()
        let count = piece.count
        var index = 0
        switch self {
        case .next:
            while true {
                var event = wsf_event()
                let result = unsafe wsf_reader_next(&reader, &piece, count, &index, &event, &violation)
                guard result == wsf_result(WSF_EVENT) else { return result }
                heard.hear(&event, of: piece)
            }
        case .read, .stoppingRead:
            heard.continues = self == .read
            while true {
                let result = unsafe wsf_reader_read(
                    &reader, &piece, count, &index,
                    { context, event, payload in
                        guard let context = unsafe context else { return false }
                        let heard = unsafe Unmanaged<HeardInC>.fromOpaque(context).takeUnretainedValue()
                        unsafe heard.hear(event, payload)
                        return heard.continues
                    }, context, &violation)
                guard result == wsf_result(WSF_STOPPED) else { return result }
            }
        case .readAll:
            return unsafe wsf_reader_read_all(
                &reader, &piece, count,
                { context, event, payload in
                    guard let context = unsafe context else { return }
                    unsafe Unmanaged<HeardInC>.fromOpaque(context).takeUnretainedValue().hear(event, payload)
                }, context, &violation)
        }
    }
}
