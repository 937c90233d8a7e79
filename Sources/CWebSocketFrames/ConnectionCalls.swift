// wsf_connection: Connection for C.

public import CWebSocketFramesHeader
import WebSocketFrames

/// Prepares a connection whose handshake has just ended.
@c(wsf_connection_init) @implementation
public func wsf_connection_init(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ struct_size: Int, _ options: UnsafePointer<wsf_options>
) -> Bool {
    // Safe: the header requires one struct.
    let options = unsafe options.pointee
    guard options.fitsReader(wsf_connection.self, struct_size), let peer = Endpoint(rawValue: options.peer) else {
        return false
    }
    unsafe store(
        Connection(
            role: peer.peer, extensions: options.extensions, limits: options.limits, counts: options.counts,
            inflates: options.inflates),
        in: connection)
    return true
}

/// Consumes bytes up to the next event, and writes its answer.
@c(wsf_connection_next) @implementation
public func wsf_connection_next(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int,
    _ index: UnsafeMutablePointer<Int>, _ event: UnsafeMutablePointer<wsf_event>,
    _ masking_key: UnsafePointer<UInt8>?, _ reply: UnsafeMutablePointer<UInt8>,
    _ reply_count: UnsafeMutablePointer<Int>, _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    unsafe update(Connection.self, in: connection) { connection in
        // Safe: the header requires memory for the count and the index, and `count` bytes, or none if NULL; the span
        // ends with this call.
        unsafe reply_count.pointee = 0
        let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
        var span = unsafe buffer.mutableSpan
        guard let found = unsafe connection.nextEvent(in: &span, from: &index.pointee) else { return .needMore }
        return unsafe report(found, of: &connection, masking_key, event, reply, reply_count, violation)
    }
}

/// Writes the answer to what a connection has found; returns the result for C.
@inline(__always)
func report(
    _ found: Connection.Event, of connection: inout Connection, _ masking_key: UnsafePointer<UInt8>?,
    _ event: UnsafeMutablePointer<wsf_event>, _ reply: UnsafeMutablePointer<UInt8>,
    _ reply_count: UnsafeMutablePointer<Int>, _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    if let answer = connection.reply(to: found) {
        let header = unsafe connection.header(ofReply: answer, key: MaskingKey(at: masking_key))
        // Safe: the header requires room for the longest control frame, and for its length.
        unsafe reply_count.pointee = write(answer, after: header, to: reply)
    }
    switch found {
    case .data(let slice): unsafe fill(event, with: slice)
    case .ping(let frame), .pong(let frame), .close(let frame): unsafe fill(event, with: frame)
    case .violation(let broken):
        unsafe set(violation, wsf_violation(broken))
        return .violation
    case .exceeded: return .exceeded
    }
    return .event
}

/// Writes the header of a data frame.
@c(wsf_connection_header) @implementation
public func wsf_connection_header(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ part: wsf_part, _ kind: wsf_opcode, _ reserved_bits: UInt8,
    _ payload_length: UInt64, _ masking_key: UnsafePointer<UInt8>?, _ header: UnsafeMutablePointer<UInt8>,
    _ header_count: UnsafeMutablePointer<Int>
) -> wsf_send_error {
    guard let part = MessagePart(part, kind) else { return wsf_send_error(WSF_SEND_INVALID_ARGUMENT) }
    return unsafe update(Connection.self, in: connection) { connection in
        do throws(SendError) {
            let made = try unsafe connection.header(
                part, payloadLength: payload_length, reservedBits: ReservedBits(rawValue: reserved_bits),
                key: MaskingKey(at: masking_key))
            // Safe: the header requires room for 14 bytes, and for their count.
            unsafe write(made, to: header)
            unsafe header_count.pointee = made.count
            return wsf_send_error(WSF_SENT)
        } catch {
            return error.number
        }
    }
}

/// Writes a ping or a pong.
@c(wsf_connection_control) @implementation
public func wsf_connection_control(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ opcode: wsf_opcode, _ payload: UnsafePointer<UInt8>?,
    _ count: Int, _ masking_key: UnsafePointer<UInt8>?, _ frame: UnsafeMutablePointer<UInt8>,
    _ frame_count: UnsafeMutablePointer<Int>
) -> wsf_send_error {
    // Safe: the header requires `count` bytes, or none if NULL.
    let bytes = unsafe UnsafeRawBufferPointer(start: payload, count: count)
    let opcode = Opcode(wire: opcode)
    guard opcode == .ping || opcode == .pong else { return wsf_send_error(WSF_SEND_INVALID_ARGUMENT) }
    guard count <= ControlPayload.maximumCount else { return wsf_send_error(WSF_SEND_INVALID_CONTROL) }
    var payload = ControlPayload()
    for index in 0..<count { payload.append(unsafe bytes[index]) }
    let made = ControlFrame(opcode: opcode, payload: payload)
    return unsafe send(made, on: connection, key: MaskingKey(at: masking_key), to: frame, frame_count)
}

/// Begins the closing handshake.
@c(wsf_connection_close) @implementation
public func wsf_connection_close(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ code: UInt16, _ reason: UnsafePointer<CChar>?,
    _ reason_count: Int, _ masking_key: UnsafePointer<UInt8>?, _ frame: UnsafeMutablePointer<UInt8>,
    _ frame_count: UnsafeMutablePointer<Int>
) -> wsf_send_error {
    let key = unsafe MaskingKey(at: masking_key)
    let state = unsafe load(Connection.self, from: UnsafePointer(connection)).state
    guard state == .open else { return wsf_send_error(WSF_SEND_CLOSED) }
    // Safe: the header requires `reason_count` bytes, or none if NULL, and room for the longest control frame. The
    // frame is written first, which also checks the reason.
    let reason = unsafe UnsafeRawBufferPointer(start: reason, count: reason_count)
    let count = unsafe writeControl(.close, code: code == 0 ? nil : code, reason, key: key, to: frame)
    guard count > 0, code != 0 || reason_count == 0 else { return wsf_send_error(WSF_SEND_INVALID_CONTROL) }
    return unsafe update(Connection.self, in: connection) { connection in
        do throws(SendError) {
            _ = try connection.header(.close, key: key)
            unsafe frame_count.pointee = count
            return wsf_send_error(WSF_SENT)
        } catch {
            return error.number
        }
    }
}

/// Ends the connection with 1011.
@c(wsf_connection_fail) @implementation
public func wsf_connection_fail(
    _ connection: UnsafeMutablePointer<wsf_connection>, _ masking_key: UnsafePointer<UInt8>?,
    _ frame: UnsafeMutablePointer<UInt8>, _ frame_count: UnsafeMutablePointer<Int>
) {
    unsafe update(Connection.self, in: connection) { connection in
        // Safe: the header requires room for the longest control frame, and for its length.
        unsafe frame_count.pointee = 0
        guard let close = connection.failing() else { return }
        let header = unsafe connection.header(ofReply: close, key: MaskingKey(at: masking_key))
        unsafe frame_count.pointee = write(close, after: header, to: frame)
    }
}

/// Notes that the peer has closed its end of the socket.
@c(wsf_connection_end_of_input) @implementation
public func wsf_connection_end_of_input(_ connection: UnsafeMutablePointer<wsf_connection>) -> Bool {
    unsafe update(Connection.self, in: connection) { $0.endOfInput() }
}

/// Returns how close the connection is to its end.
@c(wsf_connection_get_state) @implementation
public func wsf_connection_get_state(_ connection: UnsafePointer<wsf_connection>) -> wsf_connection_state {
    unsafe load(Connection.self, from: connection).state.rawValue
}

// MARK: - Writing

private func send(
    _ control: ControlFrame, on connection: UnsafeMutablePointer<wsf_connection>, key: MaskingKey?,
    to frame: UnsafeMutablePointer<UInt8>, _ frame_count: UnsafeMutablePointer<Int>
) -> wsf_send_error {
    unsafe update(Connection.self, in: connection) { connection in
        do throws(SendError) {
            let header = try connection.header(control, key: key)
            // Safe: the header requires room for the longest control frame, and for its length.
            unsafe frame_count.pointee = write(control, after: header, to: frame)
            return wsf_send_error(WSF_SENT)
        } catch {
            return error.number
        }
    }
}

/// Writes a whole control frame; returns its length.
private func write(
    _ control: ControlFrame, after header: EncodedFrameHeader, to frame: UnsafeMutablePointer<UInt8>
) -> Int {
    unsafe write(header, to: frame)
    let count = control.payload.count
    // Safe: each caller has room for the longest control frame.
    control.payload.withSpan { payload in
        unsafe payload.withUnsafeBufferPointer { payload in
            if let from = payload.baseAddress { unsafe (frame + header.count).update(from: from, count: count) }
        }
    }
    if let key = header.maskingKey {
        var span = unsafe UnsafeMutableBufferPointer(start: frame + header.count, count: count).mutableSpan
        key.apply(to: &span, 0..<count)
    }
    return header.count + count
}

extension MessagePart {
    /// Creates the part that C means; nil for numbers that mean none.
    fileprivate init?(_ part: wsf_part, _ kind: wsf_opcode) {
        switch (Int(part), MessageKind(rawValue: kind)) {
        case (Int(WSF_WHOLE), let kind?): self = .whole(kind)
        case (Int(WSF_FIRST), let kind?): self = .first(kind)
        case (Int(WSF_MIDDLE), _): self = .middle
        case (Int(WSF_LAST), _): self = .last
        default: return nil
        }
    }
}

extension SendError {
    var number: wsf_send_error {
        let number =
            switch self {
            case .closed: WSF_SEND_CLOSED
            case .noOpenMessage: WSF_SEND_NO_OPEN_MESSAGE
            case .openMessage: WSF_SEND_OPEN_MESSAGE
            case .unclaimedReservedBits: WSF_SEND_UNCLAIMED_BITS
            case .tooLong: WSF_SEND_TOO_LONG
            case .forbiddenCloseCode: WSF_SEND_INVALID_CONTROL
            case .noRoom: WSF_SEND_INVALID_ARGUMENT
            }
        return wsf_send_error(truncatingIfNeeded: number)
    }
}
