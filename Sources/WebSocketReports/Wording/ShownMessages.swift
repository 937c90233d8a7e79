/// What a report of frames shows of messages.
public enum ShownMessages: Sendable, Hashable {
    /// Frames, no messages.
    case no
    /// Messages in place of data frames: the first lines of each.
    case beginnings
    /// Messages in place of data frames, in full.
    case whole
}
