import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// A violation that waits for the bytes after it, which are shown and explain it.
final class PendingViolation {
    /// What is known about it; complete once it ``isReady``.
    private(set) var finding: ViolationFinding
    private(set) var isReady = false
    /// Whether it is explained. In a stream that breaks rules again and again only the first violations are.
    let isDiagnosed: Bool
    /// The end of the part of the stream that is needed.
    let wantedEnd: UInt64
    /// The last frames before it.
    private let earlierFrames: [FrameRecord]

    /// The number of bytes that are shown before the offending field, and after it.
    private static let shownBefore: UInt64 = 48
    private static let shownAfter: UInt64 = 32

    init(_ finding: ViolationFinding, isDiagnosed: Bool, earlierFrames: [FrameRecord]) {
        self.finding = finding
        self.isDiagnosed = isDiagnosed
        self.earlierFrames = earlierFrames
        let after = isDiagnosed ? UInt64(StreamBytes.Reach.after) : Self.shownAfter
        wantedEnd = (finding.violation.offset &+ UInt64(finding.violation.length)).addingClamped(after)
    }

    /// The start of the bytes that it needs.
    var wantedStart: UInt64 {
        let violation = finding.violation
        let (place, before) =
            isDiagnosed
            ? (violation.frameOffset, UInt64(StreamBytes.Reach.before)) : (violation.offset, Self.shownBefore)
        return place < before ? 0 : place &- before
    }

    /// Stops waiting: the violation is explained with what is known.
    ///
    /// - Parameters:
    ///   - stream: the bytes around it.
    ///   - reachesEnd: whether the stream ends where the bytes do.
    ///   - peer: the other endpoint's stream; nil if that was not captured.
    func complete(with stream: StreamHistory, reachesEnd: Bool, agreement: Agreement, peer: StreamInspector?) {
        guard !isReady else { return }
        isReady = true
        finding.receiverCloseCode = peer?.sentClose?.code
        let violation = finding.violation
        if isDiagnosed {
            let (bytes, offset) = stream.bytes(from: wantedStart, to: wantedEnd)
            let known = StreamBytes(bytes: bytes, offset: offset, reachesEnd: reachesEnd && wantedEnd >= stream.end)
            finding.diagnosis = Diagnosis.of(
                Evidence(
                    cause: .violation(violation), sender: finding.origin.sender, stream: known,
                    lastGoodFrame: finding.lastGoodFrame, earlierFrames: earlierFrames,
                    peer: peer?.history.whole, extensions: agreement.extensions,
                    offeredDeflate: agreement.wasOffered, isUnanswered: agreement.isUnanswered))
        }
        let lower = violation.offset < Self.shownBefore ? 0 : violation.offset &- Self.shownBefore
        let upper = (violation.offset &+ UInt64(violation.length)).addingClamped(Self.shownAfter)
        (finding.context, finding.contextOffset) = stream.bytes(from: lower, to: upper)
    }
}
