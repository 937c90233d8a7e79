/// A rule of RFC 6455 or RFC 7692 that the bytes of one endpoint can break.
///
/// The cases are in the order in which the rules of one field are tried. Their raw values are the numbers of the C
/// API, and are never reused. Everything known about a rule (section, close code, meaning, causes) is in its
/// ``entry`` in the one table, `RuleTable.swift`.
#if hasAttribute(nonexhaustive)
    // A new rule must not break a caller's `switch`.
    @nonexhaustive
#endif
public enum Rule: UInt8, Sendable, Hashable, CaseIterable {
    /// An RSV bit is set that no agreed extension claims. RFC 6455 §5.2.
    case reservedBits
    /// permessage-deflate is agreed, and RSV1 is set on a continuation or a control frame. RFC 7692 §6.
    case misplacedRSV1
    /// Opcode 3–7 or B–F. RFC 6455 §5.2.
    case reservedOpcode
    /// A control frame without FIN. RFC 6455 §5.4, §5.5.
    case fragmentedControl
    /// Text, binary or continuation after this endpoint's Close. RFC 6455 §5.5.1.
    case dataAfterClose
    /// A continuation while no message is open. RFC 6455 §5.4.
    case unexpectedContinuation
    /// Text or binary while a message is open. RFC 6455 §5.4.
    case interleavedMessage
    /// The client sent MASK = 0. RFC 6455 §5.1.
    case unmaskedClientFrame
    /// The server sent MASK = 1. RFC 6455 §5.1.
    case maskedServerFrame
    /// A control frame of more than 125 bytes. RFC 6455 §5.5.
    case oversizedControl
    /// A Close whose payload is 1 byte. RFC 6455 §5.5.1.
    case truncatedCloseCode
    /// The top bit of a 64-bit length is set. RFC 6455 §5.2.
    case lengthOverflow
    /// A shorter form would hold the length. RFC 6455 §5.2.
    case nonMinimalLength
    /// A data frame is longer than the receiver's limit. RFC 6455 §7.4.1, §10.4.
    case frameTooBig
    /// A message is longer than the receiver's limit. RFC 6455 §7.4.1, §10.4.
    case messageTooBig
    /// A close code that must not be sent. RFC 6455 §7.4 and the IANA registry.
    case invalidCloseCode
    /// A message sent with RSV1 that does not inflate under the agreed parameters. RFC 7692 §7.2.2.
    case invalidDeflate = 18
    /// A close reason that is not UTF-8. RFC 6455 §5.5.1, §8.1.
    case closeReasonNotUTF8 = 16
    /// A text message that is not UTF-8. RFC 6455 §5.6, §8.1.
    case textNotUTF8 = 17
}

extension Rule {
    /// The part of a frame that a rule is about. It is judged as soon as its last byte has arrived.
    public enum Field: UInt8, Sendable, Hashable, CaseIterable {
        /// FIN, the RSV bits and the opcode.
        case byte0
        /// MASK and the 7-bit length.
        case byte1
        /// The 2 or 8 bytes after byte 1.
        case extendedLength
        /// Byte 1 for the short form, else the extended length.
        case length
        /// The first two payload bytes of a Close.
        case closeCode
        /// The payload of a message with RSV1, over all its fragments.
        case compressedPayload
        /// The payload of a Close after its code.
        case closeReason
        /// The payload of a text message, over all its fragments.
        case text

        /// The field's name, as reports and `wsframes rules` spell it.
        public var name: String {
            switch self {
            case .byte0: "byte 0"
            case .byte1: "byte 1"
            case .extendedLength: "extended length"
            case .length: "length"
            case .closeCode: "close code"
            case .compressedPayload: "compressed payload"
            case .closeReason: "close reason"
            case .text: "text"
            }
        }

        /// Whether the field is in the payload, after the whole header.
        var isPayload: Bool {
            switch self {
            case .byte0, .byte1, .extendedLength, .length: false
            case .closeCode, .compressedPayload, .closeReason, .text: true
            }
        }
    }

    /// The rule's name in reports, fixtures and on the command line: `reserved-bits`.
    public var name: String { entry.name.description }

    /// The rule with this name; nil if there is none.
    ///
    /// - Parameter name: a name as in ``name``: lower case and hyphens.
    public init?(name: String) {
        guard let rule = Rule.allCases.first(where: { $0.name == name }) else { return nil }
        self = rule
    }

    /// The part of a frame that the rule is about.
    public var field: Field { entry.field }

    /// The code that the receiver must close the connection with: 1002, 1007 or 1009, and never 1011.
    public var closeCode: CloseCode { entry.closeCode }
}

/// Everything that is known about one rule. Reports, `explain`, `rules` and the documentation are generated from it.
public struct RuleEntry: Sendable {
    /// The rule's name: lower case and hyphens.
    public let name: StaticString
    /// The field that is judged.
    public let field: Rule.Field
    /// Where the standard states the rule: `RFC 6455 §5.2`.
    public let section: StaticString
    /// The code that the receiver must close with: 1002, 1007 or 1009.
    public let closeCode: CloseCode
    /// What breaks the rule, in one clause.
    public let brokenWhen: StaticString
    /// The sentence of the standard that states the rule, quoted.
    public let sentence: StaticString
    /// The purpose of the rule, and what it means if it is broken.
    public let meaning: StaticString
    /// What usually makes an endpoint break it, the likeliest first, one per line.
    public let causes: StaticString
    /// What to check next, one per line.
    public let checks: StaticString
}
