import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

// A stream of a capture arrives in pieces, one for each packet.
extension StreamInspector {
    /// Judges the next bytes from frame to frame.
    ///
    /// Several pieces are judged together, which is much faster, if that makes no difference to the findings: up to
    /// the first violation.
    ///
    /// - Parameters:
    ///   - pieces: the ranges of the bytes in `buffer`, and their positions in the capture; at least one.
    ///   - onFrame: receives each frame that ends among them.
    ///   - onViolation: receives each violation in its place among the frames, as ``ViolationVisitor`` says.
    ///   - onEvent: receives everything else.
    /// - Returns: the number of pieces that were judged, at least 1.
    func feed(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, onFrame: (SeenFrame) -> Void,
        onViolation: ViolationVisitor,
        onEvent: (Event) -> Void
    ) -> Int {
        guard search == nil else {
            let first = pieces[pieces.startIndex]
            byteCount &+= UInt64(first.range.count)
            // A violation in bytes that the search held is only found with this piece, so it has its position.
            searchFrame(
                buffer.extracting(first.range), at: first.packetPosition, onFrame,
                { onViolation($0, $1, first.packetPosition, $3) }, onEvent)
            return 1
        }
        let judged = judge(mayJoin(pieces) ? pieces : pieces.prefix(1), of: buffer, onFrame, onViolation, onEvent)
        byteCount &+= UInt64(judged.range.count)
        return judged.count
    }

    /// Judges the next bytes, which have a single position in the capture.
    func feed(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, onFrame: (SeenFrame) -> Void,
        onViolation: ViolationVisitor,
        onEvent: (Event) -> Void
    ) {
        guard !bytes.isEmpty else { return }
        let whole = StreamPiece(range: 0..<bytes.count, packetPosition: packetPosition)
        _ = feed([whole], of: bytes, onFrame: onFrame, onViolation: onViolation, onEvent: onEvent)
    }

    /// Returns whether the pieces can be judged as one: nothing waits for the end of a piece, and frames are
    /// remembered either for all pieces or for none.
    private func mayJoin(_ pieces: ArraySlice<StreamPiece>) -> Bool {
        guard pieces.count > 1, gatherer == nil, pending.isEmpty else { return false }
        return remembers || history.end &+ UInt64(pieces.range.count) <= Self.wholeCount
    }

    /// - Returns: the pieces that were judged: all of them, or those up to and including the one with a violation.
    func judge(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, _ onFrame: (SeenFrame) -> Void,
        _ onViolation: ViolationVisitor,
        _ onEvent: (Event) -> Void
    ) -> ArraySlice<StreamPiece> {
        var walked = WalkResult(pieces: pieces)
        let bytes = buffer.extracting(pieces.range)
        if isOver || isLost {
            walked.openFrame = walk.openFrameOffset
        } else {
            let remembers = remembers
            var keys = keys
            defer { self.keys = keys }
            walked = continueWalk(
                bytes, from: history.end, in: pieces,
                onFrame: { frame in
                    keys.add(frame.record.header)
                    if remembers { remember(frame.record) }
                    onFrame(frame)
                }, onViolation: onViolation)
            gatherer?.feed(bytes, at: pieces.first?.packetPosition) { onEvent(.message($0)) }
        }
        keep(walked, of: buffer)
        return walked.pieces
    }

    /// Adds what was judged to the history, which must end up as if each piece had been judged on its own.
    private func keep(_ walked: WalkResult, of buffer: Span<UInt8>) {
        var rest = walked.pieces
        // If the budget is short, histories drop bytes after each piece, so the pieces are added one by one.
        if walked.brokenFrame != nil || !budget.hasRoom(rest.range.count) {
            while rest.count > 1 {
                history.append(buffer.extracting(rest[rest.startIndex].range))
                // At that point the stream was in the same frame, or in one that has ended since.
                let frame = walked.brokenFrame ?? (isOver ? nil : walked.openFrame)
                history.pass(frameOffset: frame.flatMap { $0 < history.end ? $0 : nil }, keeping: .max)
                rest = rest.dropFirst()
            }
        }
        history.append(buffer.extracting(rest.range))
        pass(walked.openFrame)
    }

    /// Whether the last frames must be remembered: if the history is complete, they are found in it.
    private var remembers: Bool { hasGap || history.end > Self.wholeCount }
}
