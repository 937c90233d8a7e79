public import PerMessageDeflate

/// The part of a handshake's agreement that decides which frames are legal: which RSV bits the extensions use (RFC
/// 6455 §9).
public struct AgreedExtensions: Sendable, Hashable {
    // RSV bits in use at 0x70, permessage-deflate at 0x01, inflating at 0x02.
    private let bits: UInt8
    private let parameters: DeflateParameters

    private init(bits: UInt8, _ parameters: DeflateParameters = .standard) {
        self.bits = bits
        self.parameters = parameters
    }

    /// No extension was agreed: every RSV bit must be 0.
    public static let none = AgreedExtensions(bits: 0)

    /// permessage-deflate was agreed: RSV1 on the first frame of a message says that the message is compressed
    /// (RFC 7692 §6). Its parameters are not known here, so such a message is not inflated, and its text is not judged.
    public static let permessageDeflate = AgreedExtensions(bits: 0x41)

    /// permessage-deflate was agreed with known parameters, so that compressed messages can be inflated.
    ///
    /// - Parameters:
    ///   - parameters: what the handshake agreed on (RFC 7692 §7.1).
    ///   - inflating: whether ``InflatingValidator`` and ``MessageReader`` inflate compressed messages and check the
    ///     result: whether they inflate at all, their size, and their text.
    public static func permessageDeflate(
        _ parameters: DeflateParameters, inflating: Bool = true
    ) -> AgreedExtensions {
        AgreedExtensions(bits: inflating ? 0x43 : 0x41, parameters)
    }

    /// Returns these extensions and another one, other than permessage-deflate, that may set `reservedBits` on any
    /// frame. If the first frame of a message has one of them set, the message is not inflated and its text is not
    /// judged, since the extension may have changed it.
    ///
    /// - Parameter reservedBits: the bits that the other extension uses (RFC 6455 §5.2, §9.1).
    public func claiming(_ reservedBits: ReservedBits) -> AgreedExtensions {
        AgreedExtensions(bits: bits | reservedBits.rawValue, parameters)
    }

    /// The RSV bits that agreed extensions use.
    public var claimedBits: ReservedBits { ReservedBits(rawValue: bits) }

    /// Whether permessage-deflate was agreed, so that RSV1 is legal, and only on first frames.
    public var includesPermessageDeflate: Bool { bits & 0x01 != 0 }

    /// The parameters with which permessage-deflate was agreed; nil if it was not, or if they are not known.
    public var deflate: DeflateParameters? { includesPermessageDeflate ? parameters : nil }

    /// Whether compressed messages are to be inflated.
    public var inflates: Bool { bits & 0x02 != 0 }
}
