internal import PerMessageDeflate

/// What is wrong with the data to which a slice of a compressed message inflates.
package struct InflatedFault: Error, Sendable {
    var rule: Rule
    let slice: DataSlice
    /// The index in the slice of the byte that reveals the fault; the slice's size if the message must not end with
    /// it.
    let index: Int
    /// 1; 0 if the message must not end with the slice.
    let length: Int
    /// The byte at which well-formed UTF-8 ended, for ``Rule/textNotUTF8``.
    let refusedByte: UInt8
    /// For text, the offset of the offending byte in the inflated message; for every other rule, the number of
    /// inflated bytes before the fault.
    let messageOffset: UInt64
    /// Why the message does not inflate, for ``Rule/invalidDeflate``.
    var reason: InflateFault.Reason?

    /// The number of bytes of the slice that are needed to find the fault.
    package var knownCount: Int { index &+ length }
}

extension FrameReader {
    /// Records that the slice that was handed over last inflates to something that breaks a rule; returns that
    /// violation.
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
