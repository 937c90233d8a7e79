public import WebSocketFrames

/// The bytes of one workload, and what a parser must answer.
public struct Workload: Sendable {
    /// The name, as the command line takes it.
    public let name: String
    /// All streams, one after the other.
    public let bytes: [UInt8]
    /// The streams in `bytes`; most workloads are a single one.
    public let streams: [Stream]
    /// What each read brings, in order; empty when the streams may be read in pieces of any size.
    public let reads: [Read]
    /// What the streams come to together.
    public let account: Account

    /// What one read brings: the next bytes.
    public struct Read: Sendable {
        /// How many bytes.
        public let count: UInt32
        /// Of which stream.
        public let stream: UInt32
    }

    /// What one endpoint sent. It breaks no rule and ends between two messages.
    public struct Stream: Sendable {
        /// Where it stands in the workload's bytes; where reads are given, around what is its own.
        public let range: Range<Int>
        /// How many bytes there are of it.
        public let byteCount: Int
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
            _ range: Range<Int>, byteCount: Int? = nil, sender: Endpoint, extensions: AgreedExtensions = .none,
            limits: Limits = .none, frames: UInt64, messages: UInt64
        ) {
            self.range = range
            self.byteCount = byteCount ?? range.count
            self.sender = sender
            self.extensions = extensions
            self.limits = limits
            self.frames = frames
            self.messages = messages
        }
    }

    init(name: String, bytes: [UInt8], streams: [Stream], reads: [Read] = [], account: Account) {
        self.name = name
        self.bytes = bytes
        self.streams = streams
        self.reads = reads
        self.account = account
    }

    /// A workload of one stream.
    init(
        name: String, sender: Endpoint, extensions: AgreedExtensions = .none, reads: [Read] = [], _ writer: StreamWriter
    ) {
        self.init(
            name: name, bytes: writer.bytes,
            streams: [
                Stream(
                    0..<writer.bytes.count, sender: sender, extensions: extensions, frames: writer.account.frames,
                    messages: writer.account.messages)
            ], reads: reads, account: writer.account)
    }
}
