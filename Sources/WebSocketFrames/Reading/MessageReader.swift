/// A whole message (RFC 6455 §5.4), as ``MessageReader`` hands it over.
public struct Message: Sendable, Hashable {
    /// `text` or `binary`.
    public let opcode: Opcode
    /// RSV1 was set on its first frame: permessage-deflate has compressed it, and it is for the caller to inflate.
    public let isCompressed: Bool
    /// The payloads of its frames, unmasked, one after the other.
    public let bytes: [UInt8]

    /// The bytes as text, in a copy. Of an uncompressed text message they are known to be UTF-8; in any other, what is
    /// not is replaced by U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Gathers the slices of a ``FrameReader`` into whole messages, for callers who want those and can afford the memory:
/// at most `limit` bytes a connection, and only of what has really arrived.
///
/// It judges as the reader does. A message in which a rule is broken is not handed over.
public struct MessageReader: Sendable {
    private var reader: FrameReader
    private var gathered: [UInt8] = []
    private var isCompressed = false

    /// What the reader hands over.
    public enum Event: Sendable, Hashable {
        /// A whole message.
        case message(Message)
        /// A whole Close, ping or pong: ``MessageReader/controlFrame`` holds it until the next one begins.
        case control
    }

    /// Creates a reader at the start of a stream.
    ///
    /// - Parameters:
    ///   - peer: who sends the stream: `.client` in a server.
    ///   - extensions: what the handshake agreed on.
    ///   - limit: the longest message in bytes, from 0 on. A longer one is a violation (`message-too-big`, 1009) as
    ///     soon as it is declared, before its bytes are stored.
    public init(peer: Endpoint, extensions: AgreedExtensions = .none, limit: Int) {
        reader = FrameReader(
            peer: peer, extensions: extensions, limits: Limits(message: UInt64(clamping: limit)))
    }

    /// Takes bytes from `index` on up to the next whole message or control frame.
    ///
    /// - Parameters:
    ///   - bytes: what was received. Payloads among them are unmasked in place.
    ///   - index: the first byte not yet used, `0...bytes.count`; moved after the event.
    /// - Returns: nil when all bytes are used up and more are needed.
    /// - Throws: the stream's first ``Violation``; from then on every call throws it again.
    public mutating func next(
        in bytes: inout MutableSpan<UInt8>, from index: inout Int
    ) throws(Violation) -> Event? {
        precondition(index >= 0 && index <= bytes.count, "index outside of 0...bytes.count")
        while let event = try reader.next(in: &bytes, from: &index) {
            switch event {
            case .control: return .control
            case .data(let slice):
                if let message = add(slice, of: bytes.span) { return .message(message) }
            }
        }
        return nil
    }

    private mutating func add(_ slice: DataSlice, of bytes: Span<UInt8>) -> Message? {
        if slice.beginsMessage { isCompressed = slice.header.reservedBits.contains(.rsv1) }
        Kernels.append(bytes.extracting(slice.range), to: &gathered)
        guard slice.endsMessage else { return nil }
        defer { gathered = [] }
        return Message(opcode: slice.messageOpcode, isCompressed: isCompressed, bytes: gathered)
    }

    /// The Close, ping or pong that the last ``Event/control`` was about.
    public var controlFrame: ControlFrame { reader.controlFrame }

    /// Whether the stream may end where it stands.
    public var state: StreamState { reader.state }
}
