// Values derived from the state. Nothing here changes it.

extension FrameMachine {
    /// Whether the next byte belongs to a header.
    @inline(__always)
    var isInHeader: Bool { phase == .idle || phase == .header }

    /// The number of payload bytes of the current frame that have been judged; 0 while its header is incomplete.
    @inline(__always)
    var payloadPosition: UInt64 {
        switch phase {
        case .idle, .header: 0
        case .payload, .text, .closeCode, .closeReason: header.payloadLength &- remaining
        case .failed: brokenField.isPayload ? header.payloadLength &- remaining : 0
        }
    }

    /// The offset of the current frame, or of the next one: `frameOffset <= position`
    var frameOffset: UInt64 {
        position &- UInt64(truncatingIfNeeded: header.count) &- payloadPosition
    }

    /// Whether the stream may end at this point.
    var state: StreamState {
        if phase == .failed { return .violation }
        if header.count > 0 { return .incompleteFrame }
        return message == .none ? .complete : .incompleteMessage
    }
}
