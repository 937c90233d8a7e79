import WebSocketCaptures

/// The bytes of a stream that one packet carried: a range of a buffer in which such ranges follow each other.
struct StreamPiece: Sendable {
    let range: Range<Int>
    let packetPosition: PacketPosition?
}

extension ArraySlice<StreamPiece> {
    /// The range of the bytes of all pieces in their buffer. There must be at least one piece.
    var range: Range<Int> { self[startIndex].range.lowerBound..<self[endIndex - 1].range.upperBound }
}

/// Finds the pieces that contain given bytes, which must be asked for in order.
struct PieceCursor {
    private let pieces: ArraySlice<StreamPiece>
    private var current: Int

    /// - Parameter pieces: at least one piece.
    init(_ pieces: ArraySlice<StreamPiece>) {
        self.pieces = pieces
        current = pieces.startIndex
    }

    /// The pieces up to and including the one that was found last.
    var passed: ArraySlice<StreamPiece> { pieces[...current] }

    /// Returns the position of a byte in the capture.
    ///
    /// - Parameter index: its index in the bytes of all pieces, not less than in the previous call.
    mutating func packetPosition(of index: Int) -> PacketPosition? {
        let place = pieces[pieces.startIndex].range.lowerBound + index
        while pieces[current].range.upperBound <= place { current += 1 }
        return pieces[current].packetPosition
    }
}
