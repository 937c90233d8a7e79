/// Why something may not be sent. Nothing has been written, and nothing has changed.
///
/// It is always this side's mistake, and never a ``Violation``: a connection that ends because of it is closed with
/// 1011 (``CloseCode/init(answering:)``).
public enum SendError: Error, Sendable, Hashable {
    /// This endpoint has sent its Close, or the connection is over: no more messages may be sent (RFC 6455 §5.5.1).
    case closed
    /// A fragment that continues a message, while none is open (§5.4).
    case noOpenMessage
    /// A new message while another one is open (§5.4).
    case openMessage
    /// A reserved bit that belongs to no agreed extension, or RSV1 where permessage-deflate does not allow it (§5.2;
    /// RFC 7692 §6).
    case unclaimedReservedBits
    /// A payload of 2⁶³ bytes or more (§5.2).
    case tooLong
    /// A close code that must not be sent (§7.4).
    case forbiddenCloseCode(CloseCode)
    /// The caller's memory is too small: the frame needs this many bytes.
    case noRoom(Int)

    /// Creates the error for a frame that would make its receiver report this rule.
    init(_ rule: Rule) {
        self =
            switch rule {
            case .dataAfterClose: .closed
            case .unexpectedContinuation: .noOpenMessage
            case .interleavedMessage: .openMessage
            default: .unclaimedReservedBits
            }
    }
}

extension SendError: CustomStringConvertible {
    /// One clause for a log.
    public var description: String {
        switch self {
        case .closed: "nothing may be sent after the Close"
        case .noOpenMessage: "a continuation frame while no message is open"
        case .openMessage: "a new message while another is open"
        case .unclaimedReservedBits: "a reserved bit that no agreed extension claims there"
        case .tooLong: "a payload of 2^63 bytes or more"
        case .forbiddenCloseCode(let code): "the close code \(code.rawValue) must not be sent"
        case .noRoom(let count): "no room for a frame of \(count) bytes"
        }
    }
}
