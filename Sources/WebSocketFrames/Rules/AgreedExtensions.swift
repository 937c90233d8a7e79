public import PerMessageDeflate

/// What the handshake agreed on, as far as it changes which frames are legal: who claims which RSV bit (RFC 6455 §9).
public struct AgreedExtensions: Sendable, Hashable {
    // RSV bits that are claimed at 0x70, permessage-deflate at 0x01, inflating at 0x02.
    private let bits: UInt8
    private let parameters: DeflateParameters

    private init(bits: UInt8, _ parameters: DeflateParameters = .standard) {
        self.bits = bits
        self.parameters = parameters
    }

    /// No extension was agreed: every RSV bit must be 0.
    public static let none = AgreedExtensions(bits: 0)

    /// permessage-deflate was agreed: RSV1 says on a message's first frame that the message is compressed
    /// (RFC 7692 §6). Such a message is not inflated, and its text is not judged.
    public static let permessageDeflate = AgreedExtensions(bits: 0x41)

    /// The same, and it is known with which parameters, so that compressed messages can be inflated.
    ///
    /// - Parameters:
    ///   - parameters: what the handshake agreed on (RFC 7692 §7.1).
    ///   - inflating: whether ``InflatingValidator`` and ``MessageReader`` inflate compressed messages, and judge what comes
    ///     out: whether they inflate at all, their size, and their text.
    public static func permessageDeflate(
        _ parameters: DeflateParameters, inflating: Bool = true
    ) -> AgreedExtensions {
        AgreedExtensions(bits: inflating ? 0x43 : 0x41, parameters)
    }

    /// The same, and some extension beside permessage-deflate claims `reservedBits` on any frame. The text of a message
    /// whose first frame has one of them set is not judged, since the extension may have changed it; nor is it inflated.
    ///
    /// - Parameter reservedBits: the bits that the other extension claims (RFC 6455 §5.2, §9.1).
    public func claiming(_ reservedBits: ReservedBits) -> AgreedExtensions {
        AgreedExtensions(bits: bits | reservedBits.rawValue, parameters)
    }

    /// The RSV bits that mean something to somebody.
    public var claimedBits: ReservedBits { ReservedBits(rawValue: bits) }

    /// permessage-deflate is among them, so RSV1 is legal on first frames only.
    public var includesPermessageDeflate: Bool { bits & 0x01 != 0 }

    /// With which parameters permessage-deflate was agreed; nil if it was not.
    public var deflate: DeflateParameters? { includesPermessageDeflate ? parameters : nil }

    /// Compressed messages are to be inflated.
    public var inflates: Bool { bits & 0x02 != 0 }
}
