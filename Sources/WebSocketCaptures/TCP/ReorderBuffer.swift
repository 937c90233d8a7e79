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
        let place = place { $0.end >= position }
        return bounds(at: place)?.lowerBound
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
        var place = self.place { $0.end > start }
        while position < end {
            let covered = bounds(at: place)
            if let covered, covered.lowerBound <= position {
                if contradiction == nil {
                    contradiction = firstDifference(
                        at: place, position..<min(covered.upperBound, end), payload, from: start)
                }
                position = covered.upperBound
                place = next(to: place)
                continue
            }
            let stop = min(end, covered?.lowerBound ?? end)
            guard cost &+ Int(stop &- position) &+ AssemblyLimits.pieceOverhead <= ceiling else { return false }
            let fresh = payload.extracting(Int(position &- start)..<Int(stop &- start))
            insert(
                Piece(start: position, bytes: Array(copying: fresh), cutEnd: stop, packetPosition: packetPosition),
                at: &place)
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

    /// A run, and an index in it; after the last piece it is the last run's end.
    private struct Place {
        var run: Int
        var index: Int
    }

    /// Returns the first piece for which `isAfter` is true, as it is for all after that one.
    private func place(_ isAfter: (Piece) -> Bool) -> Place {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low &+ high) / 2
            if let last = runs[middle].last, isAfter(last) { high = middle } else { low = middle &+ 1 }
        }
        guard low < runs.count else { return Place(run: max(low &- 1, 0), index: runs.last?.count ?? 0) }
        let run = low
        low = 0
        high = runs[run].count
        while low < high {
            let middle = (low &+ high) / 2
            if isAfter(runs[run][middle]) { high = middle } else { low = middle &+ 1 }
        }
        return Place(run: run, index: low)
    }

    private func bounds(at place: Place) -> Range<Int64>? {
        guard place.run < runs.count, place.index < runs[place.run].count else { return nil }
        return runs[place.run][place.index].start..<runs[place.run][place.index].end
    }

    private func firstDifference(
        at place: Place, _ range: Range<Int64>, _ payload: Span<UInt8>, from start: Int64
    ) -> Int64? {
        let first = runs[place.run][place.index].start
        return range.first {
            runs[place.run][place.index].bytes[Int($0 &- first)] != payload[Int($0 &- start)]
        }
    }

    private func next(to place: Place) -> Place {
        if place.index &+ 1 >= runs[place.run].count, place.run &+ 1 < runs.count {
            return Place(run: place.run &+ 1, index: 0)
        }
        return Place(run: place.run, index: place.index &+ 1)
    }

    /// Inserts a piece at `place`, and moves that after it.
    private mutating func insert(_ piece: Piece, at place: inout Place) {
        cost &+= piece.bytes.count &+ AssemblyLimits.pieceOverhead
        if runs.isEmpty { runs.append([]) }
        runs[place.run].insert(piece, at: place.index)
        let count = runs[place.run].count
        if count > Self.longestRun {
            let half = count / 2
            runs.insert(Array(runs[place.run][half...]), at: place.run &+ 1)
            runs[place.run].removeSubrange(half...)
            if place.index >= half { place = Place(run: place.run &+ 1, index: place.index &- half) }
        }
        place = next(to: place)
    }

    /// Notes that the payload which ended at `end` went on up to `cutEnd` on the wire.
    private mutating func markCut(_ end: Int64, _ cutEnd: Int64, at packetPosition: PacketPosition, ceiling: Int)
        -> Bool
    {
        var place = self.place { $0.start > end }
        var last = place
        if last.index > 0 {
            last.index &-= 1
        } else if last.run > 0 {
            last = Place(run: last.run &- 1, index: runs[last.run &- 1].count &- 1)
        }
        if let bounds = bounds(at: last), bounds.lowerBound <= end, bounds.upperBound >= end {
            runs[last.run][last.index].cutEnd = max(runs[last.run][last.index].cutEnd, cutEnd)
            return true
        }
        guard cost &+ AssemblyLimits.pieceOverhead <= ceiling else { return false }
        insert(Piece(start: end, bytes: [], cutEnd: cutEnd, packetPosition: packetPosition), at: &place)
        return true
    }
}
