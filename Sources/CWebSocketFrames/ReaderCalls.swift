// wsf_reader: FrameReader for C, with a pull API and callbacks.

public import CWebSocketFramesHeader
import WebSocketFrames

/// Prepares a reader for a new stream.
@c(wsf_reader_init) @implementation
public func wsf_reader_init(
    _ reader: UnsafeMutablePointer<wsf_reader>, _ struct_size: Int, _ options: UnsafePointer<wsf_options>
) -> Bool {
    // Safe: the header requires one struct.
    let options = unsafe options.pointee
    guard options.fitsReader(wsf_reader.self, struct_size), let peer = Endpoint(rawValue: options.peer) else {
        return false
    }
    unsafe store(
        FrameReader(
            peer: peer, extensions: options.extensions, limits: options.limits, inflates: options.inflates),
        in: reader)
    return true
}

/// Pull: consumes bytes up to the next event.
@c(wsf_reader_next) @implementation
public func wsf_reader_next(
    _ reader: UnsafeMutablePointer<wsf_reader>, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int,
    _ index: UnsafeMutablePointer<Int>, _ event: UnsafeMutablePointer<wsf_event>,
    _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    unsafe update(FrameReader.self, in: reader) { reader in
        do throws(Violation) {
            // Safe: the header requires `count` bytes, or none if NULL; the span ends with this call.
            let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
            var span = unsafe buffer.mutableSpan
            // Safe: the header requires memory for the index.
            guard let found = try unsafe reader.next(in: &span, from: &index.pointee) else { return .needMore }
            unsafe fill(event, with: found, of: reader)
            return .event
        } catch {
            unsafe set(violation, wsf_violation(error))
            return .violation
        }
    }
}

/// Callback: passes on all events in the bytes.
@c(wsf_reader_read) @implementation
public func wsf_reader_read(
    _ reader: UnsafeMutablePointer<wsf_reader>, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int,
    _ index: UnsafeMutablePointer<Int>, _ handler: wsf_handler, _ context: UnsafeMutableRawPointer?,
    _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    unsafe update(FrameReader.self, in: reader) { reader in
        // Safe, all: as in wsf_reader_next. The handler may read the bytes but not change them. The event lives
        // longer than the handler may use it, as the header says; it is not cleared first, since `fill` sets every
        // field that the handler may use.
        unsafe withUnsafeTemporaryAllocation(of: wsf_event.self, capacity: 1) { place in
            guard let event = place.baseAddress else { return .needMore }
            do throws(Violation) {
                let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
                var span = unsafe buffer.mutableSpan
                while let found = try unsafe reader.next(in: &span, from: &index.pointee) {
                    unsafe fill(event, with: found, of: reader)
                    guard unsafe handler(context, event, wsf_event_payload(event, UnsafePointer(bytes))) else {
                        return .stopped
                    }
                }
                return .needMore
            } catch {
                unsafe set(violation, wsf_violation(error))
                return .violation
            }
        }
    }
}

/// Callback that cannot stop: frames are processed in batches.
@c(wsf_reader_read_all) @implementation
public func wsf_reader_read_all(
    _ reader: UnsafeMutablePointer<wsf_reader>, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int,
    _ visitor: wsf_visitor, _ context: UnsafeMutableRawPointer?, _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    unsafe update(FrameReader.self, in: reader) { reader in
        // Safe, all: as in wsf_reader_read.
        unsafe withUnsafeTemporaryAllocation(of: wsf_event.self, capacity: 1) { place in
            guard let event = place.baseAddress else { return .needMore }
            do throws(Violation) {
                let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
                var span = unsafe buffer.mutableSpan
                try reader.read(&span) { slice, _ in
                    unsafe fill(event, with: slice)
                    unsafe visitor(context, event, wsf_event_payload(event, UnsafePointer(bytes)))
                } control: { frame in
                    unsafe fill(event, with: frame)
                    unsafe visitor(context, event, wsf_event_payload(event, nil))
                }
                return .needMore
            } catch {
                unsafe set(violation, wsf_violation(error))
                return .violation
            }
        }
    }
}

/// Returns the state of a reader's stream.
@c(wsf_reader_status) @implementation
public func wsf_reader_status(_ reader: UnsafePointer<wsf_reader>, _ status: UnsafeMutablePointer<wsf_status>) {
    let reader = unsafe load(FrameReader.self, from: reader)
    unsafe set(
        status,
        wsf_status(
            position: reader.position, frames: reader.frameCount, messages: reader.messageCount,
            state: reader.state.rawValue, closed: reader.isClosed))
}

// MARK: - Events

/// Returns the address of an event's payload.
@c(wsf_event_payload) @implementation
public func wsf_event_payload(_ event: UnsafePointer<wsf_event>, _ bytes: UnsafePointer<UInt8>?) -> UnsafePointer<
    UInt8
>? {
    // Safe: the header requires an event that a call has set, and the bytes of that call.
    guard unsafe Opcode(rawValue: event.pointee.opcode).isControl else {
        return unsafe bytes.map { unsafe $0 + event.pointee.payload_start }
    }
    // Only its address is taken: nothing is written.
    let event = unsafe UnsafeMutablePointer(mutating: event)
    return unsafe withUnsafeMutableBytes(of: &event.pointee.control_payload) { place in
        unsafe UnsafePointer(place.bindMemory(to: UInt8.self).baseAddress)
    }
}

/// Writes an event to the caller's memory.
@inline(__always)
func fill(
    _ event: UnsafeMutablePointer<wsf_event>, with found: FrameEvent, of reader: borrowing FrameReader
) {
    switch found {
    case .data(let slice): unsafe fill(event, with: slice)
    case .control: unsafe fill(event, with: reader.controlFrame)
    }
}

// Safe, both: the header requires room for one event, and `control_payload` has room for the longest control frame.

@inline(__always)
func fill(_ event: UnsafeMutablePointer<wsf_event>, with slice: DataSlice) {
    unsafe event.pointee.payload_start = slice.range.lowerBound
    unsafe event.pointee.payload_count = slice.range.upperBound &- slice.range.lowerBound
    unsafe event.pointee.payload_offset = slice.payloadOffset
    unsafe event.pointee.frame_length = slice.header.payloadLength
    unsafe event.pointee.opcode = slice.header.opcode.rawValue
    unsafe event.pointee.message_opcode = slice.messageOpcode.rawValue
    unsafe event.pointee.reserved_bits = slice.header.reservedBits.rawValue
    unsafe event.pointee.begins_frame = slice.beginsFrame
    unsafe event.pointee.ends_frame = slice.endsFrame
    unsafe event.pointee.begins_message = slice.beginsMessage
    unsafe event.pointee.ends_message = slice.endsMessage
    unsafe event.pointee.is_inflated = false
    unsafe event.pointee.close_code = 0
}

func fill(_ event: UnsafeMutablePointer<wsf_event>, with frame: ControlFrame) {
    let count = frame.payload.endIndex
    unsafe withUnsafeMutableBytes(of: &event.pointee.control_payload) { place in
        frame.payload.withSpan { payload in unsafe payload.withUnsafeBytes { unsafe place.copyMemory(from: $0) } }
    }
    unsafe event.pointee.payload_start = 0
    unsafe event.pointee.payload_count = count
    unsafe event.pointee.payload_offset = 0
    unsafe event.pointee.frame_length = UInt64(truncatingIfNeeded: count)
    unsafe event.pointee.opcode = frame.opcode.rawValue
    unsafe event.pointee.message_opcode = frame.opcode.rawValue
    unsafe event.pointee.reserved_bits = 0
    unsafe event.pointee.begins_frame = true
    unsafe event.pointee.ends_frame = true
    unsafe event.pointee.begins_message = false
    unsafe event.pointee.ends_message = false
    unsafe event.pointee.is_inflated = false
    unsafe event.pointee.close_code = frame.closeCode?.rawValue ?? 0
}
