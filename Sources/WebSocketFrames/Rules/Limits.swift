/// How much data a receiver is willing to accept (RFC 6455 §10.4). Exceeding a limit closes the connection with 1009.
///
/// Limits are compared with *declared* lengths, before any payload arrives. They do not apply to control frames, which
/// have at most 125 bytes anyway.
public struct Limits: Sendable, Hashable {
    /// The longest payload of one data frame, in bytes. A longer one breaks ``Rule/frameTooBig``. `UInt64.max` is no
    /// limit.
    public var frame: UInt64

    /// The longest message, in bytes: the total of its frames' payloads as sent on the wire, or, where messages are
    /// inflated (``AgreedExtensions/inflates``), the size to which a compressed one inflates. A longer one breaks
    /// ``Rule/messageTooBig``. `UInt64.max` means no limit.
    public var message: UInt64

    /// Creates limits in bytes; there is no limit unless one is given.
    @inlinable
    public init(frame: UInt64 = .max, message: UInt64 = .max) {
        self.frame = frame
        self.message = message
    }

    /// No limits.
    public static let none = Limits()
}
