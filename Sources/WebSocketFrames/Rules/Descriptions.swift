// One line for a log for each value that a caller may want to print. None of them contains any payload.

extension Violation: CustomStringConvertible {
    /// For example `unmasked-client-frame at byte 1 of frame 0: close with 1002`. Bytes are counted from the start of
    /// the frame, frames from 0.
    public var description: String {
        let byte = offset &- frameOffset
        return "\(rule.name) at byte \(byte) of frame \(frame): close with \(closeCode.rawValue)"
    }
}

extension CloseCode: CustomStringConvertible {
    /// For example `1002 (protocol error)`.
    public var description: String { "\(rawValue) (\(name))" }
}

extension EncodedFrameHeader: CustomStringConvertible {
    /// For example `text, FIN, masked, 5 bytes`; for an incomplete header, the bytes that have arrived: `header 81`.
    public var description: String {
        guard isComplete else { return count == 0 ? "no header" : "header \(hex)" }
        var text = opcode.name
        if !opcode.isControl { text += isFinal ? ", FIN" : ", no FIN" }
        for (bit, name) in [(ReservedBits.rsv1, "RSV1"), (.rsv2, "RSV2"), (.rsv3, "RSV3")]
        where reservedBits.contains(bit) {
            text += ", " + name
        }
        return text + (isMasked ? ", masked" : "") + ", \(payloadLength) byte" + (payloadLength == 1 ? "" : "s")
    }
}
