/// What a relay has forwarded and not yet judged, in order.
struct WaitingPieces {
    /// The approximate number of bytes that a piece takes besides its contents.
    private static let overhead = 64

    private var pieces: [RelayedConnection.Piece] = []
    private var first = 0
    /// The approximate memory that they take, in bytes.
    private(set) var size = 0

    var isEmpty: Bool { first == pieces.count }

    mutating func append(_ piece: RelayedConnection.Piece) {
        pieces.append(piece)
        size += piece.size + Self.overhead
    }

    /// Removes and returns the piece that has waited longest; nil if there is none.
    mutating func next() -> RelayedConnection.Piece? {
        guard first < pieces.count else { return nil }
        let piece = pieces[first]
        first += 1
        size -= piece.size + Self.overhead
        if first == pieces.count {
            pieces.removeAll(keepingCapacity: true)
            first = 0
        } else if first > 1_024, first > pieces.count / 2 {
            pieces.removeFirst(first)
            first = 0
        }
        return piece
    }
}
