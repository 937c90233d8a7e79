// One line for a log of each value that a caller may want to print. Nothing of a payload is in it.

extension Violation: CustomStringConvertible {
    /// As `unmasked-client-frame at byte 1 of frame 0: close with 1002`: bytes are counted from the frame's first, frames
    /// from 0.
    public var description: String {
        let byte = offset &- frameOffset
        return "\(rule.name) at byte \(byte) of frame \(frame): close with \(closeCode.rawValue)"
    }
}

extension StreamVerdict: CustomStringConvertible {
    /// As `complete: 3 frames, 2 messages`; where a rule is broken, the violation.
    public var description: String {
        if let violation { return violation.description }
        let frames = "\(frameCount) frame" + (frameCount == 1 ? "" : "s")
        let messages = "\(messageCount) message" + (messageCount == 1 ? "" : "s")
        return "\(state.name): \(frames), \(messages)"
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

extension DataSlice: CustomStringConvertible {
    /// As `5 bytes from byte 0 of: final text, masked, 5 bytes`.
    public var description: String {
        "\(range.count) byte" + (range.count == 1 ? "" : "s") + " from byte \(payloadOffset) of: \(header)"
    }
}

extension FrameEvent: CustomStringConvertible {
    /// The slice, or `control frame`, which the reader holds.
    public var description: String {
        switch self {
        case .data(let slice): slice.description
        case .control: "control frame"
        }
    }
}

extension ControlFrame: CustomStringConvertible {
    /// As `ping, 4 bytes`, `close 1000 (normal closure), 0 bytes of reason`, `close without a code`.
    public var description: String {
        guard opcode == .close else { return "\(opcode.name), \(payload.count) bytes" }
        guard let closeCode else { return "close without a code" }
        return "close \(closeCode), \(payload.count - 2) bytes of reason"
    }
}
