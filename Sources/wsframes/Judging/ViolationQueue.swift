import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

/// Violations of one stream that wait for the bytes behind them, which are shown and explain them.
struct ViolationQueue {
    /// What else explains a violation.
    struct Terms {
        var extensions: AgreedExtensions
        var offeredDeflate: Bool
    }

    private struct Waiting {
        var finding: ViolationFinding
        /// The bytes around it, from `offset` on.
        var bytes: [UInt8]
        var offset: UInt64
        /// How far behind the violation bytes are wanted.
        let wantedEnd: UInt64
        let isExplained: Bool

        var missing: Int { Int(clamping: Int64(bitPattern: wantedEnd &- offset)) - bytes.count }

        mutating func extend(with piece: Span<UInt8>, from start: Int) {
            for index in start..<min(piece.count, start + max(missing, 0)) { bytes.append(piece[index]) }
        }
    }

    private let terms: Terms
    private var waiting: [Waiting] = []
    private var explained = 0

    /// As many violations of a stream are explained; those behind them mostly follow from them.
    private static let mostExplained = 8
    private static let shownBefore: UInt64 = 48
    private static let shownBehind: UInt64 = 32

    init(terms: Terms) {
        self.terms = terms
    }

    /// A violation was found in a piece.
    ///
    /// - Parameters:
    ///   - end: the index in the piece behind the offending field.
    mutating func add(_ finding: ViolationFinding, at end: Int, of piece: Span<UInt8>, with around: SurroundingBytes) {
        let violation = finding.violation
        let isExplained = explained < Self.mostExplained
        if isExplained { explained += 1 }
        let judged = violation.offset &+ UInt64(violation.length)
        let before = isExplained ? UInt64(SurroundingBytes.before) : Self.shownBefore
        // Of a long payload the bytes around the fault, else those around the frame's start.
        let isNear = violation.offset &- violation.frameOffset < UInt64(SurroundingBytes.behind / 2)
        let place = isExplained && isNear ? violation.frameOffset : violation.offset
        let (bytes, offset) = around.bytes(from: place < before ? 0 : place &- before, upTo: end, of: piece)
        let behind = isExplained ? UInt64(SurroundingBytes.behind) : Self.shownBehind
        var new = Waiting(
            finding: finding, bytes: bytes, offset: offset, wantedEnd: judged.addingClamped(behind),
            isExplained: isExplained)
        new.extend(with: piece, from: end)
        waiting.append(new)
    }

    /// The next piece of the stream.
    mutating func extend(with piece: Span<UInt8>) {
        for index in waiting.indices { waiting[index].extend(with: piece, from: 0) }
    }

    /// The violations of which all is known now, in their order.
    mutating func takeWhole() -> [ViolationFinding] {
        let count = waiting.prefix { $0.missing <= 0 }.count
        guard count > 0 else { return [] }
        defer { waiting.removeFirst(count) }
        return waiting.prefix(count).map { finding(of: $0, isAtEnd: false) }
    }

    /// The stream is at its end: all of them.
    mutating func takeAll() -> [ViolationFinding] {
        defer { waiting = [] }
        return waiting.map { finding(of: $0, isAtEnd: true) }
    }

    private func finding(of waiting: Waiting, isAtEnd: Bool) -> ViolationFinding {
        var finding = waiting.finding
        let violation = finding.violation
        if waiting.isExplained {
            finding.diagnosis = Diagnosis.of(
                Evidence(
                    cause: .violation(violation), sender: finding.origin.sender, bytes: waiting.bytes,
                    offset: waiting.offset, reachesEnd: isAtEnd && waiting.missing > 0,
                    lastGoodFrame: finding.lastGoodFrame, extensions: terms.extensions,
                    offeredDeflate: terms.offeredDeflate))
        }
        let start = max(
            waiting.offset, violation.offset < Self.shownBefore ? 0 : violation.offset &- Self.shownBefore)
        let end = violation.offset &+ UInt64(violation.length) &+ Self.shownBehind
        let first = min(Int(clamping: start &- waiting.offset), waiting.bytes.count)
        let last = min(Int(clamping: end &- waiting.offset), waiting.bytes.count)
        finding.context = Array(waiting.bytes[first..<max(first, last)])
        finding.contextOffset = start
        return finding
    }
}

extension UInt64 {
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
