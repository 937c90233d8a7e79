/// What the handshake agreed on, as far as it changes which frames are legal: who claims which RSV bit (RFC 6455 §9).
public struct AgreedExtensions: Sendable, Hashable {
    // RSV bits that are claimed at 0x70, permessage-deflate at 0x01.
    private let bits: UInt8

    private init(bits: UInt8) {
        self.bits = bits
    }

    /// No extension was agreed: every RSV bit must be 0.
    public static let none = AgreedExtensions(bits: 0)

    /// permessage-deflate was agreed: RSV1 says on a message's first frame that the message is compressed
    /// (RFC 7692 §6). The text of such a message is not judged.
    public static let permessageDeflate = AgreedExtensions(bits: 0x41)

    /// The same, and some extension beside permessage-deflate claims `reservedBits` on any frame. The text of a message
    /// whose first frame has one of them set is not judged, since the extension may have changed it.
    ///
    /// - Parameter reservedBits: the bits that the other extension claims (RFC 6455 §5.2, §9.1).
    public func claiming(_ reservedBits: ReservedBits) -> AgreedExtensions {
        AgreedExtensions(bits: bits | reservedBits.rawValue)
    }

    /// The RSV bits that mean something to somebody.
    public var claimedBits: ReservedBits { ReservedBits(rawValue: bits) }

    /// permessage-deflate is among them, so RSV1 is legal on first frames only.
    public var includesPermessageDeflate: Bool { bits & 0x01 != 0 }
}
