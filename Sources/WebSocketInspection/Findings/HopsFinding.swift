public import WebSocketCaptures
public import WebSocketDiagnosis

/// Two conversations that are both hops of one proxy, and what differs between them.
public struct HopsFinding: Sendable {
    /// The conversation between the client and the proxy; its sender is nil.
    public var front: StreamOrigin
    /// The conversation between the proxy and the server; its sender is nil.
    public var back: StreamOrigin
    /// How the one between the client and the proxy began.
    public var frontHead: ConversationHead
    /// How the one between the proxy and the server began.
    public var backHead: ConversationHead
    /// How that is known.
    public var evidence: HopEvidence
    /// What is equal, and what differs.
    public var comparison: HopComparison

    /// Creates a finding.
    public init(
        front: StreamOrigin, back: StreamOrigin, frontHead: ConversationHead, backHead: ConversationHead,
        evidence: HopEvidence, comparison: HopComparison
    ) {
        self.front = front
        self.back = back
        self.frontHead = frontHead
        self.backHead = backHead
        self.evidence = evidence
        self.comparison = comparison
    }

    /// A notice for each difference, about the conversation in which it is visible.
    public var notices: [NoticeFinding] {
        comparison.differences.map { difference in
            let isInFront = difference.front != nil || difference.back == nil
            // A sentence about pings already contains their number.
            let isCounted = difference.count < 2 || difference.kind == .pingsEnd
            let count = CountedText.grouped(difference.count)
            let more = isCounted ? "" : " There are \(count) such messages; this is the first."
            return NoticeFinding(
                origin: isInFront ? front : back,
                Notice(
                    .hopsDiffer, about: difference.sender, difference.message + more,
                    at: isInFront ? difference.front : difference.back))
        }
    }
}
