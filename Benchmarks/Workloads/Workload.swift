public import WebSocketFrames

/// The bytes of one workload, and the answer that a parser must give.
public struct Workload: Sendable {
    /// The name, as used on the command line.
    public let name: String
    /// All streams, one after the other.
    public let bytes: [UInt8]
    /// The streams in `bytes`; most workloads are a single one.
    public let streams: [Stream]
    /// The contents of each read, in order; empty if the streams may be read in pieces of any size.
    public let reads: [Read]
    /// The account of all streams together.
    public let account: Account

    /// The contents of one read: the next bytes of a stream.
    public struct Read: Sendable {
        /// The number of bytes.
        public let count: UInt32
        /// The index of the stream.
        public let stream: UInt32
    }

    /// What one endpoint sent. It breaks no rule and ends between two messages.
    public struct Stream: Sendable {
        /// Its range in the workload's bytes; if reads are given, the range that contains all of its bytes.
        public let range: Range<Int>
        /// The number of its bytes.
        public let byteCount: Int
        /// The sender.
        public let sender: Endpoint
        /// The extensions that were agreed on.
        public let extensions: AgreedExtensions
        /// How much the receiver accepts.
        public let limits: Limits
        /// The number of frames, control frames included.
        public let frames: UInt64
        /// The number of messages; control frames are not messages.
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

    /// Creates a workload of one stream.
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
