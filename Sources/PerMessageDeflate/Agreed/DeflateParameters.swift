/// What two endpoints agreed on for permessage-deflate (RFC 7692 §7.1): how far back each of them may reach when it
/// compresses, and whether a message may reach into the messages before it.
///
/// One byte in all, so that it costs nothing to keep with a stream.
public struct DeflateParameters: Sendable, Hashable {
    // Window bits less 8: the client's at 0x07, the server's at 0x38. No takeover: the client at 0x40, the server at 0x80.
    private var packed: UInt8

    /// The window bits that RFC 7692 §7.1.2 allows: a window of 256 bytes to 32 KiB.
    public static let windowBits = 8...15

    /// What holds where the handshake agreed on permessage-deflate without any parameter: windows of 32 KiB, taken over
    /// from message to message.
    public static let standard = DeflateParameters()

    /// Creates what was agreed; what is left out is as the RFC has it without the parameter.
    ///
    /// - Parameters:
    ///   - clientMaxWindowBits: the base-2 logarithm of the client's window in bytes, 8…15; what is less is taken as 8,
    ///     what is more as 15 (RFC 7692 §7.1.2.2).
    ///   - serverMaxWindowBits: the same for the server (RFC 7692 §7.1.2.1).
    ///   - clientNoContextTakeover: the client begins each message with an empty window (RFC 7692 §7.1.1.2).
    ///   - serverNoContextTakeover: the server does (RFC 7692 §7.1.1.1).
    public init(
        clientMaxWindowBits: Int = 15, serverMaxWindowBits: Int = 15, clientNoContextTakeover: Bool = false,
        serverNoContextTakeover: Bool = false
    ) {
        packed = 0
        self.clientMaxWindowBits = clientMaxWindowBits
        self.serverMaxWindowBits = serverMaxWindowBits
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverNoContextTakeover = serverNoContextTakeover
    }

    /// The base-2 logarithm of the client's window in bytes, 8…15; what is set beyond that is taken as the nearest of
    /// these (RFC 7692 §7.1.2.2).
    public var clientMaxWindowBits: Int {
        get { Int(packed & 0x07) + 8 }
        set { packed = packed & ~0x07 | Self.field(newValue) }
    }

    /// The base-2 logarithm of the server's window in bytes, 8…15; what is set beyond that is taken as the nearest of
    /// these (RFC 7692 §7.1.2.1).
    public var serverMaxWindowBits: Int {
        get { Int(packed >> 3 & 0x07) + 8 }
        set { packed = packed & ~0x38 | Self.field(newValue) << 3 }
    }

    /// The client begins each message with an empty window (RFC 7692 §7.1.1.2).
    public var clientNoContextTakeover: Bool {
        get { packed & 0x40 != 0 }
        set { packed = newValue ? packed | 0x40 : packed & ~0x40 }
    }

    /// The server begins each message with an empty window (RFC 7692 §7.1.1.1).
    public var serverNoContextTakeover: Bool {
        get { packed & 0x80 != 0 }
        set { packed = newValue ? packed | 0x80 : packed & ~0x80 }
    }

    /// How the client compresses, and the server inflates.
    public var client: DeflateContext {
        DeflateContext(windowBits: clientMaxWindowBits, takesOver: !clientNoContextTakeover)
    }

    /// How the server compresses, and the client inflates.
    public var server: DeflateContext {
        DeflateContext(windowBits: serverMaxWindowBits, takesOver: !serverNoContextTakeover)
    }

    private static func field(_ bits: Int) -> UInt8 {
        UInt8(min(max(bits, windowBits.lowerBound), windowBits.upperBound) - windowBits.lowerBound)
    }
}
