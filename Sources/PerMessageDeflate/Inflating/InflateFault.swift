/// Why a compressed message could not be inflated to its end, and where.
///
/// It is a plain value: creating one allocates nothing.
public struct InflateFault: Error, Sendable, Hashable {
    /// The reason why the message could not be inflated.
    public let reason: Reason

    /// The offset of the byte that revealed the fault, counted in compressed bytes from the start of the message;
    /// just past the message if it ended too early. It does not depend on how the message was cut into chunks.
    public let offset: UInt64

    /// The number of bytes of the message that were inflated before the fault. For ``Reason/refused``, the offset of
    /// the refused byte.
    public let messageOffset: UInt64

    /// Why a message cannot be inflated. The numbers are never reused.
    public enum Reason: UInt8, Sendable, Hashable, CaseIterable {
        /// A block has the type 3 (RFC 1951 §3.2.3).
        case reservedBlockType = 1
        /// The length of a stored block and its complement differ (RFC 1951 §3.2.4).
        case storedLengthMismatch = 2
        /// A block declares 287 or 288 literal and length codes, or 31 or 32 distance codes (RFC 1951 §3.2.7).
        case tooManyCodes = 3
        /// The lengths of a code leave no room for all of its symbols (RFC 1951 §3.2.2).
        case oversubscribedCode = 4
        /// The lengths of a code leave some sequences of bits without a symbol (RFC 1951 §3.2.2).
        case incompleteCode = 5
        /// A block's code has no symbol for the end of the block (RFC 1951 §3.2.3).
        case noEndOfBlock = 6
        /// A code length is repeated where there is none before it, or beyond the last (RFC 1951 §3.2.7).
        case invalidRepeat = 7
        /// Bits that represent no symbol, or one that is never used (RFC 1951 §3.2.5, §3.2.6).
        case invalidSymbol = 8
        /// A distance is longer than the window that was agreed (RFC 7692 §7.1.2).
        case distanceBeyondWindow = 9
        /// A distance refers to before the message, or, with context takeover, to before all messages (RFC 1951 §3.2.3,
        /// RFC 7692 §7.1.1).
        case distanceBeyondOutput = 10
        /// The message ends where 00 00 FF FF cannot be appended (RFC 7692 §7.2.2).
        case unfinished = 11
        /// The message has no byte; an empty one is compressed to one byte 00 (RFC 7692 §7.2.3.6).
        case emptyPayload = 12
        /// Nothing is broken: the message inflates to more bytes than the caller's limit.
        case tooBig = 13
        /// Nothing is broken: the caller refused a byte of the output.
        case refused = 14
        /// Nothing is known to be broken: the message refers to earlier ones that were not seen.
        case needsEarlierMessage = 15

        /// Whether the peer broke RFC 7692 or RFC 1951.
        public var isViolation: Bool {
            switch self {
            case .tooBig, .refused, .needsEarlierMessage: false
            default: true
            }
        }
    }
}
