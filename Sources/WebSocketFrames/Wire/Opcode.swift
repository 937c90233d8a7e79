/// The low four bits of a frame's first byte: how its payload is to be read (RFC 6455 §5.2).
///
/// All sixteen values can be represented, since all sixteen can arrive; ``isReserved`` identifies those that must not.
public struct Opcode: RawRepresentable, Sendable, Hashable {
    /// The four bits, 0…15.
    public let rawValue: UInt8

    /// Creates an opcode from its four bits; the upper four bits of `rawValue` are ignored.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x0F
    }

    /// 0x0: another fragment of the open message.
    @inlinable public static var continuation: Opcode { Opcode(rawValue: 0x0) }
    /// 0x1: the first fragment of a text message, or all of it.
    @inlinable public static var text: Opcode { Opcode(rawValue: 0x1) }
    /// 0x2: the first fragment of a binary message, or all of it.
    @inlinable public static var binary: Opcode { Opcode(rawValue: 0x2) }
    /// 0x8: the closing handshake (§5.5.1).
    @inlinable public static var close: Opcode { Opcode(rawValue: 0x8) }
    /// 0x9: asks the peer to send a pong (§5.5.2).
    @inlinable public static var ping: Opcode { Opcode(rawValue: 0x9) }
    /// 0xA: answers a ping, or shows unsolicited that the sender is alive (§5.5.3).
    @inlinable public static var pong: Opcode { Opcode(rawValue: 0xA) }

    /// 0x8…0xF: a control frame, which may come between the fragments of a message (§5.5).
    @inlinable
    public var isControl: Bool { rawValue & 0x8 != 0 }

    /// 0x3…0x7 and 0xB…0xF: no meaning is defined, and receiving one fails the connection (§5.2).
    @inlinable
    public var isReserved: Bool { rawValue & 0x7 > 2 }

    /// The name in lower case: `text`, `ping`, …, or `reserved` with the value in hex.
    public var name: String {
        switch self {
        case .continuation: "continuation"
        case .text: "text"
        case .binary: "binary"
        case .close: "close"
        case .ping: "ping"
        case .pong: "pong"
        default: "reserved 0x" + String(rawValue, radix: 16, uppercase: true)
        }
    }
}
