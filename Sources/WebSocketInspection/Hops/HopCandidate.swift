import WebSocketDiagnosis

/// Two conversations that may be both hops of a proxy, in either order.
struct HopCandidate {
    /// Whether the first of the two is the client's hop; nil if they are not a pair.
    private(set) var isInOrder: Bool?
    private(set) var evidence: HopEvidence?

    init(_ one: HopLedger.Entry, _ other: HopLedger.Entry) {
        let sharesClock = one.input == other.input
        let match = HopMatch(front: one.trace, back: other.trace, sharesClock: sharesClock)
        // Without times, the order in which the user names the inputs decides. A leeway of zero means a copy.
        let leeway = match.leeway ?? (sharesClock ? 0 : 1)
        if leeway > 0, let forward = match.evidence {
            (isInOrder, evidence) = (true, forward)
        } else if leeway < 0,
            let backward = HopMatch(front: other.trace, back: one.trace, sharesClock: sharesClock).evidence
        {
            (isInOrder, evidence) = (false, backward)
        }
    }
}
