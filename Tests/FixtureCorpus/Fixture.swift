public import WebSocketFrames

/// One case of the corpus: the bytes that one endpoint sent, how to judge them, and the verdict they must get.
public struct Fixture: Sendable {
    /// The file's path relative to `Fixtures/`, with `/` between folders.
    public let path: String

    /// The folder of the file: `rfc6455-5.2-base-framing`, `recorded/…`.
    public let section: String

    /// What the case is about, from the file's name.
    public let caseName: String

    /// The sender of the stream; nil for `auto`.
    public let sender: Endpoint?

    /// The extensions that were agreed on.
    public let extensions: AgreedExtensions

    /// How much the receiver accepts.
    public let limits: Limits

    /// The HTTP handshake before the stream, including the empty line that ends it; empty if there is none.
    public let handshake: [UInt8]

    /// The stream: every byte after the handshake.
    public let bytes: [UInt8]

    /// The verdict that the stream must get.
    public let expectation: Expectation

    /// The expected diagnosis; nil if the file does not specify it.
    public let diagnosis: ExpectedDiagnosis?

    /// Whether the case was sent by real software, rather than made by hand.
    public var isRecorded: Bool { section.hasPrefix("recorded/") }
}

/// The expected diagnosis of the violation.
public struct ExpectedDiagnosis: Sendable, Hashable {
    /// The name of the pattern; nil if none may be found.
    public var name: String?
    /// `client`, `server`, `between` or `unknown`; nil without a name.
    public var suspect: String?
    /// `certain`, `likely` or `possible`; nil without a name.
    public var certainty: String?
}

/// A verdict on a whole stream.
public struct Expectation: Sendable, Hashable {
    /// The state at the end of the stream.
    public var state: StreamState
    /// The number of frames completed before the end or the first violation.
    public var frames: UInt64
    /// The number of messages completed before the end or the first violation.
    public var messages: UInt64
    /// Length of the stream in bytes, violation or not.
    public var bytes: Int
    /// Whether one of the frames was a complete, legal Close.
    public var closed: Bool
    /// The first violation, if any.
    public var violation: Fault?

    /// Creates a verdict.
    public init(
        state: StreamState,
        frames: UInt64,
        messages: UInt64,
        bytes: Int,
        closed: Bool,
        violation: Fault?
    ) {
        self.state = state
        self.frames = frames
        self.messages = messages
        self.bytes = bytes
        self.closed = closed
        self.violation = violation
    }

    /// The verdict of a validator that was fed a stream of `bytes` bytes.
    public init(_ validator: FrameValidator, bytes: Int) {
        self.init(InflatingValidator(validator), bytes: bytes)
    }

    /// The verdict of an inflating validator that was fed a stream of `bytes` bytes.
    public init(_ validator: InflatingValidator, bytes: Int) {
        self.init(
            state: validator.state,
            frames: validator.frameCount,
            messages: validator.messageCount,
            bytes: bytes,
            closed: validator.isClosed,
            violation: validator.violation.map(Fault.init)
        )
    }

    /// The first violation, as a verdict specifies it.
    public struct Fault: Sendable, Hashable {
        /// The broken rule.
        public var rule: Rule
        /// The first byte of the offending field.
        public var offset: UInt64
        /// Size of the offending field.
        public var length: Int
        /// Index of the offending frame.
        public var frame: UInt64
        /// First byte of the offending frame.
        public var frameOffset: UInt64
        /// The header up to the offending field, in hex.
        public var headerHex: String
        /// The code that the receiver must close with.
        public var closeCode: CloseCode

        /// Creates a fault.
        public init(
            rule: Rule,
            offset: UInt64,
            length: Int,
            frame: UInt64,
            frameOffset: UInt64,
            headerHex: String,
            closeCode: CloseCode
        ) {
            self.rule = rule
            self.offset = offset
            self.length = length
            self.frame = frame
            self.frameOffset = frameOffset
            self.headerHex = headerHex
            self.closeCode = closeCode
        }

        /// The same as `violation`.
        public init(_ violation: Violation) {
            self.init(
                rule: violation.rule,
                offset: violation.offset,
                length: violation.length,
                frame: violation.frame,
                frameOffset: violation.frameOffset,
                headerHex: violation.header.hex,
                closeCode: violation.closeCode
            )
        }

        /// How many bytes of the stream it takes to give the verdict: up to the end of the offending field.
        public var end: UInt64 { offset + UInt64(length) }
    }
}

/// A fixture that does not conform to `FORMAT.md`.
public struct FixtureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file's path relative to `Fixtures/`.
    public let path: String
    /// The line, from 1; also 1 if the whole file is meant.
    public let line: Int
    /// What is wrong.
    public let message: String

    /// `path:line: message`
    public var description: String { "\(path):\(line): \(message)" }
}
