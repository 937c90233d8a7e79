// Bytes of the stream were sent and not seen, as a capture may lack some.

extension FrameMachine {
    /// Goes on after `count` bytes that were not seen, if they belong to the payload of the current frame: its header says
    /// where it ends. What the frame carries is judged no further, and of a text message neither is the rest.
    ///
    /// - Returns: false if they may go beyond the frame, or the machine stands between two frames or inside a header: then
    ///   nothing changes.
    mutating func skipMissing(_ count: UInt64) -> Bool {
        guard phase != .failed, !isInHeader, count <= remaining else { return false }
        position &+= count
        remaining &-= count
        if !header.opcode.isControl {
            if message == .text { message = .opaque }
            progress = .boundary
        } else if header.opcode == .close {
            // It was sent, whatever its code: and the kernels, which take payload of any bytes, know of no Close.
            marks.insert(.closed)
            progress = .boundary
        }
        phase = .payload
        if remaining == 0 { finishFrame() }
        return true
    }

    /// Goes on with the first byte of a frame, after bytes that were not seen or not judged. No message is open there.
    mutating func resume(at position: UInt64) {
        guard phase != .failed else { return }
        self.position = position
        remaining = 0
        header = EncodedFrameHeader()
        message = .none
        messageLength = 0
        progress = .boundary
        marks.subtract(.ofOneFrame)
        marks.remove(.inInflated)
        phase = sender != nil && marks.isDisjoint(with: .ofNoFastPath) ? .idle : .header
    }
}
