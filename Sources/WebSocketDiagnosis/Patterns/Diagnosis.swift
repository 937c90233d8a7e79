internal import WebSocketFrames

/// What probably happened: a known pattern that the bytes show.
public struct Diagnosis: Sendable, Hashable {
    /// How sure it is.
    public typealias Certainty = DiagnosisCertainty

    /// Where to look first.
    public enum Suspect: String, Sendable, Hashable, CaseIterable {
        /// The client's code.
        case client
        /// The server's code.
        case server
        /// Something between the two: a proxy, a load balancer, a middlebox.
        case between
        /// The bytes do not show it.
        case unknown
    }

    /// The pattern's name: lower case and hyphens, for example `http-response`.
    public var name: String
    /// How sure it is.
    public var certainty: Certainty
    /// Where to look first.
    public var suspect: Suspect
    /// What happened, with the values of this case: one or two sentences.
    public var message: String
    /// What to check next, one item each.
    public var checks: [String]

    /// Creates a diagnosis.
    public init(name: String, certainty: Certainty, suspect: Suspect, message: String, checks: [String]) {
        self.name = name
        self.certainty = certainty
        self.suspect = suspect
        self.message = message
        self.checks = checks
    }

}

extension Diagnosis {
    /// Looks for what happened.
    ///
    /// Patterns examine the bytes at the fault, hypotheses all frames before and after it; they compete. The most
    /// certain explanation wins; among equally certain ones the more specific, which comes first in the table.
    ///
    /// - Returns: the best explanation; nil if nothing known fits. No explanation is better than a wrong one.
    public static func of(_ evidence: Evidence) -> Diagnosis? {
        guard let context = ViolationContext(evidence) else { return nil }
        // The bytes around a fault in inflated text are compressed, and show nothing by themselves.
        let inflated = context.inflatedMessage
        let text = inflated.flatMap { inflated in
            inflated.evidence(of: evidence).flatMap {
                ViolationContext($0, inflatedFrom: evidence.offset &+ UInt64(inflated.message.start))
            }
        }
        var best: (pattern: Pattern, match: Match)?
        let followed = Calibration.match(of: context)
        for pattern in PatternTable.all {
            // What follows lost framing is already quoted by the conclusion that says where frames continue.
            if pattern.name == UnframedText.name, followed?.name == Calibration.general { continue }
            let isFollowed = followed?.name == pattern.name
            let subject =
                switch pattern.subject {
                case .frames: context.violation?.messageOffset == nil ? context : nil
                case .text: context.violation?.messageOffset == nil ? context : text
                case .compression: context
                }
            for match in [subject.flatMap { pattern.match?($0) }, isFollowed ? followed?.match : nil] {
                guard let match else { continue }
                if let best, best.match.certainty.rank <= match.certainty.rank {
                    // Text where a header should be is better explained by a conclusion that knows which frame it
                    // belongs to.
                    let explains = followed?.explainsText == true && isFollowed && best.pattern.isUnframed
                    guard explains, best.match.certainty == match.certainty else { continue }
                }
                best = (pattern, match)
            }
        }
        guard let best else { return nil }
        let suspect = (best.match.suspect ?? best.pattern.suspect).suspect(in: context)
        return Diagnosis(
            name: best.pattern.name, certainty: best.match.certainty, suspect: suspect,
            message: best.match.message.prefix(1).uppercased() + best.match.message.dropFirst() + " " + suspect.advice,
            checks: best.pattern.checks.filter { !context.isFirstFrame || !$0.contains("the frame before") })
    }

    /// Every known pattern, the most specific first.
    public static var patterns: [KnownPattern] {
        PatternTable.all.map { KnownPattern(name: $0.name, title: $0.title, signs: $0.signs, checks: $0.checks) }
    }
}

/// What is known about a pattern in general.
public struct KnownPattern: Sendable, Hashable {
    /// The pattern's name: lower case and hyphens, as in ``Diagnosis/name``.
    public let name: String
    /// What happened, in a few words that begin in lower case: `an HTTP response on the upgraded connection`.
    public let title: String
    /// What it looks like in the bytes: one or two sentences.
    public let signs: String
    /// What to check next, one item each.
    public let checks: [String]
}

extension Diagnosis.Certainty {
    /// The order of certainty: 0 for the most certain.
    var rank: Int {
        switch self {
        case .certain: 0
        case .likely: 1
        case .possible: 2
        }
    }
}

extension Diagnosis.Suspect {
    /// A sentence that says where to look.
    var advice: String {
        switch self {
        case .client: "Look at the client first."
        case .server: "Look at the server first."
        case .between: "Look first at what is between the two: a proxy, a load balancer, a middlebox."
        case .unknown: "The bytes do not show whose fault it is."
        }
    }
}
