import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

/// Violations of one stream that wait for the bytes after them, which are shown and explain them.
struct ViolationQueue {
    /// What else explains a violation.
    struct Terms {
        var extensions: AgreedExtensions
        var offeredDeflate: Bool
        /// What all streams of the input may keep waiting.
        var budget = WaitingBudget()
        /// What all streams of the input may keep of the bytes before the place where they stand.
        var kept = WaitingBudget()
    }

    private struct Waiting {
        var finding: ViolationFinding
        /// The bytes around it, from `offset` on.
        var bytes: [UInt8]
        var offset: UInt64
        /// How far after the violation bytes are wanted.
        let wantedEnd: UInt64
        let isExplained: Bool

        var missing: Int { Int(clamping: Int64(bitPattern: wantedEnd &- offset)) - bytes.count }
        /// About what it takes in memory.
        var cost: Int { 512 + bytes.count }

        mutating func extend(with piece: Span<UInt8>, from start: Int) {
            bytes.append(piece, start..<max(start, min(piece.count, start + missing)))
        }
    }

    private let terms: Terms
    private var waiting: [Waiting] = []
    /// Which of them lack bytes, in their order.
    private var lacking: [Int] = []
    private var explained = 0

    /// As many violations of a stream are explained; those after them mostly follow from them.
    private static let mostExplained = 8
    private static let shownBefore: UInt64 = 48
    private static let shownAfter: UInt64 = 32

    init(terms: Terms) {
        self.terms = terms
    }

    /// A violation was found in a piece.
    ///
    /// - Parameters:
    ///   - end: the index in the piece after the offending field.
    mutating func add(_ finding: ViolationFinding, at end: Int, of piece: Span<UInt8>, with around: SurroundingBytes) {
        let violation = finding.violation
        let isExplained = explained < Self.mostExplained
        if isExplained { explained += 1 }
        let judged = violation.offset &+ UInt64(violation.length)
        let before = isExplained ? UInt64(around.reach.before) : Self.shownBefore
        // Of a long payload the bytes around the fault, else those around the frame's start.
        let isNear = violation.offset &- violation.frameOffset < UInt64(around.reach.after / 2)
        let place = isExplained && isNear ? violation.frameOffset : violation.offset
        let (bytes, offset) = around.bytes(from: place < before ? 0 : place &- before, upTo: end, of: piece)
        let after = isExplained ? UInt64(around.reach.after) : Self.shownAfter
        var new = Waiting(
            finding: finding, bytes: bytes, offset: offset, wantedEnd: judged.addingClamped(after),
            isExplained: isExplained)
        new.extend(with: piece, from: end)
        terms.budget.used += new.cost
        if new.missing > 0 { lacking.append(waiting.count) }
        waiting.append(new)
    }

    /// The next piece of the stream.
    mutating func extend(with piece: Span<UInt8>) {
        guard !lacking.isEmpty else { return }
        for index in lacking {
            terms.budget.used -= waiting[index].cost
            waiting[index].extend(with: piece, from: 0)
            terms.budget.used += waiting[index].cost
        }
        lacking.removeAll { waiting[$0].missing <= 0 }
    }

    /// The violations of which all is known now, in their order; where too much waits in all, those that lack bytes too.
    mutating func takeWhole() -> [ViolationFinding] {
        guard !waiting.isEmpty else { return [] }
        guard terms.budget.used <= terms.budget.ceiling else { return takeAll(reachesEnd: false) }
        return take(lacking.first ?? waiting.count, reachesEnd: false)
    }

    /// Nothing more will come: all of them.
    ///
    /// - Parameter reachesEnd: the stream has ended there, and not only what is known of it.
    mutating func takeAll(reachesEnd: Bool) -> [ViolationFinding] {
        take(waiting.count, reachesEnd: reachesEnd)
    }

    private mutating func take(_ count: Int, reachesEnd: Bool) -> [ViolationFinding] {
        guard count > 0 else { return [] }
        let taken = waiting.prefix(count)
        for waiting in taken { terms.budget.used -= waiting.cost }
        defer {
            waiting.removeFirst(count)
            lacking = lacking.filter { $0 >= count }.map { $0 - count }
        }
        return taken.map { finding(of: $0, reachesEnd: reachesEnd && $0.missing > 0) }
    }

    private func finding(of waiting: Waiting, reachesEnd: Bool) -> ViolationFinding {
        var finding = waiting.finding
        let violation = finding.violation
        if waiting.isExplained {
            finding.diagnosis = Diagnosis.of(
                Evidence(
                    cause: .violation(violation), sender: finding.origin.sender, bytes: waiting.bytes,
                    offset: waiting.offset, reachesEnd: reachesEnd, lastGoodFrame: finding.lastGoodFrame,
                    extensions: terms.extensions, offeredDeflate: terms.offeredDeflate))
        }
        let start = max(
            waiting.offset, violation.offset < Self.shownBefore ? 0 : violation.offset &- Self.shownBefore)
        let end = violation.offset &+ UInt64(violation.length) &+ Self.shownAfter
        let first = min(Int(clamping: start &- waiting.offset), waiting.bytes.count)
        let last = min(Int(clamping: end &- waiting.offset), waiting.bytes.count)
        finding.context = Array(waiting.bytes[first..<max(first, last)])
        finding.contextOffset = start
        return finding
    }
}

/// How much all streams of an input together keep in memory for one purpose: bytes that passed, or violations that wait.
final class WaitingBudget {
    /// Where they take more, streams stop to wait, and keep little.
    let ceiling: Int
    var used = 0

    init(ceiling: Int = StreamBytes.Reach.allStreams) {
        self.ceiling = ceiling
    }
}

extension UInt64 {
    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
