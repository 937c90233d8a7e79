import WebSocketCaptures
import WebSocketFrames

/// Draws the conclusions of an audit from the facts that were collected.
///
/// Endpoints are named by what they did: `closer` sent a Close, `breaker` broke a rule, and so on; the peer is the
/// other one.
struct AuditJudge {
    /// The longest time that a packet is in transit, or that an answer takes: whatever an endpoint begins to send
    /// later than that, it sends in knowledge of what was sent to it. Round trips take milliseconds; the rest allows
    /// for a packet that is lost and retransmitted, and for a busy peer.
    static let gapTolerance: UInt64 = 5_000_000_000
    /// For a capture without times: an endpoint that has begun this many further messages has read what was sent to
    /// it.
    static let messagesOnTheWay: UInt64 = 8

    let audit: ConversationAudit
    let clientState: StreamState
    let serverState: StreamState
    let captureEnded: Bool
    /// The frames in which the two streams end.
    let unfinishedFrames: [Endpoint: SeenFrame]
    let end: PacketPosition?

    var conclusion: (ending: Ending, notes: [Notice]) {
        let answer = violationAnswer
        var notes: [Notice] = []
        if let note = answer.flatMap(note(on:)) { notes.append(note) }
        for endpoint in Endpoint.allCases {
            if let note = failure(closer: endpoint) { notes.append(note) }
        }
        for endpoint in Endpoint.allCases {
            if let note = unansweredClose(closer: endpoint) { notes.append(note) }
            if let note = missingClose(leaver: endpoint, answer: answer) { notes.append(note) }
        }
        let ending = ending(answer: answer, isWrong: !notes.isEmpty)
        for endpoint in Endpoint.allCases {
            if let note = refusedMessage(closer: endpoint) { notes.append(note) }
            if let note = unansweredPing(pinger: endpoint) { notes.append(note) }
        }
        return (ending, notes)
    }

    subscript(endpoint: Endpoint) -> EndpointFacts { audit[endpoint] }

    func state(of endpoint: Endpoint) -> StreamState { endpoint == .client ? clientState : serverState }

    /// Returns whether `endpoint` may have sent a Close before the capture began.
    func mayHaveClosedBefore(_ endpoint: Endpoint) -> Bool {
        audit.startsInTheMiddle && !self[endpoint].hasSentData
    }

    /// Returns whether `endpoint` began to send further messages so long after `position` that it must have known of it.
    func continuedSending(_ endpoint: Endpoint, after position: EventPosition) -> Bool {
        let facts = self[endpoint]
        guard let last = facts.lastMessage, last.order > position.order else { return false }
        if let nanoseconds = position.nanoseconds(to: last.packetPosition) { return nanoseconds >= Self.gapTolerance }
        return messages(of: endpoint, since: position) >= Self.messagesOnTheWay
    }

    /// Returns how many messages `endpoint` has begun since `position`, where its peer did something.
    func messages(of endpoint: Endpoint, since position: EventPosition) -> UInt64 {
        let now = self[endpoint].messages
        return now > position.peerMessages ? now &- position.peerMessages : 0
    }

    /// Returns whether at least ``gapTolerance`` passed between the two.
    func wasLong(from position: EventPosition, to packetPosition: PacketPosition?) -> Bool {
        guard let nanoseconds = position.nanoseconds(to: packetPosition) else { return false }
        return nanoseconds >= Self.gapTolerance
    }

    /// Returns whether `endpoint` closed in answer to its peer's Close: with the same code, or none.
    func isReply(_ close: SeenClose, of endpoint: Endpoint) -> Bool {
        guard let other = self[endpoint.peer].close, other.position.precedes(close.position) else { return false }
        return close.code == nil || close.code == other.code
    }
}
