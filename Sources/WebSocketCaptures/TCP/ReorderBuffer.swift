import WebSocketFrames

/// A reorder buffer: bytes that arrived early, in the order of the stream.
///
/// Invariants:
///
/// 1. Pieces do not overlap: of two copies of a byte the one that arrived first stays.
/// 2. ``cost`` is the sum over all pieces of their bytes and ``AssemblyLimits/pieceOverhead``.
/// 3. Finding, inserting and removing a piece takes a time that hardly depends on how many there are: they are in
///   runs of at most ``longestRun``, none of which is empty.
struct ReorderBuffer: Sendable {
    /// The bytes of one packet.
    struct Piece: Sendable {
        /// The position of its first byte.
        let start: Int64
        /// Its bytes; none if the snap length left nothing of the packet.
        fileprivate(set) var bytes: [UInt8]
        /// Where the packet's payload ended on the wire: after ``end`` if the snap length cut it off.
        fileprivate(set) var cutEnd: Int64
        /// The packet.
        let packetPosition: PacketPosition

        /// The position after its last byte.
        var end: Int64 { start &+ Int64(bytes.count) }
    }

    private static let longestRun = 128

    private var runs: [[Piece]] = []

    /// The cost of the pieces, in bytes.
    private(set) var cost = 0

    /// Whether there are no pieces.
    var isEmpty: Bool { runs.isEmpty }

    /// Where the first piece starts.
    var firstStart: Int64? { runs.first?.first?.start }

    /// The packet of the first piece.
    var firstPacketPosition: PacketPosition? { runs.first?.first?.packetPosition }

    /// The position of the first held byte.
    var firstByte: Int64? {
        for run in runs {
            for piece in run where !piece.bytes.isEmpty { return piece.start }
        }
        return nil
    }

    /// The position after the last byte.
    var lastEnd: Int64? { runs.last?.last?.end }

    /// Returns the start of the consecutive pieces that reach `position` without a hole. A FIN at `end` counts as a
    /// byte there.
    func startOfRun(reaching position: Int64, end: Int64) -> Int64? {
        var start = Int64.max
        var reached = Int64.min
        for piece in runs.joined() {
            guard piece.start <= position else { break }
            if piece.start > reached { start = piece.start }
            reached = max(reached, piece.end)
        }
        if reached == end { reached = end &+ 1 }
        if reached >= position, start <= position { return start }
        return end == position || end == position &- 1 ? end : nil
    }

    /// Returns the start of the first piece that does not end before `position`.
    func firstStart(endingAtOrAfter position: Int64) -> Int64? {
        let index = firstPiece { $0.end >= position }
        return bounds(at: index)?.lowerBound
    }

    /// The highest position on the wire of packets that the snap length cut off.
    var lastCutEnd: Int64? { runs.lazy.joined().lazy.map(\.cutEnd).max() }

    /// Holds what is new in `payload`, whose first byte is at `start`, and which the snap length cut off if it went
    /// on up to `cutEnd`.
    ///
    /// - Parameter contradiction: set to the position of a byte that is already held and differs.
    /// - Returns: false if `ceiling` leaves no room. A part may be held then.
    mutating func hold(
        _ payload: Span<UInt8>, from start: Int64, cutEnd: Int64, at packetPosition: PacketPosition, ceiling: Int,
        contradiction: inout Int64?
    ) -> Bool {
        let end = start &+ Int64(payload.count)
        var position = start
        var index = firstPiece { $0.end > start }
        while position < end {
            let covered = bounds(at: index)
            if let covered, covered.lowerBound <= position {
                if contradiction == nil {
                    contradiction = firstDifference(
                        at: index, position..<min(covered.upperBound, end), payload, from: start)
                }
                position = covered.upperBound
                index = next(to: index)
                continue
            }
            let stop = min(end, covered?.lowerBound ?? end)
            guard cost &+ Int(stop &- position) &+ AssemblyLimits.pieceOverhead <= ceiling else { return false }
            let fresh = payload.extracting(Int(position &- start)..<Int(stop &- start))
            insert(
                Piece(start: position, bytes: Array(copying: fresh), cutEnd: stop, packetPosition: packetPosition),
                at: &index)
            position = stop
        }
        return cutEnd <= end || markCut(end, cutEnd, at: packetPosition, ceiling: ceiling)
    }

    /// Removes and returns the first piece if it starts at `position` or before it.
    mutating func takeFirst(upTo position: Int64) -> Piece? {
        guard let first = firstStart, first <= position else { return nil }
        let piece = runs[0].removeFirst()
        if runs[0].isEmpty { runs.removeFirst() }
        cost &-= piece.bytes.count &+ AssemblyLimits.pieceOverhead
        return piece
    }

    /// Drops everything.
    mutating func removeAll() {
        runs = []
        cost = 0
    }

    // MARK: Positions

    /// A run, and the index of a piece in it; after the last piece it is the last run's end.
    private struct PieceIndex {
        var run: Int
        var piece: Int
    }

    /// Returns the first piece for which `isAfter` is true, as it is for all after that one.
    private func firstPiece(_ isAfter: (Piece) -> Bool) -> PieceIndex {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low &+ high) / 2
            if let last = runs[middle].last, isAfter(last) { high = middle } else { low = middle &+ 1 }
        }
        guard low < runs.count else { return PieceIndex(run: max(low &- 1, 0), piece: runs.last?.count ?? 0) }
        let run = low
        low = 0
        high = runs[run].count
        while low < high {
            let middle = (low &+ high) / 2
            if isAfter(runs[run][middle]) { high = middle } else { low = middle &+ 1 }
        }
        return PieceIndex(run: run, piece: low)
    }

    private func bounds(at index: PieceIndex) -> Range<Int64>? {
        guard index.run < runs.count, index.piece < runs[index.run].count else { return nil }
        return runs[index.run][index.piece].start..<runs[index.run][index.piece].end
    }

    private func firstDifference(
        at index: PieceIndex, _ range: Range<Int64>, _ payload: Span<UInt8>, from start: Int64
    ) -> Int64? {
        let first = runs[index.run][index.piece].start
        return range.first {
            runs[index.run][index.piece].bytes[Int($0 &- first)] != payload[Int($0 &- start)]
        }
    }

    private func next(to index: PieceIndex) -> PieceIndex {
        if index.piece &+ 1 >= runs[index.run].count, index.run &+ 1 < runs.count {
            return PieceIndex(run: index.run &+ 1, piece: 0)
        }
        return PieceIndex(run: index.run, piece: index.piece &+ 1)
    }

    /// Inserts a piece at `index`, and moves that after it.
    private mutating func insert(_ piece: Piece, at index: inout PieceIndex) {
        cost &+= piece.bytes.count &+ AssemblyLimits.pieceOverhead
        if runs.isEmpty { runs.append([]) }
        runs[index.run].insert(piece, at: index.piece)
        let count = runs[index.run].count
        if count > Self.longestRun {
            let half = count / 2
            runs.insert(Array(runs[index.run][half...]), at: index.run &+ 1)
            runs[index.run].removeSubrange(half...)
            if index.piece >= half { index = PieceIndex(run: index.run &+ 1, piece: index.piece &- half) }
        }
        index = next(to: index)
    }

    /// Notes that the payload which ended at `end` went on up to `cutEnd` on the wire.
    private mutating func markCut(_ end: Int64, _ cutEnd: Int64, at packetPosition: PacketPosition, ceiling: Int)
        -> Bool
    {
        var index = firstPiece { $0.start > end }
        var last = index
        if last.piece > 0 {
            last.piece &-= 1
        } else if last.run > 0 {
            last = PieceIndex(run: last.run &- 1, piece: runs[last.run &- 1].count &- 1)
        }
        if let bounds = bounds(at: last), bounds.lowerBound <= end, bounds.upperBound >= end {
            runs[last.run][last.piece].cutEnd = max(runs[last.run][last.piece].cutEnd, cutEnd)
            return true
        }
        guard cost &+ AssemblyLimits.pieceOverhead <= ceiling else { return false }
        insert(Piece(start: end, bytes: [], cutEnd: cutEnd, packetPosition: packetPosition), at: &index)
        return true
    }
}
