internal import WebSocketFrames

/// One known pattern: what is said about it, and how it is found.
struct Pattern: Sendable {
    /// The name, in lower case and hyphens. Stable: users and tests rely on it.
    let name: String
    /// What happened, in a few words.
    let title: String
    /// What it looks like in the bytes.
    let signs: String
    /// Where to look first, unless the match knows better.
    let suspect: UsualSuspect
    /// What to check next, one item each: 1…4.
    let checks: [String]
    /// Looks for the pattern in the bytes at the fault; nil if only the frames after it can show it, which the
    /// hypotheses examine.
    var match: (@Sendable (ViolationContext) -> Match?)? = nil
    /// What the pattern examines.
    var subject = Subject.frames

    /// What a pattern examines.
    enum Subject {
        /// The bytes as they were sent.
        case frames
        /// A message's text: for a compressed message, what it inflates to.
        case text
        /// A message that is compressed, or should have been.
        case compression
    }

    /// Whether it only says what is in the place of a header, and not how it got there.
    var isUnframed: Bool { name.hasPrefix("unframed-") }
}

/// A pattern that was found.
struct Match {
    /// How sure it is.
    let certainty: Diagnosis.Certainty
    /// Where to look first; nil for the pattern's usual suspect.
    var suspect: UsualSuspect? = nil
    /// What happened, with the values of this case. From the input it contains only printable ASCII, letters and
    /// digits.
    let message: String
}

/// Where to look first, before the sender is known.
enum UsualSuspect: Sendable {
    /// Whoever sent the stream.
    case sender
    case client
    case server
    case between
    case unknown

    func suspect(in context: ViolationContext) -> Diagnosis.Suspect {
        switch (self, context.sender) {
        case (.client, _), (.sender, .client): .client
        case (.server, _), (.sender, .server): .server
        case (.between, _): .between
        case (.unknown, _), (.sender, nil): .unknown
        }
    }
}
