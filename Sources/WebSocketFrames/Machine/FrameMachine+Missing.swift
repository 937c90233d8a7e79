// Bytes of the stream that were sent but not seen, for example because a capture lacks them.

extension FrameMachine {
    /// Continues after `count` missing bytes, if they belong to the payload of the current frame: its header says
    /// where it ends. The rest of the frame is not judged, and if it belongs to a text message, neither is the rest
    /// of that.
    ///
    /// - Returns: false, with nothing changed, if the bytes may extend beyond the frame, or the machine is between
    ///   two frames or inside a header.
    mutating func skipMissing(_ count: UInt64) -> Bool {
        guard phase != .failed, !isInHeader, count <= remaining else { return false }
        position &+= count
        remaining &-= count
        if !header.opcode.isControl {
            if message == .text { message = .opaque }
            progress = .boundary
        } else if header.opcode == .close {
            // A Close was sent, whatever its code. It is recorded here, since its payload now counts as arbitrary
            // bytes, and the kernels do not know of Closes.
            marks.insert(.closed)
        }
        phase = .payload
        if remaining == 0 { finishFrame() }
        return true
    }

    /// Continues at the first byte of a frame, after bytes that were missing or not judged. No message is open there.
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
