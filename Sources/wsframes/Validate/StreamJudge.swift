import WebSocketDiagnosis
import WebSocketFrames
import WebSocketReports

/// Judges one stream piece by piece, and finds what a person wants to see around a violation: the bytes before and
/// behind it, and the last good frame.
///
/// None of that may slow down the judging of legal bytes, so nothing is written down on the way. Kept are the last
/// bytes of the piece before, and the piece in which a frame ended last, with the validator as it stood before that
/// piece: from the two the last frame can be found again when it is asked for. Memory stays at two pieces.
struct StreamJudge {
    private let source: String
    private let goesOn: Bool
    private let streamStart: UInt64
    private var validator: FrameValidator

    /// The bytes just before the current piece.
    private var tail: [UInt8] = []
    private var kept = Piece.empty
    private var validatorBeforeKept: FrameValidator
    private var keptIsSearched = true
    /// Violations that still wait for the bytes behind them.
    private var waiting: [ViolationFinding] = []
    private var lastGoodFrame: FrameRecord?
    private var bytes: UInt64 = 0
    /// The counts as they stood at the first violation.
    private var firstFailure: StreamSummary?
    private var cannotGoOn = false

    private static let contextBefore = 48
    private static let contextBehind = 32

    /// - Parameters:
    ///   - goesOn: judge on behind a violation, where the frame's end is known.
    ///   - streamStart: bytes of the input that stand before the stream.
    init(source: String, validator: FrameValidator, goesOn: Bool, streamStart: UInt64) {
        self.source = source
        self.validator = validator
        self.validatorBeforeKept = validator
        self.goesOn = goesOn
        self.streamStart = streamStart
    }

    /// Judges the next piece.
    ///
    /// - Parameter piece: its buffer may be exchanged for another one that is free.
    /// - Returns: the violations of which all is known now.
    mutating func judge(_ piece: inout Piece) -> [ViolationFinding] {
        guard !piece.isEmpty else { return [] }
        let pieceOffset = bytes
        bytes &+= UInt64(piece.count)
        extendContexts(with: piece)

        if !cannotGoOn {
            let before = validator
            find(in: piece, at: pieceOffset, validatorBefore: before)
            if validator.frames != before.frames {
                validatorBeforeKept = before
                keepTail(of: piece)
                swap(&kept, &piece)
                keptIsSearched = false
                return takeWholeContexts()
            }
        }
        keepTail(of: piece)
        return takeWholeContexts()
    }

    /// The input is at its end.
    mutating func end() -> (violations: [ViolationFinding], summary: StreamSummary) {
        let violations = waiting
        waiting = []
        var summary = firstFailure ?? makeSummary()
        summary.bytes = bytes
        summary.origin.sender = validator.sender
        return (violations, summary)
    }

    var sender: Endpoint? { validator.sender }
    var closeCode: CloseCode? { validator.closeCode }
    var usedReservedBits: Bool { validator.usedReservedBits }

    // MARK: - Violations

    private mutating func find(in piece: Piece, at pieceOffset: UInt64, validatorBefore: FrameValidator) {
        var replay = FrameReplay(from: validatorBefore)
        var start = piece.range.lowerBound
        while start < piece.range.upperBound {
            do {
                try validator.consume(piece.bytes.span.extracting(start..<piece.range.upperBound))
                return
            } catch {
                if firstFailure == nil { firstFailure = makeSummary() }
                findLastGoodFrame(before: error, in: piece, with: &replay)
                note(error, in: piece, at: pieceOffset)
                guard goesOn, validator.skipFrame() else {
                    cannotGoOn = true
                    return
                }
                start = piece.range.lowerBound + Int(validator.position &- pieceOffset)
            }
        }
    }

    /// Looks in the current piece, then in the one in which a frame ended last. When neither has a good frame, none has
    /// ended since the last time somebody asked.
    private mutating func findLastGoodFrame(
        before violation: Violation, in piece: Piece, with replay: inout FrameReplay
    ) {
        replay.advance(to: violation.frame, in: piece)
        if let frame = replay.lastGoodFrame {
            lastGoodFrame = frame
        } else if !keptIsSearched {
            // Once is enough: it does not change, and a stream of bad frames only would have it walked over for each.
            keptIsSearched = true
            var replayOfKept = FrameReplay(from: validatorBeforeKept)
            replayOfKept.advance(to: violation.frame, in: kept)
            lastGoodFrame = replayOfKept.lastGoodFrame ?? lastGoodFrame
        }
    }

    private mutating func note(_ violation: Violation, in piece: Piece, at pieceOffset: UInt64) {
        let (context, contextOffset) = contextBefore(violation, in: piece, at: pieceOffset)
        waiting.append(
            ViolationFinding(
                origin: origin, violation: violation, streamStart: streamStart, context: context,
                contextOffset: contextOffset, lastGoodFrame: lastGoodFrame))
        extendLastContext(with: piece, at: pieceOffset)
    }

    private var origin: StreamOrigin {
        StreamOrigin(source: source, connection: 0, sender: validator.sender)
    }

    private func makeSummary() -> StreamSummary {
        StreamSummary(
            origin: origin, state: validator.state, frames: validator.frames, messages: validator.messages,
            bytes: bytes, isClosed: validator.isClosed, closeCode: validator.violation?.closeCode,
            sentCloseCode: validator.closeCode)
    }

    // MARK: - Bytes around

    private func contextBefore(
        _ violation: Violation, in piece: Piece, at pieceOffset: UInt64
    ) -> (bytes: [UInt8], offset: UInt64) {
        let inPiece = Int(violation.offset &+ UInt64(violation.length) &- pieceOffset)
        let wanted = min(Self.contextBefore + violation.length, Int(clamping: violation.offset) + violation.length)
        var context: [UInt8] = []
        if wanted > inPiece { context += tail.suffix(wanted - inPiece) }
        let end = piece.range.lowerBound + inPiece
        context += piece.bytes[max(piece.range.lowerBound, end - wanted)..<end]
        return (context, violation.offset &+ UInt64(violation.length) &- UInt64(context.count))
    }

    private mutating func extendContexts(with piece: Piece) {
        for index in waiting.indices { Self.extend(&waiting[index], with: piece.bytes[piece.range]) }
    }

    private mutating func extendLastContext(with piece: Piece, at pieceOffset: UInt64) {
        let last = waiting.count - 1
        let behind = waiting[last].contextOffset &+ UInt64(waiting[last].context.count) &- pieceOffset
        Self.extend(
            &waiting[last], with: piece.bytes[(piece.range.lowerBound + Int(behind))..<piece.range.upperBound])
    }

    private static func missing(_ finding: ViolationFinding) -> Int {
        let end = finding.violation.offset &+ UInt64(finding.violation.length) &+ UInt64(contextBehind)
        return Int(end &- finding.contextOffset) - finding.context.count
    }

    private static func extend(_ finding: inout ViolationFinding, with bytes: ArraySlice<UInt8>) {
        finding.context += bytes.prefix(missing(finding))
    }

    private mutating func takeWholeContexts() -> [ViolationFinding] {
        let whole = waiting.prefix { Self.missing($0) == 0 }
        waiting.removeFirst(whole.count)
        return Array(whole)
    }

    private mutating func keepTail(of piece: Piece) {
        let bytes = piece.bytes[piece.range].suffix(Self.contextBefore + 14)
        tail = Array((tail + bytes).suffix(Self.contextBefore + 14))
    }
}
