public import WebSocketCaptures
public import WebSocketFrames

/// A frame that was judged: where it stands and its header.
public struct FrameRecord: Sendable, Hashable {
    /// The frame's index in the stream, from 0.
    public var index: UInt64
    /// The frame's first byte, counted from the start of the stream.
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

/// A frame with what a person wants to see of it.
public struct SeenFrame: Sendable, Hashable {
    /// Where it stands, and its header.
    public var record: FrameRecord
    /// Its first payload bytes, unmasked: at most ``FrameWalk/previewCount``, so of a control frame all. Empty where
    /// ``FrameWalk/Previews`` does not ask for them.
    public var payload: [UInt8]
    /// How many bytes of its payload have arrived.
    public var payloadCount: UInt64
    /// What that was inflated to; nil if it was not.
    public var inflated: InflatedPayload?
    /// Whether the frame has ended, and none of its bytes is missing.
    public var isWhole: Bool
    /// Where in the capture its first byte stands.
    public var packetPosition: PacketPosition?
    /// What the message that ends with it carries, or the control frame itself; nil if none ends, or that was not asked for.
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
    /// Its first bytes: at most ``FrameWalk/previewCount``; none where ``FrameWalk/Previews`` does not ask for them.
    public var bytes: [UInt8]
    /// How many bytes that are in all.
    public var count: UInt64

    /// Creates what a payload was inflated to.
    public init(bytes: [UInt8], count: UInt64) {
        self.bytes = bytes
        self.count = count
    }
}
