/// The bytes of a stream that stand around the place where it is judged: kept in passing, so that a violation can be shown
/// and explained with what stands before it.
struct SurroundingBytes {
    /// How much is kept before a place that may be asked about.
    static let before = 1024
    /// How much of a frame is kept while it goes on.
    static let behind = 8192

    /// The last bytes before the current piece. `tail.count <= before + 14`
    private var tail: [UInt8] = []
    /// Bytes from ``before`` in front of the unfinished frame on. `frame.count <= before + behind`
    private var frame: [UInt8] = []
    private var frameStart: UInt64 = 0
    /// Bytes of the stream in front of the current piece.
    private(set) var position: UInt64 = 0

    /// The bytes from `lower` on up to `index` of the current piece, or as many in front of there as are still known.
    func bytes(from lower: UInt64, upTo index: Int, of piece: Span<UInt8>) -> (bytes: [UInt8], offset: UInt64) {
        var bytes: [UInt8] = []
        var start = position
        if lower < position {
            (bytes, start) = bytesInFront(from: lower)
        } else {
            start = lower
        }
        let first = start < position ? 0 : min(Int(clamping: start &- position), index)
        for byte in first..<max(index, first) { bytes.append(piece[byte]) }
        return (bytes, start)
    }

    /// What is still known of the bytes from `lower` on up to the current piece.
    private func bytesInFront(from lower: UInt64) -> (bytes: [UInt8], offset: UInt64) {
        let tailStart = position &- UInt64(tail.count)
        if lower < tailStart, frameStart &+ UInt64(frame.count) == position, !frame.isEmpty {
            let start = max(lower, frameStart)
            return (Array(frame[Int(start &- frameStart)...]), start)
        }
        let start = max(lower, tailStart)
        return (Array(tail[Int(start &- tailStart)...]), start)
    }

    /// The unfinished frame at the stream's end with what stands before it, and whether that is all of it.
    func unfinishedFrame(at offset: UInt64) -> (bytes: [UInt8], offset: UInt64, isWhole: Bool) {
        let isWhole = frameStart &+ UInt64(frame.count) == position
        return (frame, frameStart, isWhole && !frame.isEmpty)
    }

    /// The piece has been judged.
    ///
    /// - Parameter frameOffset: where the frame begins in the middle of which the piece ends; nil where it ends between two.
    mutating func pass(_ piece: Span<UInt8>, frameOffset: UInt64?) {
        let end = position &+ UInt64(piece.count)
        if let frameOffset {
            let limit = Self.before + Self.behind
            if frame.isEmpty || frameOffset >= position {
                let lower = frameOffset < UInt64(Self.before) ? 0 : frameOffset &- UInt64(Self.before)
                let index = lower &+ UInt64(limit) &- position
                (frame, frameStart) = bytes(
                    from: lower, upTo: min(piece.count, Int(clamping: index)), of: piece)
            } else if frameStart &+ UInt64(frame.count) == position, frame.count < limit {
                for byte in 0..<min(piece.count, limit - frame.count) { frame.append(piece[byte]) }
            }
        } else if !frame.isEmpty {
            frame.removeAll(keepingCapacity: false)
        }
        let kept = Self.before + 14
        let new = min(piece.count, kept)
        if tail.count + new > kept { tail.removeFirst(tail.count + new - kept) }
        for byte in (piece.count - new)..<piece.count { tail.append(piece[byte]) }
        position = end
    }
}
