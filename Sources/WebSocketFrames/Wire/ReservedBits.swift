/// The three RSV bits of a frame's first byte, at their positions in that byte (RFC 6455 §5.2).
public struct ReservedBits: OptionSet, Sendable, Hashable {
    /// The bits at their positions in byte 0: a subset of `0x70`.
    public let rawValue: UInt8

    /// Creates a set from byte 0; all other bits are ignored.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x70
    }

    /// The first reserved bit, `0x40`. permessage-deflate uses it to say that a message is compressed (RFC 7692 §6).
    public static let rsv1 = ReservedBits(rawValue: 0x40)
    /// The second reserved bit, `0x20`.
    public static let rsv2 = ReservedBits(rawValue: 0x20)
    /// The third reserved bit, `0x10`.
    public static let rsv3 = ReservedBits(rawValue: 0x10)
}
