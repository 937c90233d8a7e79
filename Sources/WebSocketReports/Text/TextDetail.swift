/// How much the text report shows of each finding.
public enum TextDetail: Sendable, Hashable {
    /// One line a finding, and nothing else but the last line.
    case brief
    /// The first finding of a rule whole, the next ones in three lines: what, where, and what happened. Conversations
    /// in which nothing was found have one line each, in the list at the end.
    case usual
    /// Every finding and every conversation whole.
    case full
}
