internal import WebSocketFrames

/// The fault of an offending frame, which later frames may share: a sender repeats its mistake.
struct ForgivenFault {
    let rule: Rule
    /// The offending frame's first byte.
    let byte0: UInt8

    private static let reserved: UInt8 = 0x70

    /// Returns whether a frame may begin with a byte if the fault is forgiven: the same RSV bits, the same opcode.
    func begins(with first: UInt8) -> Bool {
        switch rule {
        case .reservedBits, .misplacedRSV1:
            first & Self.reserved == byte0 & Self.reserved && LocatedFrame.canBegin[Int(first & ~Self.reserved)]
        case .reservedOpcode: first & 0x7F == byte0 & 0x7F
        case .fragmentedControl: first == byte0
        default: false
        }
    }

    /// Returns whether a violation is the same fault again.
    func covers(_ violation: Violation, from first: UInt8) -> Bool {
        violation.rule == rule && (rule.field != .byte0 || begins(with: first) || LocatedFrame.canBegin[Int(first)])
    }
}
