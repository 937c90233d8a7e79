// After a broken rule the machine stops, until `recover()` lets it continue.

extension FrameMachine {
    /// Records the broken rule. `position` must be just past the offending field.
    mutating func fail(_ broken: Broken) -> Violation {
        brokenRule = broken.rule
        if !brokenRule.field.isPayload { offendingValue = 0 }
        phase = .failed
        return makeViolation()
    }

    /// Records a rule that is broken by what a frame's payload inflates to. `position` may already be past the
    /// offending byte.
    ///
    /// - Parameters:
    ///   - header: the frame's header, and whether the frame and its message have since ended.
    ///   - payloadIndex: just past the offending byte, counted in bytes from the start of the payload.
    ///   - unused: how many bytes after the offending one have already been judged.
    ///   - isAtEnd: whether no single byte is at fault, because the message must not end where it does.
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

    /// The field in which the rule was broken.
    var brokenField: Rule.Field { marks.contains(.brokenInside) ? .compressedPayload : brokenRule.field }

    /// The violation that stopped the machine; nil while no rule is broken.
    var violation: Violation? { phase == .failed ? makeViolation() : nil }

    /// Returns the current violation again, for an API that is called once more. (`mutating` only to avoid a copy of
    /// the state.)
    @inline(never)
    mutating func failAgain() -> Violation { makeViolation() }

    // A violation is derived from the state, so none is stored.
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

    /// Continues after a violation: the rest of the frame is skipped, unjudged.
    ///
    /// - Returns: false, with nothing changed, if the end of the frame cannot be known, as after `length-overflow`.
    mutating func recover() -> Bool {
        guard phase == .failed, brokenRule != .lengthOverflow else { return false }
        marks.insert(.skipping)
        offendingValue = 0
        if brokenRule.field.isPayload {
            progress = .boundary
        } else if HeaderRules.rule(
            brokenByByte0: 0x80 | header.opcode.rawValue, extensions: .none, sequence: sequence) != nil
        {
            // Even without the other fault, a frame with that opcode would have been illegal here.
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
