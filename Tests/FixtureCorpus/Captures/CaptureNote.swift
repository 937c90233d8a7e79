public import WebSocketFrames

/// What must be found in a capture of the corpus: its note, as `Fixtures/captures/FORMAT.md` describes it.
public struct CaptureNote: Sendable {
    /// Options that the command line must be given.
    public let options: [String]
    /// The name of the key log beside the capture; nil if there is none.
    public let keyLog: String?
    /// The exit status of `wsframes validate`.
    public let status: Int32
    /// How many conversations there are; nil if that is not said.
    public let conversationCount: Int?
    /// Notices that must be among those about the file.
    public let notices: [String]
    /// The conversations that are described, by their index.
    public let conversations: [Int: Conversation]

    /// A conversation.
    public struct Conversation: Sendable {
        /// How it began.
        public let opening: Opening
        /// The client's address; nil if it is not said.
        public let client: String?
        /// The server's address; nil if it is not said.
        public let server: String?
        /// The request's target; nil if it is not said.
        public let target: String?
        /// permessage-deflate was agreed on; nil if it is not said.
        public let deflate: Bool?
        /// Notices that must be among those about the conversation.
        public let notices: [String]
        /// What each endpoint sent.
        public let directions: [Endpoint: Direction]
    }

    /// How a conversation begins.
    public enum Opening: Sendable, Hashable {
        /// With a handshake that succeeded.
        case upgrade
        /// With one that was answered by that status.
        case refused(Int)
        /// Before the capture.
        case middle
        /// With an extended CONNECT on a stream of HTTP/2.
        case http2
    }

    /// What an endpoint sent.
    public struct Direction: Sendable {
        /// How many bytes stand before the first frame boundary; nil if it is not said.
        public let skipped: UInt64?
        /// Why bytes are missing: `not-captured` or `snapped`; nil if none are.
        public let gap: String?
        /// The verdict.
        public let expectation: Expectation
        /// The packet in which the offending field ends; nil if it is not said.
        public let packet: UInt64?
    }
}
