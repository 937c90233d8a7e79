import WebSocketDiagnosis

/// The bytes of a stream that stand around the place where it is judged: kept in passing, so that a violation can be shown
/// and explained with what stands before it.
struct SurroundingBytes {
    /// How much is kept.
    struct Reach {
        /// How much is kept before a place that may be asked about.
        let before: Int
        /// How much is waited for after a violation that it explains.
        let after: Int

        /// As much as a diagnosis follows.
        static let wide = Reach(before: StreamBytes.Reach.before, after: StreamBytes.Reach.after)
        /// The same where the input may be alive: nobody wants to wait for 4 MiB.
        static let piped = Reach(before: StreamBytes.Reach.before, after: 8_192)
        /// Little, where very many streams are open at a time.
        static let narrow = Reach(before: 128, after: 512)
    }

    let reach: Reach
    /// What the tails of all streams may take; where it is used up only ``leastCount`` bytes are kept.
    private let budget: WaitingBudget
    /// The last pieces before the current one: together at least ``tailCount`` bytes where there are as many. They are
    /// taken over whole where they can be, and not copied.
    private var pieces: [Piece] = []
    /// How many bytes they hold.
    private var held = 0
    /// The beginning of the unfinished frame, with ``leastBefore`` bytes before it: for where the tail has lost it.
    private var frame: [UInt8] = []
    private var frameStart: UInt64 = 0
    private var unfinishedOffset: UInt64?
    /// Bytes of the stream before the current piece.
    private(set) var position: UInt64 = 0

    /// After a header, as much is still known as before it.
    private var tailCount: Int { reach.before + 14 }
    private static let leastBefore = 1_024
    private static let leastAfter = 8_192
    private var before: Int { min(reach.before, Self.leastBefore) }
    private var limit: Int { before + min(reach.after, Self.leastAfter) }

    init(reach: Reach = .wide, budget: WaitingBudget = WaitingBudget()) {
        self.reach = reach
        self.budget = budget
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
        let heldStart = position &- UInt64(held)
        if lower < heldStart, frameStart &+ UInt64(frame.count) == position, !frame.isEmpty {
            let start = max(lower, frameStart)
            return (Array(frame[Int(start &- frameStart)...]), start)
        }
        let start = max(lower, heldStart)
        return (heldBytes(droppingFirst: Int(start &- heldStart)), start)
    }

    private func heldBytes(droppingFirst count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(held - count, 0))
        var left = count
        for piece in pieces {
            let skipped = min(left, piece.range.count)
            left -= skipped
            bytes.append(contentsOf: piece.bytes[(piece.range.lowerBound + skipped)..<piece.range.upperBound])
        }
        return bytes
    }

    /// The unfinished frame at the stream's end with what stands before it, and whether that is all of it.
    var unfinishedFrame: (bytes: [UInt8], offset: UInt64, isWhole: Bool) {
        guard let unfinishedOffset else { return ([], frameStart, false) }
        let heldStart = position &- UInt64(held)
        guard unfinishedOffset < heldStart else {
            let lower = unfinishedOffset < UInt64(reach.before) ? 0 : unfinishedOffset &- UInt64(reach.before)
            let start = max(lower, heldStart)
            return (heldBytes(droppingFirst: Int(start &- heldStart)), start, true)
        }
        return (frame, frameStart, frameStart &+ UInt64(frame.count) == position)
    }

    /// The piece has been judged.
    ///
    /// - Parameter frameOffset: where the frame begins in the middle of which the piece ends; nil if it ends between two.
    mutating func pass(_ piece: Span<UInt8>, frameOffset: UInt64?) {
        note(piece, frameOffset)
        if let last = pieces.indices.last, pieces[last].bytes.count < Self.smallPiece,
            pieces[last].range.upperBound == pieces[last].bytes.count
        {
            pieces[last].bytes.append(piece, 0..<piece.count)
            pieces[last].range = pieces[last].range.lowerBound..<pieces[last].bytes.count
        } else {
            var new = Piece.empty
            new.bytes.append(piece, 0..<piece.count)
            new.range = 0..<piece.count
            pieces.append(new)
        }
        hold(piece.count)
        _ = dropSurplus()
    }

    /// The same for a piece that can be taken over.
    ///
    /// - Parameter piece: is exchanged for one that is free.
    mutating func pass(taking piece: inout Piece, frameOffset: UInt64?) {
        // A buffer with little in it is better copied than kept.
        guard piece.range.count >= piece.bytes.count / 2 else {
            return pass(piece.bytes.span.extracting(piece.range), frameOffset: frameOffset)
        }
        note(piece.bytes.span.extracting(piece.range), frameOffset)
        hold(piece.range.count)
        pieces.append(piece)
        piece = Piece.empty
        if let free = dropSurplus() { piece = free }
    }

    /// Nothing more is asked of the stream.
    mutating func release() {
        budget.used -= held
        held = 0
        pieces = []
    }

    /// Pieces of packets are put together up to about so many bytes.
    private static let smallPiece = 16_384

    private mutating func hold(_ count: Int) {
        held += count
        budget.used += count
    }

    private mutating func note(_ piece: Span<UInt8>, _ frameOffset: UInt64?) {
        unfinishedOffset = frameOffset
        if let frameOffset {
            keepFrame(at: frameOffset, piece)
        } else if !frame.isEmpty {
            // Of most streams all frames are short; of the others no room is kept either.
            frame.removeAll(keepingCapacity: frame.count <= 512)
        }
        position &+= UInt64(piece.count)
    }

    /// Lets go of pieces that nobody will ask for.
    ///
    /// - Returns: the last of them.
    private mutating func dropSurplus() -> Piece? {
        let wanted = budget.used <= budget.ceiling ? tailCount : min(tailCount, Self.leastBefore + 14)
        var free: Piece?
        var dropped = 0
        while dropped < pieces.count, held - pieces[dropped].range.count >= wanted {
            free = pieces[dropped]
            held -= pieces[dropped].range.count
            budget.used -= pieces[dropped].range.count
            dropped += 1
        }
        if dropped > 0 { pieces.removeFirst(dropped) }
        return free
    }

    private mutating func keepFrame(at frameOffset: UInt64, _ piece: Span<UInt8>) {
        if frame.isEmpty || frameOffset >= position {
            let lower = frameOffset < UInt64(before) ? 0 : frameOffset &- UInt64(before)
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
