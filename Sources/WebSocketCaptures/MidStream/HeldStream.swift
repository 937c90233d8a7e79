/// The bytes of one side that were not decided on yet, and where in the capture they stand.
struct HeldStream: Sendable {
    /// No side holds more than this many bytes. It is what a head may be long, and as far as is searched for a frame.
    static let ceiling = HandshakeReader.maximumHeadCount

    /// No side holds more pieces than this: what comes in more of them is reported with the position of the last.
    private static let maximumPieces = 4_096

    /// How the side went on after its bytes.
    enum Ending: Sendable { case gap(count: UInt64?, GapReason, goesOn: Bool), finished, reset }

    /// What came at once.
    struct Piece: Sendable {
        /// After its last byte, an index of ``bytes``.
        var end: Int
        let packetPosition: PacketPosition?
        /// Its place among all that came on the connection.
        let order: UInt64
    }

    /// What has come, and before ``front`` what was taken of it.
    private(set) var bytes: [UInt8] = []
    private(set) var front = 0
    private var pieces: [Piece] = []
    private var firstPiece = 0
    private(set) var endings: [(ending: Ending, packetPosition: PacketPosition?, order: UInt64)] = []

    /// Those that have come and were not taken.
    var rest: ArraySlice<UInt8> { bytes[front...] }
    var count: Int { bytes.count - front }
    var isEmpty: Bool { bytes.count == front }
    var room: Int { Self.ceiling - count }
    /// About what it takes in memory.
    var cost: Int { isEmpty ? 0 : bytes.count + pieces.count * MemoryLayout<Piece>.stride }

    /// Adds bytes of `piece` from `index` on, as far as there is room.
    ///
    /// - Returns: how many.
    mutating func append(_ piece: Span<UInt8>, from index: Int, at packetPosition: PacketPosition?, order: UInt64)
        -> Int
    {
        let added = min(room, piece.count - index)
        guard added > 0 else { return 0 }
        compact()
        bytes.append(addingCapacity: added) { output in
            for offset in index..<(index + added) { output.append(piece[offset]) }
        }
        if pieces.count - firstPiece < Self.maximumPieces {
            pieces.append(Piece(end: bytes.count, packetPosition: packetPosition, order: order))
        } else {
            pieces[pieces.count - 1].end = bytes.count
        }
        return added
    }

    /// Adds all bytes of `piece` from `index` on to the last piece, whether or not there is room: they are about to be
    /// taken.
    mutating func appendRest(of piece: Span<UInt8>, from index: Int, at packetPosition: PacketPosition?) {
        guard index < piece.count, !pieces.isEmpty else { return }
        for offset in index..<piece.count { bytes.append(piece[offset]) }
        pieces[pieces.count - 1].end = bytes.count
    }

    /// Notes how the side went on; of each kind only once.
    mutating func append(_ ending: Ending, at packetPosition: PacketPosition?, order: UInt64) {
        guard endings.count < 3 else { return }
        endings.append((ending, packetPosition, order))
    }

    /// Takes the first `count` bytes away.
    mutating func take(_ count: Int) {
        front += min(count, self.count)
        while firstPiece < pieces.count, pieces[firstPiece].end <= front { firstPiece += 1 }
        guard isEmpty else { return }
        bytes.removeAll(keepingCapacity: bytes.capacity <= 4_096)
        pieces.removeAll(keepingCapacity: bytes.capacity <= 4_096)
        (front, firstPiece) = (0, 0)
    }

    /// Takes the next ending away.
    mutating func takeEnding() {
        endings.removeFirst()
    }

    /// The piece that the next byte is of.
    var nextPiece: Piece? { firstPiece < pieces.count ? pieces[firstPiece] : nil }

    /// What the byte `offset` after the first held one came in.
    func piece(at offset: Int) -> Piece? {
        pieces[firstPiece...].first { $0.end - front > offset }
    }

    /// The place of what comes next, among all that came on the connection; nil if nothing is held.
    var nextOrder: UInt64? { nextPiece?.order ?? endings.first?.order }

    /// Moves the rest to the front once that is worth it: each byte is moved a bounded number of times.
    private mutating func compact() {
        guard front > bytes.count / 2 else { return }
        let moved = front
        bytes.removeFirst(moved)
        pieces.removeFirst(firstPiece)
        for index in pieces.indices { pieces[index].end -= moved }
        (front, firstPiece) = (0, 0)
    }
}
