// Which rule a field of the header breaks, if any. Rules are tried in the order of the lines: the first broken one is
// the violation.

/// The state of the stream before a frame, as far as it decides whether the frame's header is legal.
struct SequencePosition {
    /// Whether a message has begun and not ended.
    var messageIsOpen: Bool
    /// Whether the sender has already sent a Close.
    var isClosed: Bool
}

enum HeaderRules {
    /// Returns the rule that byte 0 breaks: FIN, RSV bits and opcode (RFC 6455 §5.2, §5.4, §5.5; RFC 7692 §6).
    @inline(__always)
    static func rule(brokenByByte0 byte: UInt8, extensions: AgreedExtensions, sequence: SequencePosition) -> Rule? {
        let opcode = Opcode(rawValue: byte)
        let reserved = ReservedBits(rawValue: byte)
        if !reserved.isEmpty {
            if !reserved.isSubset(of: extensions.claimedBits) { return .reservedBits }
            if reserved.contains(.rsv1), extensions.includesPermessageDeflate,
                opcode == .continuation || (opcode.isControl && !opcode.isReserved)
            {
                return .misplacedRSV1
            }
        }
        if opcode.isReserved { return .reservedOpcode }
        if opcode.isControl { return byte & 0x80 == 0 ? .fragmentedControl : nil }
        if sequence.isClosed { return .dataAfterClose }
        if opcode == .continuation { return sequence.messageIsOpen ? nil : .unexpectedContinuation }
        return sequence.messageIsOpen ? .interleavedMessage : nil
    }

    /// Returns the rule that byte 1 breaks: MASK and the 7-bit length (§5.1, §5.5, §5.5.1).
    @inline(__always)
    static func rule(brokenByByte1 byte: UInt8, opcode: Opcode, sender: Endpoint) -> Rule? {
        let isMasked = byte & 0x80 != 0
        if isMasked != (sender == .client) { return isMasked ? .maskedServerFrame : .unmaskedClientFrame }
        guard opcode.isControl else { return nil }
        let length = byte & 0x7F
        if length > 125 { return .oversizedControl }
        return opcode == .close && length == 1 ? .truncatedCloseCode : nil
    }

    /// Returns the rule that the form of an extended length breaks: `lengthEnd` is 4 for the 16-bit form, 10 for the
    /// 64-bit form (§5.2).
    @inline(__always)
    static func rule(brokenByExtendedLength length: UInt64, lengthEnd: Int) -> Rule? {
        if lengthEnd == 4 { return length < 126 ? .nonMinimalLength : nil }
        if length >> 63 != 0 { return .lengthOverflow }
        return length < 65_536 ? .nonMinimalLength : nil
    }

    /// Returns the rule that the size of a data frame breaks; `before` is the total that the message's earlier frames
    /// declared, in bytes.
    @inline(__always)
    static func rule(brokenByLength length: UInt64, before: UInt64, limits: Limits) -> Rule? {
        if length > limits.frame { return .frameTooBig }
        let (total, overflow) = before.addingReportingOverflow(length)
        return (overflow ? .max : total) > limits.message ? .messageTooBig : nil
    }
}

enum CloseRules {
    /// Returns the rule that a close code breaks (§7.4 and the IANA registry).
    static func rule(brokenByCloseCode code: CloseCode) -> Rule? {
        code.isAllowedOnWire ? nil : .invalidCloseCode
    }
}
