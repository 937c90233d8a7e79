public import WebSocketFrames

/// What came of one case.
public struct ProbeResult: Sendable {
    /// The case.
    public let probe: ProbeCase
    /// How the implementation answered.
    public let outcome: Outcome
    /// What was seen, in one sentence.
    public let detail: String
    /// Every byte that was sent after the handshake.
    public let sent: [UInt8]
    /// Every byte that came after the handshake. Together with the handshake no more than ``mostKept`` are kept.
    public let received: [UInt8]
    /// The request of the handshake (to a client, the response) as it was sent; empty if none was.
    public let sentHead: [UInt8]
    /// The head that arrived; if the answer is not HTTP, all of it.
    public let receivedHead: [UInt8]
    /// Through a proxy: what each endpoint sent, and what came out at the other; first the direction that the result is
    /// about, whose bytes `sent` and `received` are. Empty where no proxy was probed.
    public let passed: [Passed]

    /// One direction through a proxy, in two parts as ``ProbeResult`` has them.
    public struct Passed: Sendable {
        /// The sender.
        public let sender: Endpoint
        /// The head of the handshake as it was sent.
        public let sentHead: [UInt8]
        /// The head as it left the proxy.
        public let receivedHead: [UInt8]
        /// What was sent after it.
        public let sent: [UInt8]
        /// What came out after it.
        public let received: [UInt8]

        /// Cuts what was sent, and what came out, after their heads; of each no more than ``mostKept`` bytes are kept.
        init(sender: Endpoint, sent: [UInt8], received: [UInt8]) {
            self.sender = sender
            (sentHead, self.sent) = Self.parts(sent)
            (receivedHead, self.received) = Self.parts(received)
        }

        private static func parts(_ bytes: [UInt8]) -> (head: [UInt8], rest: [UInt8]) {
            let kept = bytes.prefix(mostKept)
            let end = HeaderFields.endOfHead(in: kept) ?? kept.count
            return (Array(kept.prefix(end)), Array(kept.dropFirst(end)))
        }
    }

    /// No more of an answer is kept than this many bytes.
    public static let mostKept = 65_536

    /// Creates a result.
    public init(
        probe: ProbeCase, outcome: Outcome, detail: String, sent: [UInt8], received: [UInt8], sentHead: [UInt8] = [],
        receivedHead: [UInt8] = []
    ) {
        self.probe = probe
        self.outcome = outcome
        self.detail = detail
        self.sent = sent
        self.received = received
        self.sentHead = sentHead
        self.receivedHead = receivedHead
        passed = []
    }

    /// Creates the result of a case that was played through a proxy; `passed` has both directions.
    init(probe: ProbeCase, outcome: Outcome, detail: String, passed: [Passed]) {
        self.probe = probe
        self.outcome = outcome
        self.detail = detail
        sent = passed[0].sent
        received = passed[0].received
        sentHead = passed[0].sentHead
        receivedHead = passed[0].receivedHead
        self.passed = passed
    }

    /// A case that is not played, and why.
    public static func skipped(_ probe: ProbeCase, _ reason: String) -> ProbeResult {
        ProbeResult(probe: probe, outcome: .skipped(reason), detail: reason, sent: [], received: [])
    }

    /// How an implementation answered a case.
    public enum Outcome: Sendable, Hashable {
        /// As the RFC says.
        case strict
        /// It accepts what it must refuse.
        case lax
        /// It refuses what it must accept; with the code of its Close, if there was one.
        case refuses(CloseCode?)
        /// It fails the connection, with another code than the rule's.
        case otherCode(CloseCode?)
        /// It ends the connection without a Close.
        case cutOff
        /// It fails the connection only after more bytes than the rule needs.
        case late
        /// Nothing came, although something had to.
        case hangs
        /// It does not take the next connection.
        case dies
        /// A proxy: what comes out is not what was sent. The word says in which way.
        case alters(String)
        /// A proxy: likewise, in a way that RFC 6455 allows.
        case differs(String)
        /// The case could not be run, and why.
        case skipped(String)

        /// The word that reports print.
        public var name: String {
            switch self {
            case .strict: "strict"
            case .lax: "lax"
            case .refuses: "refuses"
            case .otherCode: "other code"
            case .cutOff: "cut off"
            case .late: "late"
            case .hangs: "hangs"
            case .dies: "dies"
            case .alters: "alters"
            case .differs: "differs"
            case .skipped: "skipped"
            }
        }

        /// Nothing is wrong: the answer is what the RFC asks for, or there was none to judge. A receiver may wait for a
        /// whole frame before it judges it: late is not wrong.
        public var isFine: Bool {
            switch self {
            case .strict, .late, .differs, .skipped: true
            case .lax, .refuses, .otherCode, .cutOff, .hangs, .dies, .alters: false
            }
        }

        /// It was decided by silence, and a slow answer is not a wrong one: worth playing again with more time.
        public var dependsOnTime: Bool {
            switch self {
            case .lax, .late, .hangs, .alters, .differs("delayed"): true
            case .strict, .refuses, .otherCode, .cutOff, .dies, .differs, .skipped: false
            }
        }

        /// How much it matters, the worst first: what reports sort by.
        public var rank: Int {
            switch self {
            case .dies: 0
            case .hangs: 1
            case .alters: 2
            case .lax: 3
            case .refuses: 4
            case .otherCode: 5
            case .cutOff: 6
            case .differs: 7
            case .late: 8
            case .strict: 9
            case .skipped: 10
            }
        }
    }
}
