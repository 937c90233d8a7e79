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
        /// What stands between the two: a proxy, a load balancer, a middlebox.
        case between
        /// The bytes do not show it.
        case unknown
    }

    /// The pattern's name: lower case and hyphens, as `http-response`.
    public var name: String
    /// How sure it is.
    public var certainty: Certainty
    /// Where to look first.
    public var suspect: Suspect
    /// What happened, with the values of this case: one or two sentences.
    public var message: String
    /// What to check next, one thing each.
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
    /// Patterns examine the bytes at the fault, hypotheses all frames before and after it; they compete. The
    /// surest explanation wins; among equally sure ones the more special, which stands first in the table.
    ///
    /// - Returns: the best explanation; nil if nothing known fits. None is better than a wrong one.
    public static func of(_ evidence: Evidence) -> Diagnosis? {
        guard let context = ViolationContext(evidence) else { return nil }
        // The bytes around a fault of inflated text are compressed, and say nothing by themselves.
        let inflated = context.inflatedMessage
        let text = inflated.flatMap { inflated in
            inflated.evidence(of: evidence).flatMap {
                ViolationContext($0, inflatedFrom: evidence.offset &+ UInt64(inflated.message.start))
            }
        }
        var best: (pattern: Pattern, match: Match)?
        let followed = Calibration.match(of: context)
        for pattern in PatternTable.all {
            // What stands where frames are lost is quoted by whoever says where they go on.
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
                    // Text where a header should be is explained by whoever knows which frame it belongs to.
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

    /// Every pattern that is known, the most special first.
    public static var patterns: [KnownPattern] {
        PatternTable.all.map { KnownPattern(name: $0.name, title: $0.title, signs: $0.signs, checks: $0.checks) }
    }
}

/// What is known of one pattern, apart from any case of it.
public struct KnownPattern: Sendable, Hashable {
    /// The pattern's name: lower case and hyphens, as ``Diagnosis/name`` has it.
    public let name: String
    /// What happened, in a few words that begin in lower case: `an HTTP response on the upgraded connection`.
    public let title: String
    /// What it looks like in the bytes: one or two sentences.
    public let signs: String
    /// What to check next, one thing each.
    public let checks: [String]
}

extension Diagnosis.Certainty {
    /// 0 for the surest.
    var rank: Int {
        switch self {
        case .certain: 0
        case .likely: 1
        case .possible: 2
        }
    }
}

extension Diagnosis.Suspect {
    /// Where to look, as a sentence.
    var advice: String {
        switch self {
        case .client: "Look at the client first."
        case .server: "Look at the server first."
        case .between: "Look first at what stands between the two: a proxy, a load balancer, a middlebox."
        case .unknown: "The bytes do not show whose fault it is."
        }
    }
}
