public import WebSocketFrames

/// The result of one case.
public struct ProbeResult: Sendable {
    /// The case.
    public let probe: ProbeCase
    /// How the implementation answered.
    public let outcome: Outcome
    /// What was observed, in one sentence.
    public let detail: String
    /// All bytes that were sent after the handshake.
    public let sent: [UInt8]
    /// The bytes that were received after the handshake; at most ``maximumKept`` including the handshake.
    public let received: [UInt8]
    /// The request of the handshake (if a client is probed, the response) as it was sent; empty if none was.
    public let sentHead: [UInt8]
    /// The head that was received; if the answer is not HTTP, all of it.
    public let receivedHead: [UInt8]
    /// If a proxy was probed, what each endpoint sent and what came out at the other; first the direction that the
    /// result is about, whose bytes are `sent` and `received`. Otherwise empty.
    public let directions: [ProxiedDirection]

    /// One direction through a proxy, in two parts as in ``ProbeResult``.
    public struct ProxiedDirection: Sendable {
        /// The sender.
        public let sender: Endpoint
        /// The head of the handshake as it was sent.
        public let sentHead: [UInt8]
        /// The head as it left the proxy.
        public let receivedHead: [UInt8]
        /// What was sent after the head.
        public let sent: [UInt8]
        /// What came out after the head.
        public let received: [UInt8]

        /// Splits what was sent, and what came out, after the head; at most ``maximumKept`` bytes of each part are kept.
        init(sender: Endpoint, sent: [UInt8], received: [UInt8]) {
            self.sender = sender
            (sentHead, self.sent) = Self.parts(sent)
            (receivedHead, self.received) = Self.parts(received)
        }

        private static func parts(_ bytes: [UInt8]) -> (head: [UInt8], rest: [UInt8]) {
            let kept = bytes.prefix(maximumKept)
            let end = HeaderFields.endOfHead(in: kept) ?? kept.count
            return (Array(kept.prefix(end)), Array(kept.dropFirst(end)))
        }
    }

    /// The most bytes of an answer that are kept.
    public static let maximumKept = 65_536

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
        directions = []
    }

    /// Creates the result of a case that was played through a proxy; `directions` has both directions.
    init(probe: ProbeCase, outcome: Outcome, detail: String, directions: [ProxiedDirection]) {
        self.probe = probe
        self.outcome = outcome
        self.detail = detail
        sent = directions[0].sent
        received = directions[0].received
        sentHead = directions[0].sentHead
        receivedHead = directions[0].receivedHead
        self.directions = directions
    }

    /// Creates the result of a case that is not played, with the reason.
    public static func skipped(_ probe: ProbeCase, _ reason: String) -> ProbeResult {
        ProbeResult(probe: probe, outcome: .skipped(reason), detail: reason, sent: [], received: [])
    }

    /// How an implementation answered a case.
    public enum Outcome: Sendable, Hashable {
        /// The answer is as the RFC says.
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
        /// Nothing was received, although something was due.
        case hangs
        /// It does not accept the next connection.
        case dies
        /// A proxy: what comes out is not what was sent. The word says how it differs.
        case alters(String)
        /// A proxy: the same, in a way that RFC 6455 allows.
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

        /// Whether nothing is wrong: the answer is what the RFC asks for, or there was none to judge. A receiver may
        /// wait for a whole frame before it judges it: late is not wrong.
        public var isFine: Bool {
            switch self {
            case .strict, .late, .differs, .skipped: true
            case .lax, .refuses, .otherCode, .cutOff, .hangs, .dies, .alters: false
            }
        }

        /// Whether it was decided by silence: a slow answer is not a wrong one, so it is worth playing again with
        /// more time.
        public var dependsOnTime: Bool {
            switch self {
            case .lax, .late, .hangs, .alters, .differs("delayed"): true
            case .strict, .refuses, .otherCode, .cutOff, .dies, .differs, .skipped: false
            }
        }

        /// The severity, the worst first: reports sort by it.
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
