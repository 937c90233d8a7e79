internal import PerMessageDeflate

/// What is wrong with what a slice of a compressed message inflates to.
package struct InflatedFault: Error, Sendable {
    let rule: Rule
    let slice: DataSlice
    /// The byte of the slice with which it is known; the number of its bytes where the message must not end with them.
    let index: Int
    /// 1; 0 where the message must not end.
    let length: Int
    /// The byte that no well-formed UTF-8 could have where it stood, for ``Rule/textNotUTF8``.
    let refusedByte: UInt8

    /// How many bytes of the slice it takes to know.
    package var knownCount: Int { index &+ length }
}

extension FrameReader {
    /// What the slice that was handed over last inflates to breaks a rule.
    package mutating func fail(_ fault: InflatedFault) -> Violation {
        let slice = fault.slice
        return machine.fail(
            inside: fault.rule, value: fault.refusedByte, of: slice.header, frameHasEnded: slice.endsFrame,
            messageHasEnded: slice.endsMessage,
            payloadIndex: slice.payloadOffset &+ UInt64(truncatingIfNeeded: fault.knownCount),
            unused: slice.range.count &- fault.knownCount, isAtEnd: fault.length == 0)
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
