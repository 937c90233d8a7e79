public import WebSocketFrames

/// One question to an implementation: what is sent to it, and what a strict one answers.
///
/// A case is data: it is created from a fixture of the corpus (``init(fixture:path:)``) or from a `.case` file
/// (``init(file:path:)``), whose format is documented in `Fixtures/FORMAT.md`.
public struct ProbeCase: Sendable {
    /// The path of the file below `Fixtures`, without its ending: unique and stable.
    public let name: String
    /// What the case is about, in one sentence.
    public let title: String
    /// The sentence of the RFC that a strict endpoint follows here: `RFC 6455 §5.1`.
    public let section: String
    /// The role of the implementation that is probed.
    public let target: Endpoint
    /// What the case requires of the implementation and of the user.
    public let needs: Needs
    /// How the opening handshake differs from a plain one.
    public let opening: Opening
    /// What happens after the handshake, in order.
    public let steps: [Step]
    /// Whether the frame that breaks the case's rule is a Close: if it is answered like a legal one, it was accepted.
    public internal(set) var breaksByClose = false

    /// What a case needs; without it, the case is skipped with a reason.
    public struct Needs: OptionSet, Sendable, Hashable {
        /// The needs as bits.
        public let rawValue: UInt8

        /// Creates needs from their bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The implementation echoes each message.
        public static let echo = Needs(rawValue: 1)
        /// permessage-deflate is agreed in the handshake.
        public static let deflate = Needs(rawValue: 2)
        /// It may disturb other users of a server, and is only sent on request.
        public static let harsh = Needs(rawValue: 4)
        /// It is about what a proxy passes on, and is only played through one.
        public static let proxy = Needs(rawValue: 8)
    }

    /// How the request (or, to a client, the response) differs from a plain, legal one.
    public struct Opening: Sendable, Hashable {
        /// The method of the request.
        public var method = "GET"
        /// Header fields that are left out, in lower case.
        public var removed: Set<String> = []
        /// Lines that are added after all others, without CRLF.
        public var added: [String] = []
        /// What a strict server answers.
        public var answer = Answer.upgrade
        /// Whether the first steps are sent in the same segment as the end of the handshake.
        public var isJoined = false

        /// The answers that a strict server may give to a handshake.
        public enum Answer: Sendable {
            /// 101.
            case upgrade
            /// Any other status.
            case refusal
            /// Either: the client breaks a rule that a server is not required to enforce.
            case either
        }

        /// Creates a plain, legal handshake.
        public init() {}
    }

    /// One step of a case.
    public enum Step: Sendable, Hashable {
        /// Send bytes, in pieces of `size` bytes; 0 means all at once.
        case send([UInt8], size: Int)
        /// Send nothing more: the connection is half closed.
        case halfClose
        /// Reset the connection (RST). Always the last step.
        case reset
        /// Wait for what must come from the implementation before the next step.
        case expect(Expectation)
    }

    /// What must come from the implementation.
    public enum Expectation: Sendable, Hashable {
        /// A pong with this payload.
        case pong([UInt8])
        /// A message with this payload, which is the echo of one that was sent.
        case message(Opcode, [UInt8])
        /// A message with any payload of this length, in bytes.
        case messageOfLength(Int)
        /// A Close in answer to one with this code (nil: without one): the same code, 1000 or none.
        case close(CloseCode?)
        /// The connection fails: a Close with one of these codes. `rule` is what was broken.
        case failure(codes: [CloseCode], rule: Rule?)
        /// The end of the TCP connection.
        case end
    }
}
