public import WebSocketCaptures
public import WebSocketFrames

/// A frame that was judged: its position and its header.
public struct FrameRecord: Sendable, Hashable {
    /// The frame's index in the stream, from 0.
    public var index: UInt64
    /// The offset of the frame's first byte, counted from the start of the stream.
    public var offset: UInt64
    /// The header, as far as it has arrived.
    public var header: EncodedFrameHeader

    /// Creates a record.
    public init(index: UInt64, offset: UInt64, header: EncodedFrameHeader) {
        self.index = index
        self.offset = offset
        self.header = header
    }
}

/// A frame with what people want to see of it.
public struct SeenFrame: Sendable, Hashable {
    /// Its position and its header.
    public var record: FrameRecord
    /// Its first payload bytes, unmasked: at most ``FrameWalk/previewCount``, which is all of a control frame's.
    /// Empty if ``FrameWalk/Previews`` does not ask for them.
    public var payload: [UInt8]
    /// The number of bytes of its payload that have arrived.
    public var payloadCount: UInt64
    /// What they were inflated to; nil if they were not inflated.
    public var inflated: InflatedPayload?
    /// Whether the frame has ended, and none of its bytes is missing.
    public var isWhole: Bool
    /// The position of its first byte in the capture.
    public var packetPosition: PacketPosition?
    /// The digest of the message that ends with it, or of the control frame itself; nil if no message ends, or if
    /// that was not asked for.
    public var message: DigestedMessage?

    /// Creates a frame.
    public init(
        record: FrameRecord, payload: [UInt8], payloadCount: UInt64, inflated: InflatedPayload? = nil, isWhole: Bool,
        packetPosition: PacketPosition?, message: DigestedMessage? = nil
    ) {
        self.record = record
        self.payload = payload
        self.payloadCount = payloadCount
        self.inflated = inflated
        self.isWhole = isWhole
        self.packetPosition = packetPosition
        self.message = message
    }
}

/// What the payload of a frame was inflated to (RFC 7692 §7.2.2).
public struct InflatedPayload: Sendable, Hashable {
    /// Its first bytes: at most ``FrameWalk/previewCount``; none if ``FrameWalk/Previews`` does not ask for them.
    public var bytes: [UInt8]
    /// The total number of bytes.
    public var count: UInt64

    /// Creates an inflated payload.
    public init(bytes: [UInt8], count: UInt64) {
        self.bytes = bytes
        self.count = count
    }
}
