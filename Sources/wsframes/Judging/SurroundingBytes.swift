/// The bytes of a stream that stand around the place where it is judged: kept in passing, so that a violation can be shown
/// and explained with what stands before it.
struct SurroundingBytes {
    /// How much is kept.
    struct Reach {
        /// How much is kept before a place that may be asked about.
        let before: Int
        /// How much of a frame is kept while it goes on, and how much after a violation explains it.
        let after: Int

        /// As much as helps to explain what happened.
        static let wide = Reach(before: 1024, after: 8192)
        /// Little, where very many streams are open at a time.
        static let narrow = Reach(before: 128, after: 512)
    }

    let reach: Reach
    /// The last bytes before the current piece. `tail.count <= tailCount`
    private var tail: [UInt8] = []
    /// Bytes from ``Reach/before`` before the unfinished frame on. `frame.count <= before + after`
    private var frame: [UInt8] = []
    private var frameStart: UInt64 = 0
    /// Bytes of the stream before the current piece.
    private(set) var position: UInt64 = 0

    /// After a header, as much is still known as before it.
    private var tailCount: Int { reach.before + 14 }

    init(reach: Reach = .wide) {
        self.reach = reach
    }

    /// The bytes from `lower` on up to `index` of the current piece, or as many before there as are still known.
    func bytes(from lower: UInt64, upTo index: Int, of piece: Span<UInt8>) -> (bytes: [UInt8], offset: UInt64) {
        var (bytes, start) = lower < position ? bytesInFront(from: lower) : ([], lower)
        let first = start < position ? 0 : min(Int(clamping: start &- position), index)
        bytes.append(piece, first..<max(index, first))
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
    var unfinishedFrame: (bytes: [UInt8], offset: UInt64, isWhole: Bool) {
        let isWhole = frameStart &+ UInt64(frame.count) == position
        return (frame, frameStart, isWhole && !frame.isEmpty)
    }

    /// The piece has been judged.
    ///
    /// - Parameter frameOffset: where the frame begins in the middle of which the piece ends; nil if it ends between two.
    mutating func pass(_ piece: Span<UInt8>, frameOffset: UInt64?) {
        if let frameOffset {
            keepFrame(at: frameOffset, piece)
        } else if !frame.isEmpty {
            // Of most streams all frames are short; of the others no room is kept either.
            frame.removeAll(keepingCapacity: frame.count <= 512)
        }
        let new = min(piece.count, tailCount)
        let surplus = tail.count + new - tailCount
        if surplus > 0 { tail.removeFirst(surplus) }
        tail.append(piece, (piece.count - new)..<piece.count)
        position &+= UInt64(piece.count)
    }

    private mutating func keepFrame(at frameOffset: UInt64, _ piece: Span<UInt8>) {
        let limit = reach.before + reach.after
        if frame.isEmpty || frameOffset >= position {
            let lower = frameOffset < UInt64(reach.before) ? 0 : frameOffset &- UInt64(reach.before)
            let end = lower &+ UInt64(limit)
            let index = end < position ? 0 : Int(clamping: end &- position)
            (frame, frameStart) = bytes(from: lower, upTo: min(piece.count, index), of: piece)
        } else if frameStart &+ UInt64(frame.count) == position, frame.count < limit {
            frame.append(piece, 0..<min(piece.count, limit - frame.count))
        }
    }
}

extension [UInt8] {
    /// Appends a part of a piece: all at once, as this is done for every piece.
    mutating func append(_ piece: Span<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let part = piece.extracting(range)
        let start = count
        append(contentsOf: repeatElement(0, count: part.count))
        var room = mutableSpan
        for index in part.indices { room[start &+ index] = part[index] }
    }
}
