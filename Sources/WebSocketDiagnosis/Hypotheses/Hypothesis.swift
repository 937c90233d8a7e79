/// A claim where frames begin again, and what speaks for it.
struct Hypothesis {
    /// The pattern that it is one case of.
    let name: String
    /// The frame that led astray; nil where the stream does not begin with one.
    let suspect: SuspectFrame?
    /// The index where the next frame begins, if it is true.
    let resume: Int
    /// What follows there.
    let chain: FrameChain
    /// All that speaks for it less all that it assumes, in bits.
    private(set) var score: Int
    /// Its place was searched for, and not predicted.
    var isSearched = false
    /// However much speaks for it, it is no surer than this.
    var limit = DiagnosisCertainty.certain
    /// What happened, without a capital and a full stop at the end.
    let says: String

    /// This hypothesis with a score of at least the given bits: what another claim cannot rule out.
    func raised(to least: Int) -> Hypothesis {
        var raised = self
        raised.score = max(score, least)
        return raised
    }
}

/// What the hypotheses make of a place.
struct Conclusion {
    /// The one that explains most.
    let best: Hypothesis
    /// The next one that says something else; nil if there is none.
    let rival: Hypothesis?
    /// By how many bits the best one explains more than anything else does, chance included.
    let margin: Int
    /// What is known of the stream ends where more would be needed.
    let isCut: Bool

    /// Both explain it as well.
    var isTie: Bool { rival != nil && margin < Self.tie }

    static let tie = 4
}
