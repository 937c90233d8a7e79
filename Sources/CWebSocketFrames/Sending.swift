// Frames to be sent, for C. Each frame is judged by the validator before it counts as written: none is sent that a
// receiver would refuse, and no rule is repeated here.

public import CWebSocketFramesHeader
import WebSocketFrames

/// Writes a frame's header, its length in the shortest form.
@c(wsf_header_encode) @implementation
public func wsf_header_encode(
    _ header: UnsafeMutablePointer<UInt8>, _ opcode: wsf_opcode, _ is_final: Bool, _ reserved_bits: UInt8,
    _ payload_length: UInt64, _ masking_key: UnsafePointer<UInt8>?
) -> Int {
    let opcode = Opcode(wire: opcode)
    // A continuation is judged as the beginning of a message, since it is not known here whether one is open.
    let judged = EncodedFrameHeader(
        opcode: opcode == .continuation ? .binary : opcode, isFinal: is_final,
        reservedBits: ReservedBits(rawValue: reserved_bits), payloadLength: payload_length,
        maskingKey: unsafe MaskingKey(at: masking_key))
    unsafe write(judged, to: header)
    guard unsafe isAcceptable(header, judged.count) else { return 0 }
    // Safe: the header requires room for 14 bytes.
    unsafe header[0] = judged[0] & 0xF0 | opcode.rawValue
    return judged.count
}

/// Writes a whole ping, pong or Close.
@c(wsf_control_encode) @implementation
public func wsf_control_encode(
    _ frame: UnsafeMutablePointer<UInt8>, _ opcode: wsf_opcode, _ payload: UnsafePointer<UInt8>?, _ count: Int,
    _ masking_key: UnsafePointer<UInt8>?
) -> Int {
    // Safe: the header requires `count` bytes, or none if NULL.
    let payload = unsafe UnsafeRawBufferPointer(start: payload, count: count)
    return unsafe writeControl(Opcode(wire: opcode), code: nil, payload, key: MaskingKey(at: masking_key), to: frame)
}

/// Writes a Close with a code and a reason.
@c(wsf_close_encode) @implementation
public func wsf_close_encode(
    _ frame: UnsafeMutablePointer<UInt8>, _ code: UInt16, _ reason: UnsafePointer<CChar>?, _ reason_count: Int,
    _ masking_key: UnsafePointer<UInt8>?
) -> Int {
    // Safe: the header requires `reason_count` bytes, or none if NULL.
    let reason = unsafe UnsafeRawBufferPointer(start: reason, count: reason_count)
    return unsafe writeControl(.close, code: code, reason, key: MaskingKey(at: masking_key), to: frame)
}

/// Masks or unmasks bytes in place.
@c(wsf_mask) @implementation
public func wsf_mask(
    _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int, _ masking_key: UnsafePointer<UInt8>, _ offset: UInt64
) {
    // Safe: the header requires `count` bytes, or none if NULL; the span ends with this call.
    let buffer = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
    var span = unsafe buffer.mutableSpan
    unsafe MaskingKey(at: masking_key)?.apply(to: &span, 0..<count, from: offset)
}

// MARK: - Writing

/// Writes a control frame with a code, if there is one, and `rest`; returns 0 if a receiver would refuse it.
func writeControl(
    _ opcode: Opcode, code: UInt16?, _ rest: UnsafeRawBufferPointer, key: MaskingKey?,
    to frame: UnsafeMutablePointer<UInt8>
) -> Int {
    let codeCount = code == nil ? 0 : 2
    let count = codeCount + rest.count
    guard opcode.isControl, count <= ControlPayload.maximumCount else { return 0 }
    let header = EncodedFrameHeader(opcode: opcode, payloadLength: UInt64(truncatingIfNeeded: count), maskingKey: key)
    unsafe write(header, to: frame)

    // Safe: the header requires room for the longest control frame, and no more than that is written.
    let payload = unsafe frame + header.count
    if let code {
        unsafe payload[0] = UInt8(truncatingIfNeeded: code >> 8)
        unsafe payload[1] = UInt8(truncatingIfNeeded: code)
    }
    for index in 0..<rest.count { unsafe payload[codeCount + index] = rest[index] }
    if let key {
        var span = unsafe UnsafeMutableBufferPointer(start: payload, count: count).mutableSpan
        key.apply(to: &span, 0..<count)
    }
    return unsafe isAcceptable(frame, header.count + count) ? header.count + count : 0
}

func write(_ header: EncodedFrameHeader, to place: UnsafeMutablePointer<UInt8>) {
    // Safe: each caller has room for 14 bytes, and no header is longer.
    for index in 0..<header.count { unsafe place[index] = header[index] }
}

/// Returns whether a receiver accepts these bytes as the first of a stream, with every reserved bit in use.
private func isAcceptable(_ frame: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
    let extensions = AgreedExtensions.none.claiming(ReservedBits(rawValue: 0xFF))
    var validator = FrameValidator(sender: nil, extensions: extensions)
    do throws(Violation) {
        // Safe: these bytes have just been written.
        let bytes = unsafe UnsafeBufferPointer(start: frame, count: count)
        unsafe try validator.consume(bytes.span)
        return true
    } catch {
        return false
    }
}

extension Opcode {
    /// Creates the opcode that C means. A number of more than four bits becomes a reserved opcode.
    init(wire number: wsf_opcode) {
        self.init(rawValue: number <= 0x0F ? number : 0x0F)
    }
}

extension MaskingKey {
    /// Creates a key from the four bytes at `place`; nil if that is NULL.
    init?(at place: UnsafePointer<UInt8>?) {
        // Safe: the header requires four bytes, or NULL.
        guard let place = unsafe place else { return nil }
        unsafe self.init(place[0], place[1], place[2], place[3])
    }
}
