public import WebSocketFrames

/// The bytes of one workload, and what a parser must answer.
public struct Workload: Sendable {
    /// The name, as the command line takes it.
    public let name: String
    /// All streams, one after the other.
    public let bytes: [UInt8]
    /// The streams in `bytes`; all workloads but `corpus` are a single one.
    public let streams: [Stream]
    /// What the streams come to together.
    public let account: Account

    /// What one endpoint sent. It breaks no rule and ends between two messages.
    public struct Stream: Sendable {
        /// Where it stands in the workload's bytes.
        public let range: Range<Int>
        /// Who sent it.
        public let sender: Endpoint
        /// What was agreed on.
        public let extensions: AgreedExtensions
        /// How much the receiver takes.
        public let limits: Limits
        /// Frames, control frames included.
        public let frames: UInt64
        /// Messages; control frames are none.
        public let messages: UInt64

        init(
            _ range: Range<Int>, sender: Endpoint, extensions: AgreedExtensions = .none, limits: Limits = .none,
            frames: UInt64, messages: UInt64
        ) {
            self.range = range
            self.sender = sender
            self.extensions = extensions
            self.limits = limits
            self.frames = frames
            self.messages = messages
        }
    }

    init(name: String, bytes: [UInt8], streams: [Stream], account: Account) {
        self.name = name
        self.bytes = bytes
        self.streams = streams
        self.account = account
    }

    /// A workload of one stream.
    init(name: String, sender: Endpoint, _ writer: StreamWriter) {
        self.init(
            name: name, bytes: writer.bytes,
            streams: [
                Stream(
                    0..<writer.bytes.count, sender: sender, frames: writer.account.frames,
                    messages: writer.account.messages)
            ], account: writer.account)
    }
}
