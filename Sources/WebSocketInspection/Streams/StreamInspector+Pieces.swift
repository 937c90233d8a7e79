import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

// A stream of a capture comes in pieces, as its packets brought it.
extension StreamInspector {
    /// Judges the next bytes from frame to frame.
    ///
    /// Several pieces are judged together as long as that makes no difference, since it costs much less; so up to the first
    /// violation.
    ///
    /// - Parameters:
    ///   - pieces: where they stand in the buffer and in the capture, one or more.
    ///   - see: is shown each frame that ends among them.
    ///   - meet: is given each violation in its place among the frames, as ``Meet`` says.
    ///   - tell: is told everything else.
    /// - Returns: how many of the pieces were judged: the first one at least.
    func feed(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, see: (SeenFrame) -> Void, meet: Meet,
        tell: (News) -> Void
    ) -> Int {
        guard search == nil else {
            let first = pieces[pieces.startIndex]
            byteCount &+= UInt64(first.range.count)
            // What was held until now breaks a rule only with this piece.
            searchFrame(
                buffer.extracting(first.range), at: first.packetPosition, see,
                { meet($0, $1, first.packetPosition, $3) }, tell)
            return 1
        }
        let judged = judge(mayJoin(pieces) ? pieces : pieces.prefix(1), of: buffer, see, meet, tell)
        byteCount &+= UInt64(judged.range.count)
        return judged.count
    }

    /// Judges the next bytes, which stand there in the capture.
    func feed(
        _ bytes: Span<UInt8>, at packetPosition: PacketPosition?, see: (SeenFrame) -> Void, meet: Meet,
        tell: (News) -> Void
    ) {
        guard !bytes.isEmpty else { return }
        let whole = StreamPiece(range: 0..<bytes.count, packetPosition: packetPosition)
        _ = feed([whole], of: bytes, see: see, meet: meet, tell: tell)
    }

    /// Pieces can be judged as one: nothing waits for the end of any, and of all or none frames are remembered.
    private func mayJoin(_ pieces: ArraySlice<StreamPiece>) -> Bool {
        guard pieces.count > 1, gatherer == nil, pending.isEmpty else { return false }
        return remembers || history.end &+ UInt64(pieces.range.count) <= Self.wholeCount
    }

    /// - Returns: the pieces that were judged: all, or those up to and including the one with a violation.
    func judge(
        _ pieces: ArraySlice<StreamPiece>, of buffer: Span<UInt8>, _ see: (SeenFrame) -> Void, _ meet: Meet,
        _ tell: (News) -> Void
    ) -> ArraySlice<StreamPiece> {
        var walked = Walked(pieces: pieces)
        let bytes = buffer.extracting(pieces.range)
        if isOver || isLost {
            walked.openFrame = walk.openFrameOffset
        } else {
            let remembers = remembers
            var keys = keys
            defer { self.keys = keys }
            walked = walkOn(bytes, from: history.end, in: pieces) { frame in
                keys.see(frame.record.header)
                if remembers { remember(frame.record) }
                see(frame)
            } meet: {
                meet($0, $1, $2, $3)
            }
            gatherer?.feed(bytes, at: pieces.first?.packetPosition) { tell(.message($0)) }
        }
        keep(walked, of: buffer)
        return walked.pieces
    }

    /// Adds what was judged to the history, which is to hold what it would if each piece had been judged by itself.
    private func keep(_ walked: Walked, of buffer: Span<UInt8>) {
        var rest = walked.pieces
        // Where something is dropped from any history to make room, it is dropped after each piece.
        if walked.brokenFrame != nil || !budget.hasRoom(rest.range.count) {
            while rest.count > 1 {
                history.append(buffer.extracting(rest[rest.startIndex].range))
                // There the stream stood in the same frame, or in one that has ended since.
                let frame = walked.brokenFrame ?? (isOver ? nil : walked.openFrame)
                history.pass(frameOffset: frame.flatMap { $0 < history.end ? $0 : nil }, keeping: .max)
                rest = rest.dropFirst()
            }
        }
        history.append(buffer.extracting(rest.range))
        pass(walked.openFrame)
    }

    /// The last frames are to be remembered: where the history is whole, they are found in it.
    private var remembers: Bool { hasGap || history.end > Self.wholeCount }
}
