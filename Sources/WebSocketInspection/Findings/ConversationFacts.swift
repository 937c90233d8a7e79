public import WebSocketCaptures
public import WebSocketFrames

/// What was measured of a conversation: times as the capture has them, in nanoseconds, so that they hold where it was
/// captured and not at the endpoints.
public struct ConversationFacts: Sendable, Hashable {
    /// When it was opened: the 101 response, or the first frame; nil if the input has no times.
    public var began: CaptureTime?
    /// When the last thing happened in it: a frame, a FIN or a RST; nil likewise.
    public var ended: CaptureTime?
    /// How long no frame had come when the first Close, FIN or RST came, or else when the capture ended.
    public var silenceBeforeEnd: UInt64?
    /// The longest time without a frame between two frames, and where the later one begins.
    public var longestGap: (nanoseconds: UInt64, end: PacketPosition)? {
        longestGapEnd.map { (longestGapNanoseconds, $0) }
    }
    /// Pings and their pongs, of both sides.
    public var roundTrips: RoundTrips?
    /// What the client sent.
    public var client = Traffic()
    /// What the server sent.
    public var server = Traffic()

    var longestGapNanoseconds: UInt64 = 0
    var longestGapEnd: PacketPosition?

    /// Facts of nothing.
    public init() {}

    /// How long it lasted; nil if the input has no times.
    public var duration: UInt64? {
        guard let began, let ended else { return nil }
        return ended < began ? 0 : ended.nanoseconds - began.nanoseconds
    }

    /// What an endpoint sent.
    public subscript(endpoint: Endpoint) -> Traffic {
        get { endpoint == .client ? client : server }
        set { if endpoint == .client { client = newValue } else { server = newValue } }
    }

    /// Messages and bytes of one side, in frames that ended.
    public struct Traffic: Sendable, Hashable {
        /// Data frames with FIN.
        public var messages: UInt64 = 0
        /// Payload bytes of data frames, as they were sent.
        public var payloadBytes: UInt64 = 0
        /// Messages sent with RSV1.
        public var compressedMessages: UInt64 = 0
        /// Payload bytes of the messages that were inflated, as they were sent.
        public var compressedBytes: UInt64 = 0
        /// What those messages inflated to.
        public var inflatedBytes: UInt64 = 0
        /// Messages that could not be inflated, since they are cut or refer to others that are missing.
        public var uninflatedMessages: UInt64 = 0

        /// None.
        public init() {}
    }

    /// How long pongs took.
    public struct RoundTrips: Sendable, Hashable {
        /// Pings that were answered.
        public var count: UInt64 = 0
        /// The shortest time, in nanoseconds.
        public var shortest: UInt64 = .max
        /// The longest time, in nanoseconds.
        public var longest: UInt64 = 0
        /// All of them together, in nanoseconds.
        public var total: UInt64 = 0

        /// None.
        public init() {}
    }
}
