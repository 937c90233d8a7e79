// One line for a log of each value that a caller may want to print. Nothing of a payload is in it.

extension Violation: CustomStringConvertible {
    /// As `unmasked-client-frame at byte 1 of frame 0: close with 1002`: bytes are counted from the frame's first, frames
    /// from 0.
    public var description: String {
        let byte = offset &- frameOffset
        return "\(rule.name) at byte \(byte) of frame \(frame): close with \(closeCode.rawValue)"
    }
}

extension CloseCode: CustomStringConvertible {
    /// As `1002 (protocol error)`.
    public var description: String { "\(rawValue) (\(name))" }
}

extension EncodedFrameHeader: CustomStringConvertible {
    /// As `final text, masked, 5 bytes`; for one that is not whole, the bytes that have come: `header 81`.
    public var description: String {
        guard isComplete else { return count == 0 ? "no header" : "header \(hex)" }
        var text = opcode.isControl ? "" : isFinal ? "final " : "unfinished "
        text += opcode.name
        for (bit, name) in [(ReservedBits.rsv1, "RSV1"), (.rsv2, "RSV2"), (.rsv3, "RSV3")]
        where reservedBits.contains(bit) {
            text += ", " + name
        }
        return text + (isMasked ? ", masked" : "") + ", \(payloadLength) byte" + (payloadLength == 1 ? "" : "s")
    }
}
