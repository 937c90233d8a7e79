public import WebSocketFrames

/// The expected findings for a capture of the corpus: its note, as `Fixtures/captures/FORMAT.md` describes it.
public struct CaptureNote: Sendable {
    /// Options for the command line.
    public let options: [String]
    /// The name of the key log next to the capture, if any.
    public let keyLog: String?
    /// The exit status of `wsframes validate`.
    public let status: Int32
    /// The number of conversations; nil if not specified.
    public let conversationCount: Int?
    /// Notices expected among those about the file.
    public let notices: [String]
    /// The conversations that are described, by their index.
    public let conversations: [Int: Conversation]

    /// A conversation.
    public struct Conversation: Sendable {
        /// How it begins.
        public let opening: Opening
        /// The client's address; nil if not specified.
        public let client: String?
        /// The server's address; nil if not specified.
        public let server: String?
        /// The request's target; nil if not specified.
        public let target: String?
        /// Whether permessage-deflate was agreed on; nil if not specified.
        public let deflate: Bool?
        /// Notices expected among those about the conversation.
        public let notices: [String]
        /// The stream of each endpoint.
        public let directions: [Endpoint: Direction]
    }

    /// How a conversation begins.
    public enum Opening: Sendable, Hashable {
        /// With a successful handshake.
        case upgrade
        /// With a handshake that was answered with this status.
        case refused(Int)
        /// Before the capture.
        case middle
        /// With an extended CONNECT on a stream of HTTP/2.
        case http2
    }

    /// The stream of one endpoint.
    public struct Direction: Sendable {
        /// How many bytes precede the first frame boundary; nil if not specified.
        public let skipped: UInt64?
        /// Why bytes are missing: `not-captured` or `snapped`; nil if none are.
        public let gap: String?
        /// The verdict.
        public let expectation: Expectation
        /// The packet in which the offending field ends; nil if not specified.
        public let packet: UInt64?
    }
}
