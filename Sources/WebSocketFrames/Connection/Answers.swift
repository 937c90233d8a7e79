/// One endpoint's side of a connection: what it has sent, and how it must answer what arrives.
@usableFromInline
struct Answers: Sendable {
    @usableFromInline var writer: FrameWriter
    /// Whether the connection is over: nothing more is judged or sent.
    @usableFromInline var isOver = false

    @usableFromInline let limits: CountLimits
    /// The number of frames of the open message. `fragments <= limits.fragments`, unless the connection is over.
    @usableFromInline var fragments: UInt32 = 0
    /// The number of control frames since the last byte of data, with the same invariant.
    @usableFromInline var controlFrames: UInt32 = 0

    init(_ writer: FrameWriter, limits: CountLimits) {
        self.writer = writer
        self.limits = limits
    }

    /// Counts a slice; returns true if it begins a fragment beyond the limit.
    @inlinable @inline(__always)
    mutating func hasTooManyFragments(with slice: DataSlice) -> Bool {
        if slice.beginsFrame {
            fragments = slice.header.opcode == .continuation ? fragments &+ 1 : 1
            if fragments > limits.fragments { return true }
        }
        if !slice.range.isEmpty { controlFrames = 0 }
        return false
    }

    /// Counts a control frame; returns true if it is beyond the limit. A Close never is.
    @inlinable @inline(__always)
    mutating func hasTooManyControlFrames(with opcode: Opcode) -> Bool {
        if opcode == .close { return false }
        controlFrames &+= 1
        return controlFrames > limits.controlFrames
    }

    /// Returns the event for a control frame: the frame itself, unless it is beyond the limit.
    @usableFromInline
    mutating func event(of frame: ControlFrame) -> Connection.Event {
        if hasTooManyControlFrames(with: frame.opcode) { return .exceeded(.controlFrames) }
        switch frame.opcode {
        case .ping: return .ping(frame)
        case .pong: return .pong(frame)
        default: return .close(frame)
        }
    }

    /// Returns what must be sent in answer to an event.
    @usableFromInline
    mutating func reply(to event: Connection.Event) -> ControlFrame? {
        switch event {
        case .data, .pong: return nil
        // Pings are answered even after this endpoint has sent its Close: only the peer's Close ends that duty
        // (§5.5.2), and no ping is read after that.
        case .ping(let frame): return .pong(answering: frame)
        // The answer repeats the code (§5.5.1).
        case .close(let frame): return lastWord(frame.closeCode.flatMap { .closing($0) } ?? .close)
        case .violation(let violation):
            return lastWord(.closing(violation.closeCode, violation.rule.entry.name) ?? .close)
        case .exceeded(let kind): return lastWord(.closing(.policyViolation, kind.name) ?? .close)
        }
    }

    /// Ends the connection; returns the Close that says so, unless one has been sent or the peer is gone.
    mutating func lastWord(_ close: ControlFrame) -> ControlFrame? {
        defer { isOver = true }
        return isOver || writer.isClosed ? nil : close
    }
}
