// How many bits make a certainty. These are the only such numbers: `DamageCalibrationTests` holds them to streams whose
// damage is known.

enum Calibration {
    /// Bits below which nothing is said, and from which on it is likely, or certain.
    private static let possible = 10
    private static let likely = 20
    /// The least for what predicts no place, and only finds one.
    private static let searched = 14
    private static let certain = 30
    /// By how many bits the next other explanation must be worse.
    private static let likelyMargin = 6
    private static let certainMargin = 10

    /// What says that frames are lost, and knows of no cause.
    static let general = "lost-step"

    /// What the hypotheses make of a context, as a pattern's match.
    static func match(of context: ViolationContext) -> Followed? {
        guard let scene = HypothesisScene(context), let found = HypothesisTable.conclusion(scene) else { return nil }
        let score = found.best.score
        // A stream may well end inside a frame: it takes more to doubt that one.
        let least =
            found.best.isSearched
            ? (context.isUnfinished ? certain : searched) : context.isUnfinished ? likely : possible
        guard score >= least, !found.best.isSearched || found.best.chain.isLong else { return nil }
        var certainty: Diagnosis.Certainty
        if found.isTie {
            guard let rival = found.rival, score >= likely else { return nil }
            return Followed(
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
        // That frames go on further along is sure; why they do not where they should is what it does not say.
        let limit = found.best.name == general ? .possible : found.best.limit
        if certainty.rank < limit.rank { certainty = limit }
        return Followed(
            name: found.best.name, explainsText: found.best.explainsText,
            match: Match(certainty: certainty, message: found.best.says + "."))
    }
}

/// What the hypotheses say, for the pattern that it is one case of.
struct Followed {
    let name: String
    /// Text where a header should be is explained by it: it knows which frame the text belongs to.
    let explainsText: Bool
    let match: Match
}

extension Hypothesis {
    fileprivate var explainsText: Bool { suspect != nil && name != Calibration.general }
}
