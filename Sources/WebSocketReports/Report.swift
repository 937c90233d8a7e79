import WebSocketDiagnosis
public import WebSocketInspection

/// A way to present findings. The texts it returns are to be appended unchanged to standard output.
public protocol Report {
    /// Returns the text for one finding: lines with their newlines, or nothing.
    mutating func text(for finding: Finding) -> String

    /// Returns the text for the end.
    mutating func closing(_ totals: Totals) -> String
}

/// The totals over all inputs.
public struct Totals: Sendable, Hashable {
    /// The number of inputs that were opened, or that could not be.
    public var inputs: UInt64 = 0
    /// The number of streams found.
    public var streams: UInt64 = 0
    /// The number of those in which something could be judged.
    public var judgedStreams: UInt64 = 0
    /// The number of rules broken.
    public var violations: UInt64 = 0
    /// The number of notices: things that are doubtful but break no rule.
    public var notices: UInt64 = 0
    /// The number of inputs that could not be read, or are not what they claim to be.
    public var errors: UInt64 = 0
    /// The number of frames that were complete before the end of their stream or its first violation.
    public var frames: UInt64 = 0
    /// The number of messages that were complete before the end of their stream or its first violation.
    public var messages: UInt64 = 0
    /// The total length of all streams in bytes.
    public var bytes: UInt64 = 0

    /// Creates totals of zero.
    public init() {}

    /// Counts a finding. Only ``inputs`` is left to the caller, since findings do not show where an input ends.
    public mutating func count(_ finding: Finding) {
        switch finding {
        case .violation: violations &+= 1
        case .notice: notices &+= 1
        case .error: errors &+= 1
        case .conversation, .frame, .message, .ending: break
        case .hops(let finding): notices &+= UInt64(finding.comparison.differences.count)
        case .stream(let summary):
            streams &+= 1
            if summary.isJudged { judgedStreams &+= 1 }
            frames &+= summary.frames
            messages &+= summary.messages
            bytes &+= summary.bytes
        }
    }
}
