// A rule is broken: the machine stands still, until it is told to go on.

extension FrameMachine {
    /// Notes the broken rule. `position` must stand just past the offending field.
    mutating func fail(_ broken: Broken) -> Violation {
        brokenRule = broken.rule
        if !brokenRule.field.isPayload { offendingValue = 0 }
        phase = .failed
        return makeViolation()
    }

    /// What a frame's payload inflates to breaks a rule: the stream ends in it, and not where its judged bytes do.
    ///
    /// - Parameters:
    ///   - header: the frame's header, and whether the frame and its message have ended since.
    ///   - payloadIndex: just past the offending byte, counted from the start of the payload.
    ///   - unused: how many bytes after that one were judged.
    ///   - isAtEnd: no byte offends, but that the message ends there.
    mutating func fail(
        inside rule: Rule, value: UInt8, of header: EncodedFrameHeader, frameHasEnded: Bool, messageHasEnded: Bool,
        payloadIndex: UInt64, unused: Int, isAtEnd: Bool
    ) -> Violation {
        position &-= UInt64(truncatingIfNeeded: unused)
        frameCount &-= frameHasEnded ? 1 : 0
        messageCount &-= messageHasEnded ? 1 : 0
        self.header = header
        remaining = header.payloadLength &- payloadIndex
        brokenRule = rule
        offendingValue = UInt16(value)
        marks.insert(.brokenInside)
        if isAtEnd { marks.insert(.brokenAtEnd) }
        phase = .failed
        return makeViolation()
    }

    /// The field that the broken rule was broken in.
    var brokenField: Rule.Field { marks.contains(.brokenInside) ? .compressedPayload : brokenRule.field }

    /// The violation that the machine stands at; nil while no rule is broken.
    var violation: Violation? { phase == .failed ? makeViolation() : nil }

    /// The same again, for an API that is called once more. (`mutating` only so that the state is not copied for it.)
    @inline(never)
    mutating func failAgain() -> Violation { makeViolation() }

    // Nothing of a violation is stored that the state does not hold anyway.
    private func makeViolation() -> Violation {
        let field = brokenField
        let length =
            switch field {
            case .closeCode: 2
            case .closeReason, .text: progress == .boundary ? 1 : 0
            case .compressedPayload: marks.contains(.brokenAtEnd) ? 0 : 1
            default: header.count <= 2 ? 1 : header.count &- 2
            }
        return Violation(
            rule: brokenRule,
            offset: position &- UInt64(truncatingIfNeeded: length),
            length: length,
            frame: frameCount,
            frameOffset: frameOffset,
            header: header,
            value: offendingValue)
    }

    /// Goes on after a violation: the rest of the frame is skipped, unjudged.
    ///
    /// - Returns: false when the end of the frame cannot be known, as after `length-overflow`; then nothing changes.
    mutating func recover() -> Bool {
        guard phase == .failed, brokenRule != .lengthOverflow else { return false }
        marks.insert(.skipping)
        offendingValue = 0
        if brokenRule.field.isPayload {
            progress = .boundary
        } else if HeaderRules.rule(
            brokenByByte0: 0x80 | header.opcode.rawValue, extensions: .none, sequence: sequence) != nil
        {
            // Even with all else in order, a frame of that opcode would have had no place here.
            marks.insert(.outOfSequence)
        }
        phase = .header
        if brokenRule.field.isPayload {
            phase = .payload
            beginSkipping()
        } else if header.isComplete {
            beginPayload()
        }
        if phase == .payload, remaining == 0 { finishFrame() }
        return true
    }
}
