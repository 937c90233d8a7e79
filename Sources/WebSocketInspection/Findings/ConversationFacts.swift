public import WebSocketCaptures
public import WebSocketFrames

/// Measurements of a conversation: times in nanoseconds, as seen at the place of the capture and not at the
/// endpoints.
public struct ConversationFacts: Sendable, Hashable {
    /// When it was opened: the time of the 101 response, or of the first frame; nil if the input has no times.
    public var began: CaptureTime?
    /// When the last event in it happened: a frame, a FIN or a RST; nil if the input has no times.
    public var ended: CaptureTime?
    /// How long there had been no frame when the first Close, FIN or RST arrived, or else when the capture ended.
    public var silenceBeforeEnd: UInt64?
    /// The longest time without a frame between two frames, and the position at which the later one begins.
    public var longestGap: (nanoseconds: UInt64, end: PacketPosition)? {
        longestGapEnd.map { (longestGapNanoseconds, $0) }
    }
    /// The round trips of pings and their pongs, of both sides.
    public var roundTrips: RoundTrips?
    /// What the client sent.
    public var client = Traffic()
    /// What the server sent.
    public var server = Traffic()

    var longestGapNanoseconds: UInt64 = 0
    var longestGapEnd: PacketPosition?

    /// Creates empty facts.
    public init() {}

    /// The duration; nil if the input has no times.
    public var duration: UInt64? {
        guard let began, let ended else { return nil }
        return ended < began ? 0 : ended.nanoseconds - began.nanoseconds
    }

    /// The traffic that an endpoint sent.
    public subscript(endpoint: Endpoint) -> Traffic {
        get { endpoint == .client ? client : server }
        set { if endpoint == .client { client = newValue } else { server = newValue } }
    }

    /// The messages and bytes of one side, in frames that ended.
    public struct Traffic: Sendable, Hashable {
        /// The number of data frames with FIN.
        public var messages: UInt64 = 0
        /// The number of payload bytes of data frames, as they were sent.
        public var payloadBytes: UInt64 = 0
        /// The number of messages sent with RSV1.
        public var compressedMessages: UInt64 = 0
        /// The number of payload bytes of the messages that were inflated, as they were sent.
        public var compressedBytes: UInt64 = 0
        /// The number of bytes that those messages inflated to.
        public var inflatedBytes: UInt64 = 0
        /// The number of messages that could not be inflated, since they are incomplete or refer to missing ones.
        public var uninflatedMessages: UInt64 = 0

        /// Creates counts of zero.
        public init() {}
    }

    /// How long pongs took.
    public struct RoundTrips: Sendable, Hashable {
        /// The number of pings that were answered.
        public var count: UInt64 = 0
        /// The shortest time, in nanoseconds.
        public var shortest: UInt64 = .max
        /// The longest time, in nanoseconds.
        public var longest: UInt64 = 0
        /// The sum of all times, in nanoseconds.
        public var total: UInt64 = 0

        /// Creates round trips without pings.
        public init() {}
    }
}
