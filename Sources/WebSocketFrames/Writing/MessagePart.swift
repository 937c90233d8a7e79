/// The kind of a message: text, or arbitrary bytes (RFC 6455 §5.6).
public enum MessageKind: UInt8, Sendable, Hashable, CaseIterable {
    /// Text: UTF-8.
    case text = 0x1
    /// Any bytes.
    case binary = 0x2

    /// The opcode of the message's first frame.
    public var opcode: Opcode { Opcode(rawValue: rawValue) }
}

/// The part of its message that a data frame is (RFC 6455 §5.4).
///
/// It can express neither a control frame nor a message that begins with a continuation.
public enum MessagePart: Sendable, Hashable {
    /// All of it.
    case whole(MessageKind)
    /// Its first fragment; others follow.
    case first(MessageKind)
    /// A fragment that is neither the first nor the last.
    case middle
    /// Its last fragment.
    case last

    /// FIN and the opcode, at their positions in byte 0.
    var byte0: UInt8 {
        switch self {
        case .whole(let kind): 0x80 | kind.rawValue
        case .first(let kind): kind.rawValue
        case .middle: 0x00
        case .last: 0x80
        }
    }
}

extension DataSlice {
    /// Whether the message is text or binary, on continuations too.
    public var kind: MessageKind { messageOpcode == .text ? .text : .binary }

    /// The part of its message that the slice is. Sending each slice as a frame results in the same message.
    public var part: MessagePart {
        switch (beginsMessage, endsMessage) {
        case (true, true): .whole(kind)
        case (true, false): .first(kind)
        case (false, false): .middle
        case (false, true): .last
        }
    }
}
