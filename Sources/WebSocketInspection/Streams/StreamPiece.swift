import WebSocketCaptures

/// What one packet brought of a stream: a part of a buffer in which such parts follow each other.
struct StreamPiece: Sendable {
    let range: Range<Int>
    let packetPosition: PacketPosition?
}

extension ArraySlice<StreamPiece> {
    /// Where the bytes of all pieces, one or more, stand in their buffer.
    var range: Range<Int> { self[startIndex].range.lowerBound..<self[endIndex - 1].range.upperBound }
}

/// Finds the pieces of bytes that are asked for in their order.
struct PieceCursor {
    private let pieces: ArraySlice<StreamPiece>
    private var current: Int

    /// - Parameter pieces: one or more.
    init(_ pieces: ArraySlice<StreamPiece>) {
        self.pieces = pieces
        current = pieces.startIndex
    }

    /// The pieces up to and including the one that was found last.
    var passed: ArraySlice<StreamPiece> { pieces[...current] }

    /// Where a byte stands in the capture, by its index among those of all pieces.
    mutating func packetPosition(of index: Int) -> PacketPosition? {
        let place = pieces[pieces.startIndex].range.lowerBound + index
        while pieces[current].range.upperBound <= place { current += 1 }
        return pieces[current].packetPosition
    }
}
