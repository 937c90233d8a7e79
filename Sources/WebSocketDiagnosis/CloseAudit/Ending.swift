public import WebSocketCaptures

/// How a conversation ended, right or wrong.
public struct Ending: Sendable, Hashable {
    /// The ways in which a conversation can end. The raw value is its name in reports.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The capture ended first.
        case captureEnded = "capture-ended"
        /// The conversation is over, but its end was not captured.
        case unseen = "end-not-captured"
        /// Both endpoints sent a Close (RFC 6455 §7.1.2).
        case closed
        /// Only one endpoint sent a Close, as far as is known.
        case oneClose = "one-close"
        /// The TCP connection was closed in order (FIN), and no Close was seen.
        case finished = "no-close"
        /// The TCP connection was reset (RST), and no Close was seen.
        case reset
        /// A violation was answered with its own close code.
        case violationAnswered = "violation-answered"
        /// A violation was answered with another code.
        case violationMisanswered = "violation-misanswered"
        /// The receiver of a violation continued as if nothing were wrong.
        case violationUnnoticed = "violation-unnoticed"
        /// The receiver of a violation ended the TCP connection without a Close.
        case violationDropped = "violation-dropped"
        /// No answer to a violation was seen.
        case violationUnanswered = "violation-unanswered"
    }

    /// How it ended.
    public var kind: Kind
    /// Whether that was right; nil if it cannot be known, for example when the capture ended first. If it is false, a
    /// notice says why.
    public var isRight: Bool?
    /// One or two sentences for people.
    public var message: String
    /// Where it ended: at the first Close, the FIN or the RST, or at the violation that was not answered.
    public var packetPosition: PacketPosition?

    /// Creates an ending.
    public init(kind: Kind, isRight: Bool?, message: String, packetPosition: PacketPosition?) {
        self.kind = kind
        self.isRight = isRight
        self.message = message
        self.packetPosition = packetPosition
    }
}
