/// The state of a stream where it ends or was cut off.
public enum StreamState: UInt8, Sendable, Hashable, CaseIterable {
    /// Between two messages: the stream may end here.
    case complete
    /// Inside a frame. Not a violation: more bytes might have come.
    case incompleteFrame
    /// Between two frames of one message. Not a violation either.
    case incompleteMessage
    /// A rule is broken.
    case violation

    /// The state's name in reports: `complete`, `incomplete-frame`, `incomplete-message` or `violation`.
    public var name: String {
        switch self {
        case .complete: "complete"
        case .incompleteFrame: "incomplete-frame"
        case .incompleteMessage: "incomplete-message"
        case .violation: "violation"
        }
    }
}
