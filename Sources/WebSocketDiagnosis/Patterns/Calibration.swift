// The numbers of bits that certainty requires. There are no others: `DamageCalibrationTests` checks them on streams
// with known damage.

enum Calibration {
    /// The bits from which on an explanation is possible, likely or certain. Below that, nothing is said.
    private static let possible = 10
    private static let likely = 20
    /// The least bits for a place that was searched for and not predicted.
    private static let searched = 14
    private static let certain = 30
    /// The number of bits by which any other explanation must be worse.
    private static let likelyMargin = 6
    private static let certainMargin = 10

    /// The pattern that says that framing was lost, without a cause.
    static let general = "lost-step"

    /// Returns the conclusion of the hypotheses about a context as a pattern's match.
    static func match(of context: ViolationContext) -> HypothesisOutcome? {
        guard let scene = HypothesisScene(context), let found = HypothesisTable.conclusion(scene) else { return nil }
        let score = found.best.score
        // A stream may well end inside a frame: it takes more to doubt that frame.
        let least =
            found.best.isSearched
            ? (context.isUnfinished ? certain : searched) : context.isUnfinished ? likely : possible
        guard score >= least, !found.best.isSearched || found.best.chain.isLong else { return nil }
        var certainty: Diagnosis.Certainty
        if found.isTie {
            guard let rival = found.rival, score >= likely else { return nil }
            return HypothesisOutcome(
                name: found.best.name, explainsText: found.best.explainsText,
                match: Match(certainty: .possible, message: "either: \(found.best.says). Or: \(rival.says)."))
        } else if score >= certain, found.margin >= certainMargin, !found.isCut {
            certainty = .certain
        } else if score >= likely, found.margin >= likelyMargin {
            certainty = .likely
        } else {
            guard found.margin >= Conclusion.tie else { return nil }
            certainty = .possible
        }
        // It is certain that frames continue further along, but not why they do not where they should.
        let limit = found.best.name == general ? .possible : found.best.limit
        if certainty.rank < limit.rank { certainty = limit }
        return HypothesisOutcome(
            name: found.best.name, explainsText: found.best.explainsText,
            match: Match(certainty: certainty, message: found.best.says + "."))
    }
}

/// The conclusion of the hypotheses, for the pattern that it is a case of.
struct HypothesisOutcome {
    let name: String
    /// Whether it explains text where a header should be, because it knows which frame the text belongs to.
    let explainsText: Bool
    let match: Match
}

extension Hypothesis {
    fileprivate var explainsText: Bool { suspect != nil && name != Calibration.general }
}
