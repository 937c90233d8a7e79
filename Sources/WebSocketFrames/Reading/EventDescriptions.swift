// One line for a log for each value that a caller may want to print. None of them contains any payload.

extension DataSlice: CustomStringConvertible {
    /// For example `5 bytes at payload offset 0: text, FIN, masked, 5 bytes`.
    public var description: String {
        "\(Self.bytes(range.count)) at payload offset \(payloadOffset): \(header)"
    }

    fileprivate static func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
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
        guard opcode == .close else { return "\(opcode.name), \(DataSlice.bytes(payload.count))" }
        guard let closeCode else { return "close without a code" }
        return "close \(closeCode), \(DataSlice.bytes(payload.count - 2)) of reason"
    }
}
