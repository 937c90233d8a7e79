/// How much a receiver is willing to take (RFC 6455 §10.4). Crossing a limit closes the connection with 1009.
///
/// Limits are compared with *declared* lengths, before any payload arrives. Control frames are not subject to them:
/// they have at most 125 bytes anyhow.
public struct Limits: Sendable, Hashable {
    /// The longest payload of one data frame, in bytes. A longer one breaks ``Rule/frameTooBig``. `UInt64.max` is no
    /// limit.
    public var frame: UInt64

    /// The longest message, in bytes: the payloads of all its frames added up, as they are on the wire; where messages are
    /// inflated (``AgreedExtensions/inflates``), the bytes that a compressed one inflates to. A longer one breaks ``Rule/messageTooBig``. `UInt64.max` is no limit.
    public var message: UInt64

    /// Creates limits in bytes; what is left out is not limited.
    @inlinable
    public init(frame: UInt64 = .max, message: UInt64 = .max) {
        self.frame = frame
        self.message = message
    }

    /// No limits.
    public static let none = Limits()
}
