internal import PerMessageDeflate

/// What is wrong with what a slice of a compressed message inflates to.
package struct InflatedFault: Error, Sendable {
    var rule: Rule
    let slice: DataSlice
    /// The byte of the slice with which it is known; the number of its bytes where the message must not end with them.
    let index: Int
    /// 1; 0 where the message must not end.
    let length: Int
    /// The byte that no well-formed UTF-8 could have where it stood, for ``Rule/textNotUTF8``.
    let refusedByte: UInt8
    /// The byte of the inflated message that is at fault, for text; for every other rule, how many there were before.
    let messageOffset: UInt64
    /// Why the message does not inflate, for ``Rule/invalidDeflate``.
    var reason: InflateFault.Reason?

    /// How many bytes of the slice it takes to know.
    package var knownCount: Int { index &+ length }
}

extension FrameReader {
    /// What the slice that was handed over last inflates to breaks a rule.
    package mutating func fail(_ fault: InflatedFault) -> Violation {
        let slice = fault.slice
        let violation = machine.fail(
            inside: fault.rule, value: fault.refusedByte, of: slice.header, frameHasEnded: slice.endsFrame,
            messageHasEnded: slice.endsMessage,
            payloadIndex: slice.payloadOffset &+ UInt64(truncatingIfNeeded: fault.knownCount),
            unused: slice.range.count &- fault.knownCount, isAtEnd: fault.length == 0)
        return Violation(
            rule: violation.rule, offset: violation.offset, length: violation.length, frame: violation.frame,
            frameOffset: violation.frameOffset, header: violation.header, value: violation.value,
            messageOffset: fault.rule == .textNotUTF8 ? fault.messageOffset : nil,
            deflateFault: fault.rule == .invalidDeflate ? fault.reason : nil)
    }
}

extension InflateFault.Reason {
    /// The rule that the peer broke.
    var rule: Rule {
        switch self {
        case .refused: .textNotUTF8
        case .tooBig: .messageTooBig
        default: .invalidDeflate
        }
    }
}
