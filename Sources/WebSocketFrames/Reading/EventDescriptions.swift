// One line for a log for each value that a caller may want to print. None of them contains any payload.

extension DataSlice: CustomStringConvertible {
    /// For example `5 bytes from byte 0 of: final text, masked, 5 bytes`.
    public var description: String {
        "\(range.count) byte" + (range.count == 1 ? "" : "s") + " from byte \(payloadOffset) of: \(header)"
    }
}

extension FrameEvent: CustomStringConvertible {
    /// The slice, or `control frame`: its payload is in the reader.
    public var description: String {
        switch self {
        case .data(let slice): slice.description
        case .control: "control frame"
        }
    }
}

extension ControlFrame: CustomStringConvertible {
    /// For example `ping, 4 bytes`, `close 1000 (normal closure), 0 bytes of reason`, `close without a code`.
    public var description: String {
        guard opcode == .close else { return "\(opcode.name), \(payload.count) bytes" }
        guard let closeCode else { return "close without a code" }
        return "close \(closeCode), \(payload.count - 2) bytes of reason"
    }
}
