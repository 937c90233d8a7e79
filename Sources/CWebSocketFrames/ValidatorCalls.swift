// wsf_validator: FrameValidator for C.

public import CWebSocketFramesHeader
import WebSocketFrames

/// Prepares a validator for a new stream.
@c(wsf_validator_init) @implementation
public func wsf_validator_init(
    _ validator: UnsafeMutablePointer<wsf_validator>, _ struct_size: Int, _ options: UnsafePointer<wsf_options>
) -> Bool {
    // Safe: the header requires one struct.
    let options = unsafe options.pointee
    let sender = Endpoint(rawValue: options.peer)
    guard options.fits(wsf_validator.self, struct_size), !options.inflates else { return false }
    guard sender != nil || options.peer == wsf_endpoint(WSF_UNKNOWN) else { return false }
    unsafe store(
        FrameValidator(sender: sender, extensions: options.extensions, limits: options.limits), in: validator)
    return true
}

/// Judges the next bytes of a stream, read-only.
@c(wsf_validate) @implementation
public func wsf_validate(
    _ validator: UnsafeMutablePointer<wsf_validator>, _ bytes: UnsafePointer<UInt8>?, _ count: Int,
    _ violation: UnsafeMutablePointer<wsf_violation>?
) -> wsf_result {
    unsafe update(FrameValidator.self, in: validator) { validator in
        do throws(Violation) {
            // Safe: the header requires `count` bytes, or none if NULL; the span ends with this call.
            let bytes = unsafe UnsafeBufferPointer(start: bytes, count: count)
            unsafe try validator.consume(bytes.span)
            return .needMore
        } catch {
            unsafe set(violation, wsf_violation(error))
            return .violation
        }
    }
}

/// Continues after a violation.
@c(wsf_validator_skip_frame) @implementation
public func wsf_validator_skip_frame(_ validator: UnsafeMutablePointer<wsf_validator>) -> Bool {
    unsafe update(FrameValidator.self, in: validator) { $0.skipFrame() }
}

/// Returns the state of a validator's stream.
@c(wsf_validator_status) @implementation
public func wsf_validator_status(
    _ validator: UnsafePointer<wsf_validator>, _ status: UnsafeMutablePointer<wsf_status>
) {
    let validator = unsafe load(FrameValidator.self, from: validator)
    unsafe set(
        status,
        wsf_status(
            position: validator.position, frames: validator.frameCount, messages: validator.messageCount,
            state: validator.state.rawValue, closed: validator.isClosed))
}

/// Returns who sends a validator's stream.
@c(wsf_validator_sender) @implementation
public func wsf_validator_sender(_ validator: UnsafePointer<wsf_validator>) -> wsf_endpoint {
    unsafe load(FrameValidator.self, from: validator).sender?.rawValue ?? wsf_endpoint(WSF_UNKNOWN)
}

/// Returns the code of a stream's first Close.
@c(wsf_validator_close_code) @implementation
public func wsf_validator_close_code(_ validator: UnsafePointer<wsf_validator>) -> UInt16 {
    unsafe load(FrameValidator.self, from: validator).closeCode?.rawValue ?? 0
}
