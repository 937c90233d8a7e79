/// How much the text report shows of each finding.
public enum TextDetail: Sendable, Hashable {
    /// One line per finding, and nothing else but the last line.
    case brief
    /// The first finding about each rule in full, further ones in three lines: what, where, and what happened.
    /// Conversations without findings have one line each, in the list at the end.
    case usual
    /// Every finding and every conversation in full.
    case full
}
