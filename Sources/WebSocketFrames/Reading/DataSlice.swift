/// A piece of a message, unmasked, in the caller's bytes: what ``FrameReader`` hands over.
///
/// Each data frame is handed over as one or more slices. If its header has arrived but no payload has, the first
/// slice is empty: the header is reported as soon as it is known.
public struct DataSlice: Sendable, Hashable {
    /// The header of the frame that the slice is from.
    public let header: EncodedFrameHeader
    /// The range of the slice in the bytes that were passed to the call; the bytes there are unmasked now. It is
    /// empty for a frame without payload, and if only the frame's header has arrived.
    public let range: Range<Int>
    /// The index in the frame's payload of the slice's first byte, in bytes from 0.
    public let payloadOffset: UInt64
    /// `text` or `binary`: the opcode of the message, on continuations too.
    public let messageOpcode: Opcode
    /// Whether this is the first slice of its frame.
    public let beginsFrame: Bool
    /// Whether the frame's last byte is in this slice.
    public let endsFrame: Bool

    @inlinable
    init(
        header: EncodedFrameHeader, range: Range<Int>, payloadOffset: UInt64, messageOpcode: Opcode, beginsFrame: Bool,
        endsFrame: Bool
    ) {
        self.header = header
        self.range = range
        self.payloadOffset = payloadOffset
        self.messageOpcode = messageOpcode
        self.beginsFrame = beginsFrame
        self.endsFrame = endsFrame
    }

    /// Whether a message begins with this slice.
    public var beginsMessage: Bool { beginsFrame && header.opcode != .continuation }

    /// Creates the slice for a whole frame, or for the part of it that has arrived.
    ///
    /// - Parameter message: the kind of the message that was open before the frame.
    @inlinable @inline(__always)
    init(header: EncodedFrameHeader, range: Range<Int>, continuing message: Opcode, endsFrame: Bool = true) {
        self.init(
            header: header, range: range, payloadOffset: 0,
            messageOpcode: header.opcode == .continuation ? message : header.opcode, beginsFrame: true,
            endsFrame: endsFrame)
    }

    /// Whether the message's last byte is in this slice. A text message is then known to be well-formed UTF-8 over all
    /// its slices (RFC 6455 §8.1), unless an extension has changed it: RSV1 on its first frame says that it is
    /// compressed.
    public var endsMessage: Bool { endsFrame && header.isFinal }
}

/// An event that the reader hands over. It is small, which makes handing it over cheap: the payload of a control
/// frame stays in the reader.
public enum FrameEvent: Sendable, Hashable {
    /// A piece of a message.
    case data(DataSlice)
    /// A whole Close, ping or pong: ``FrameReader/controlFrame`` holds it until the next control frame begins.
    case control
}
