// Converts Swift's values to the header's structs and back. Numbers are the raw values of the Swift enums.

public import CWebSocketFramesHeader
import WebSocketFrames

/// Sets the options that accept everything: no extension, no limits.
@c(wsf_options_init) @implementation
public func wsf_options_init(
    _ options: UnsafeMutablePointer<wsf_options>, _ struct_size: Int, _ peer: wsf_endpoint
) -> Bool {
    guard struct_size == MemoryLayout<wsf_options>.size else { return false }
    // Safe: the header requires room for one struct, and its size is right.
    unsafe options.pointee = wsf_options(
        struct_size: struct_size, max_frame: .max, max_message: .max, max_fragments: .max, max_control_frames: .max,
        peer: peer, permessage_deflate: false, claimed_bits: 0, inflates: false, window_bits: 15, takes_over: true)
    return true
}

/// Returns the library's version.
@c(wsf_version) @implementation
public func wsf_version() -> UInt32 { UInt32(WSF_VERSION) }

/// Returns 1002, 1007 or 1009 for a violation; 1011 if there is none.
@c(wsf_close_code) @implementation
public func wsf_close_code(_ violation: UnsafePointer<wsf_violation>?) -> UInt16 {
    // Safe: the header requires NULL or one struct.
    guard let violation = unsafe violation, let rule = Rule(rawValue: unsafe violation.pointee.rule) else {
        return CloseCode.internalError.rawValue
    }
    return rule.closeCode.rawValue
}

extension wsf_options {
    /// Returns whether the caller's structs have the same size as the library's.
    func fits<Words>(_ words: Words.Type, _ size: Int) -> Bool {
        struct_size == MemoryLayout<wsf_options>.size && size == MemoryLayout<Words>.size
    }

    /// Returns whether a reader can be made with these options: their sizes match, and they say how to inflate if
    /// that is asked for.
    func fitsReader<Words>(_ words: Words.Type, _ size: Int) -> Bool {
        fits(words, size) && (!inflates || saysHowToInflate)
    }

    /// Whether messages are to be inflated, with valid parameters.
    var saysHowToInflate: Bool { inflates && permessage_deflate && window_bits >= 8 && window_bits <= 15 }

    var counts: CountLimits { CountLimits(fragments: max_fragments, controlFrames: max_control_frames) }

    var extensions: AgreedExtensions {
        (permessage_deflate ? AgreedExtensions.permessageDeflate : .none)
            .claiming(ReservedBits(rawValue: claimed_bits))
    }

    var limits: Limits { Limits(frame: max_frame, message: max_message) }
}

extension wsf_violation {
    init(_ violation: Violation) {
        let bytes = violation.header
        self.init(
            offset: violation.offset, frame: violation.frame, frame_offset: violation.frameOffset,
            close_code: violation.closeCode.rawValue, value: violation.value, rule: violation.rule.rawValue,
            length: UInt8(truncatingIfNeeded: violation.length), header_length: UInt8(truncatingIfNeeded: bytes.count),
            header: (
                bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9],
                bytes[10], bytes[11], bytes[12], bytes[13]
            ))
    }
}

extension wsf_result {
    static var needMore: wsf_result { wsf_result(WSF_NEED_MORE) }
    static var event: wsf_result { wsf_result(WSF_EVENT) }
    static var stopped: wsf_result { wsf_result(WSF_STOPPED) }
    static var exceeded: wsf_result { wsf_result(WSF_EXCEEDED) }
    static var violation: wsf_result { wsf_result(WSF_VIOLATION) }
}
