/// A claim about where frames begin again, and the evidence for it.
struct Hypothesis {
    /// The name of the pattern that it is a case of.
    let name: String
    /// The frame that misled the parser; nil if the stream does not begin with a frame.
    let suspect: SuspectFrame?
    /// The index where the next frame begins if the claim is true.
    let resume: Int
    /// The frames that follow there.
    let chain: FrameChain
    /// The evidence for it minus its assumptions, in bits.
    private(set) var score: Int
    /// Whether its place was searched for, and not predicted.
    var isSearched = false
    /// The most certain that it can be, however strong the evidence is.
    var limit = DiagnosisCertainty.certain
    /// What happened, without a capital letter at the beginning and a full stop at the end.
    let says: String

    /// Returns this hypothesis with a score of at least the given bits: another claim cannot rule it out.
    func raised(to least: Int) -> Hypothesis {
        var raised = self
        raised.score = max(score, least)
        return raised
    }
}

/// The conclusion from all hypotheses about a place.
struct Conclusion {
    /// The hypothesis that explains most.
    let best: Hypothesis
    /// The next one that says something else; nil if there is none.
    let rival: Hypothesis?
    /// The number of bits by which the best one explains more than anything else does, chance included.
    let margin: Int
    /// Whether the known part of the stream ends where more would be needed.
    let isCut: Bool

    /// Whether both explain it equally well.
    var isTie: Bool { rival != nil && margin < Self.tie }

    static let tie = 4
}
