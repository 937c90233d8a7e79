/// The agreed parameters of permessage-deflate (RFC 7692 §7.1): how far back each endpoint may refer when it
/// compresses, and whether a message may refer to the messages before it.
///
/// It takes one byte, so keeping it with a stream costs nothing.
public struct DeflateParameters: Sendable, Hashable {
    // Window bits minus 8: the client's at 0x07, the server's at 0x38. No takeover: the client at 0x40, the server at
    // 0x80.
    private var packed: UInt8

    /// The window bits that RFC 7692 §7.1.2 allows: a window of 256 bytes to 32 KiB.
    public static let windowBits = 8...15

    /// The agreement on permessage-deflate without any parameter: windows of 32 KiB, taken over from message to
    /// message.
    public static let standard = DeflateParameters()

    /// Creates an agreement; the defaults are the RFC's for parameters that are left out.
    ///
    /// - Parameters:
    ///   - clientMaxWindowBits: the base-2 logarithm of the client's window in bytes, 8…15; smaller values are taken as
    ///     8, larger ones as 15 (RFC 7692 §7.1.2.2).
    ///   - serverMaxWindowBits: the base-2 logarithm of the server's window, likewise (RFC 7692 §7.1.2.1).
    ///   - clientNoContextTakeover: whether the client begins each message with an empty window (RFC 7692 §7.1.1.2).
    ///   - serverNoContextTakeover: whether the server does (RFC 7692 §7.1.1.1).
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

    /// The base-2 logarithm of the client's window in bytes, 8…15; other values are set to the nearest of these
    /// (RFC 7692 §7.1.2.2).
    public var clientMaxWindowBits: Int {
        get { Int(packed & 0x07) + 8 }
        set { packed = packed & ~0x07 | Self.field(newValue) }
    }

    /// The base-2 logarithm of the server's window in bytes, 8…15; other values are set to the nearest of these
    /// (RFC 7692 §7.1.2.1).
    public var serverMaxWindowBits: Int {
        get { Int(packed >> 3 & 0x07) + 8 }
        set { packed = packed & ~0x38 | Self.field(newValue) << 3 }
    }

    /// Whether the client begins each message with an empty window (RFC 7692 §7.1.1.2).
    public var clientNoContextTakeover: Bool {
        get { packed & 0x40 != 0 }
        set { packed = newValue ? packed | 0x40 : packed & ~0x40 }
    }

    /// Whether the server begins each message with an empty window (RFC 7692 §7.1.1.1).
    public var serverNoContextTakeover: Bool {
        get { packed & 0x80 != 0 }
        set { packed = newValue ? packed | 0x80 : packed & ~0x80 }
    }

    /// The context with which the client compresses and the server inflates.
    public var client: DeflateContext {
        DeflateContext(windowBits: clientMaxWindowBits, takesOver: !clientNoContextTakeover)
    }

    /// The context with which the server compresses and the client inflates.
    public var server: DeflateContext {
        DeflateContext(windowBits: serverMaxWindowBits, takesOver: !serverNoContextTakeover)
    }

    private static func field(_ bits: Int) -> UInt8 {
        UInt8(min(max(bits, windowBits.lowerBound), windowBits.upperBound) - windowBits.lowerBound)
    }
}
