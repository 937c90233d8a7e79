public import WebSocketCaptures
public import WebSocketFrames

/// Something that the audit of a conversation's ending found: a notice.
public struct AuditNote: Sendable, Hashable {
    /// What kind it is: lower case and hyphens, as `unanswered-ping`.
    public var name: String
    /// Whose doing it is; nil where it is about both.
    public var endpoint: Endpoint?
    /// One or two sentences for a person.
    public var message: String
    /// Where it was seen.
    public var moment: Moment?

    /// Creates a note.
    public init(name: String, endpoint: Endpoint?, message: String, moment: Moment?) {
        self.name = name
        self.endpoint = endpoint
        self.message = message
        self.moment = moment
    }
}

/// Watches both directions of a conversation, and says at its end how it ended and whether that was right.
public struct ConversationAudit: Sendable {
    /// What is known of the conversation beforehand.
    public init(startsInTheMiddle: Bool, agreedDeflate: Bool) {}

    /// A frame has ended.
    public mutating func see(_ frame: SeenFrame, from endpoint: Endpoint) {}

    /// An endpoint broke a rule: its first violation.
    public mutating func see(_ violation: Violation, from endpoint: Endpoint, at moment: Moment?) {}

    /// Bytes of an endpoint are missing from the capture: nothing behind them is known.
    public mutating func seeGap(from endpoint: Endpoint) {}

    /// An endpoint has ended its direction (FIN).
    public mutating func seeFinish(of endpoint: Endpoint, at moment: Moment?) {}

    /// An endpoint has torn the connection down (RST).
    public mutating func seeReset(by endpoint: Endpoint, at moment: Moment?) {}

    /// The conversation is over.
    ///
    /// - Parameters:
    ///   - state: how each endpoint's stream stands at its end.
    ///   - captureEnded: the capture ends here; the conversation may have gone on.
    public func notes(state: (Endpoint) -> StreamState, captureEnded: Bool) -> [AuditNote] { [] }
}
