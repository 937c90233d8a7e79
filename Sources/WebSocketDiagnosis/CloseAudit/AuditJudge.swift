import WebSocketCaptures
import WebSocketFrames

/// Draws the conclusion of an audit from what was kept.
///
/// An endpoint is named by what it did: `closer` sent a Close, `breaker` broke a rule, and so on; its peer is the
/// other.
struct AuditJudge {
    /// A packet is not longer on its way than this, an answer not longer in the making: what an endpoint begins to send
    /// later than that, it sends in knowledge of what it was sent. Round trips take milliseconds; the rest is for a
    /// packet that is lost and sent again, and for a peer that is busy.
    static let gapTolerance: UInt64 = 5_000_000_000
    /// For a capture without times: an endpoint that has begun this many further messages has read what it was sent.
    static let messagesOnTheWay: UInt64 = 8

    let audit: ConversationAudit
    let clientState: StreamState
    let serverState: StreamState
    let captureEnded: Bool
    /// The frames inside which the two streams end.
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

    /// `endpoint` may have sent a Close before the capture began.
    func mayHaveClosedBefore(_ endpoint: Endpoint) -> Bool {
        audit.startsInTheMiddle && !self[endpoint].hasSentData
    }

    /// `endpoint` began to send further messages so much later than `place` that it must have known of it.
    func wentOn(_ endpoint: Endpoint, after place: Place) -> Bool {
        let facts = self[endpoint]
        guard let last = facts.lastMessage, last.order > place.order else { return false }
        if let nanoseconds = place.nanoseconds(to: last.packetPosition) { return nanoseconds >= Self.gapTolerance }
        return messages(of: endpoint, since: place) >= Self.messagesOnTheWay
    }

    /// How many messages `endpoint` has begun after `place`, at which its peer did something.
    func messages(of endpoint: Endpoint, since place: Place) -> UInt64 {
        let now = self[endpoint].messages
        return now > place.peerMessages ? now &- place.peerMessages : 0
    }

    /// At least ``gapTolerance`` passed between the two.
    func wasLong(from place: Place, to packetPosition: PacketPosition?) -> Bool {
        guard let nanoseconds = place.nanoseconds(to: packetPosition) else { return false }
        return nanoseconds >= Self.gapTolerance
    }

    /// `endpoint` closed in answer to a Close of its peer: with the same code, or none.
    func isReply(_ close: SeenClose, of endpoint: Endpoint) -> Bool {
        guard let other = self[endpoint.peer].close, other.place.precedes(close.place) else { return false }
        return close.code == nil || close.code == other.code
    }
}
