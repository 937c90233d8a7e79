import WebSocketDiagnosis
public import WebSocketInspection

/// A way to present findings. What it returns is to be appended unchanged to standard output.
public protocol Report {
    /// What is reported one finding: lines with their newlines, or nothing.
    mutating func text(for finding: Finding) -> String

    /// What is reported at the end.
    mutating func closing(_ totals: Totals) -> String
}

/// What was found over all inputs.
public struct Totals: Sendable, Hashable {
    /// Inputs that were opened, or tried to be.
    public var inputs: UInt64 = 0
    /// Streams judged.
    public var streams: UInt64 = 0
    /// Those of them in which something could be judged.
    public var judgedStreams: UInt64 = 0
    /// Rules broken.
    public var violations: UInt64 = 0
    /// Things doubtful that break no rule.
    public var notices: UInt64 = 0
    /// Inputs that could not be read, or are not what they claim.
    public var errors: UInt64 = 0
    /// Frames complete before the end of their stream or its first violation.
    public var frames: UInt64 = 0
    /// Messages complete before the end of their stream or its first violation.
    public var messages: UInt64 = 0
    /// Lengths of all streams, added up.
    public var bytes: UInt64 = 0

    /// Creates totals of nothing.
    public init() {}

    /// Counts a finding. Only ``inputs`` is left to the caller: findings do not show where one ends.
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
