public import WebSocketCaptures
public import WebSocketDiagnosis
public import WebSocketFrames

/// What a finding is about: one direction of one conversation of one input.
public struct StreamOrigin: Sendable, Hashable {
    /// The input, as the user named it.
    public var source: String
    /// The conversation's index in the input, from 0; nil if a finding is about the whole input.
    public var connection: Int?
    /// The sender of the stream; nil if that is not known.
    public var sender: Endpoint?

    /// Creates an origin.
    public init(source: String, connection: Int?, sender: Endpoint?) {
        self.source = source
        self.connection = connection
        self.sender = sender
    }
}

/// One item that a report shows. Findings come in the order of the inputs; a stream's summary comes after what was
/// found in it.
public enum Finding: Sendable {
    /// A rule was broken.
    case violation(ViolationFinding)
    /// Something doubtful that breaks no rule.
    case notice(NoticeFinding)
    /// An input that could not be read, or is not what it claims to be.
    case error(InputError)
    /// The state of one stream at its end.
    case stream(StreamSummary)
    /// A conversation of a capture begins; the findings after it, up to its streams, are about it.
    case conversation(ConversationFinding)
    /// A frame, if every frame is shown.
    case frame(FrameFinding)
    /// A whole message, if every message is shown: after its frames.
    case message(MessageFinding)
    /// How a conversation ended: after its other findings, directly before its streams.
    case ending(EndingFinding)
    /// Two conversations are hops of one proxy: after the findings of all inputs (``HopLedger``).
    case hops(HopsFinding)
}

/// A conversation that was found in a capture.
public struct ConversationFinding: Sendable {
    /// The conversation; its sender is nil.
    public var origin: StreamOrigin
    /// Who the conversation is between, and how it began.
    public var head: ConversationHead

    /// Creates a finding.
    public init(origin: StreamOrigin, head: ConversationHead) {
        self.origin = origin
        self.head = head
    }
}

/// How a conversation of a capture ended.
public struct EndingFinding: Sendable {
    /// The conversation; its sender is nil.
    public var origin: StreamOrigin
    /// How it ended, and whether that was right.
    public var ending: Ending
    /// What was measured; nil if nothing was.
    public var facts: ConversationFacts?

    /// Creates a finding.
    public init(origin: StreamOrigin, ending: Ending, facts: ConversationFacts? = nil) {
        self.origin = origin
        self.ending = ending
        self.facts = facts
    }
}

/// A frame of a stream.
public struct FrameFinding: Sendable {
    /// The stream it belongs to.
    public var origin: StreamOrigin
    /// The frame.
    public var frame: SeenFrame

    /// Creates a finding.
    public init(origin: StreamOrigin, frame: SeenFrame) {
        self.origin = origin
        self.frame = frame
    }
}

/// A violation with the context that people need.
public struct ViolationFinding: Sendable {
    /// The stream it was found in.
    public var origin: StreamOrigin
    /// What is wrong, and where.
    public var violation: Violation
    /// The number of bytes in the input before the stream's first byte (its handshake), if the offsets of the two
    /// differ.
    public var streamStart: UInt64
    /// The bytes of the stream around the offending field, as they arrived (masked if the frame is masked).
    public var context: [UInt8]
    /// The offset in the stream of the first byte of `context`.
    public var contextOffset: UInt64
    /// The last frame that was complete before the offending one; nil if there is none.
    public var lastGoodFrame: FrameRecord?
    /// What probably happened; nil if no known pattern fits.
    public var diagnosis: Diagnosis?
    /// The position in the capture where the offending field ends; nil if the input is not a capture.
    public var packetPosition: PacketPosition?
    /// The code of the receiver's Close, as far as it is known when the violation is reported; nil if there was none.
    public var receiverCloseCode: CloseCode?

    /// Creates a finding.
    public init(
        origin: StreamOrigin, violation: Violation, streamStart: UInt64, context: [UInt8], contextOffset: UInt64,
        lastGoodFrame: FrameRecord?, diagnosis: Diagnosis? = nil, packetPosition: PacketPosition? = nil
    ) {
        self.origin = origin
        self.violation = violation
        self.streamStart = streamStart
        self.context = context
        self.contextOffset = contextOffset
        self.lastGoodFrame = lastGoodFrame
        self.diagnosis = diagnosis
        self.packetPosition = packetPosition
    }
}

/// A notice, and what it is about.
public struct NoticeFinding: Sendable {
    /// What it is about.
    public var origin: StreamOrigin
    /// What is doubtful.
    public var notice: Notice
    /// What happened and what to check, if the notice is a diagnosis.
    public var diagnosis: Diagnosis?

    /// Creates a finding about the endpoint that the notice names, or else about all of `origin`.
    public init(origin: StreamOrigin, _ notice: Notice, diagnosis: Diagnosis? = nil) {
        self.origin = origin
        self.origin.sender = notice.endpoint ?? origin.sender
        self.notice = notice
        self.diagnosis = diagnosis
    }

    /// The kind of the notice.
    public var kind: NoticeKind { notice.kind }
    /// One to three sentences for people.
    public var message: String { notice.message }
    /// The position in the capture; nil if the notice is not about a single place, or if the input is not a capture.
    public var packetPosition: PacketPosition? { notice.packetPosition }
}

/// An input that could not be read to its end, or is not what it claims to be.
public struct InputError: Error, Sendable {
    /// The input, as the user named it.
    public var source: String
    /// What is wrong, where, and what to do about it: one line.
    public var message: String

    /// Creates an error.
    public init(source: String, message: String) {
        self.source = source
        self.message = message
    }
}

/// The state of one stream at its end.
public struct StreamSummary: Sendable {
    /// The stream.
    public var origin: StreamOrigin
    /// Whether the stream may end where it does.
    public var state: StreamState
    /// The number of frames that were complete before the end or the first violation.
    public var frames: UInt64
    /// The number of messages that were complete before the end or the first violation.
    public var messages: UInt64
    /// The length of the stream in bytes, judged or not.
    public var bytes: UInt64
    /// Whether a whole, legal Close was among the frames.
    public var isClosed: Bool
    /// The code that the receiver must close with; nil if no rule is broken.
    public var closeCode: CloseCode?
    /// The code in the stream's own Close; nil if there is no Close, or no code in it.
    public var sentCloseCode: CloseCode?
    /// The reason in the stream's own Close, as UTF-8; nil if there is no Close, or no reason in it.
    public var sentCloseReason: String?
    /// The number of bytes that the input lacks, as far as it is known; nil if it lacks none.
    public var missingBytes: UInt64?
    /// Whether some of it could be judged: false if bytes are missing before its first frame, or the input is empty.
    public var isJudged = true
    /// The sender's address; nil if the input has none.
    public var address: SocketAddress?
    /// The receiver's address; nil if the input has none.
    public var peerAddress: SocketAddress?

    /// Creates a summary.
    public init(
        origin: StreamOrigin, state: StreamState, frames: UInt64, messages: UInt64, bytes: UInt64, isClosed: Bool,
        closeCode: CloseCode?, sentCloseCode: CloseCode? = nil
    ) {
        self.origin = origin
        self.state = state
        self.frames = frames
        self.messages = messages
        self.bytes = bytes
        self.isClosed = isClosed
        self.closeCode = closeCode
        self.sentCloseCode = sentCloseCode
    }
}
