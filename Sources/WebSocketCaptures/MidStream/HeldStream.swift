/// The bytes of one side that have not been decided on, with their positions in the capture.
struct HeldStream: Sendable {
    /// The most bytes that a side holds: the longest possible head, and the range in which a frame is searched for.
    static let ceiling = HandshakeReader.maximumHeadCount

    /// The most pieces that a side holds: further ones are reported with the position of the last.
    private static let maximumPieces = 4_096

    /// What followed the bytes of the side.
    enum Ending: Sendable { case gap(count: UInt64?, GapReason, continues: Bool), finished, reset }

    /// Bytes that arrived at once.
    struct Piece: Sendable {
        /// The index in ``bytes`` after its last byte.
        var end: Int
        let packetPosition: PacketPosition?
        /// Its position among everything that arrived on the connection.
        let order: UInt64
    }

    /// The bytes that have arrived; those before ``front`` have been taken.
    private(set) var bytes: [UInt8] = []
    private(set) var front = 0
    private var pieces: [Piece] = []
    private var firstPiece = 0
    private(set) var endings: [(ending: Ending, packetPosition: PacketPosition?, order: UInt64)] = []

    /// The bytes that have arrived and were not taken.
    var rest: ArraySlice<UInt8> { bytes[front...] }
    var count: Int { bytes.count - front }
    var isEmpty: Bool { bytes.count == front }
    var room: Int { Self.ceiling - count }
    /// The approximate memory that it takes.
    var cost: Int { isEmpty ? 0 : bytes.count + pieces.count * MemoryLayout<Piece>.stride }

    /// Adds bytes of `piece` from `index` on, as many as fit.
    ///
    /// - Returns: the number added.
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

    /// Adds all bytes of `piece` from `index` on to the last piece, even beyond the ceiling: they are about to be
    /// taken.
    mutating func appendRest(of piece: Span<UInt8>, from index: Int, at packetPosition: PacketPosition?) {
        guard index < piece.count, !pieces.isEmpty else { return }
        for offset in index..<piece.count { bytes.append(piece[offset]) }
        pieces[pieces.count - 1].end = bytes.count
    }

    /// Notes what followed the side's bytes; each kind only once.
    mutating func append(_ ending: Ending, at packetPosition: PacketPosition?, order: UInt64) {
        guard endings.count < 3 else { return }
        endings.append((ending, packetPosition, order))
    }

    /// Removes the first `count` bytes.
    mutating func removeFirst(_ count: Int) {
        front += min(count, self.count)
        while firstPiece < pieces.count, pieces[firstPiece].end <= front { firstPiece += 1 }
        guard isEmpty else { return }
        bytes.removeAll(keepingCapacity: bytes.capacity <= 4_096)
        pieces.removeAll(keepingCapacity: bytes.capacity <= 4_096)
        (front, firstPiece) = (0, 0)
    }

    /// Removes the next ending.
    mutating func takeEnding() {
        endings.removeFirst()
    }

    /// The piece that the next byte belongs to.
    var nextPiece: Piece? { firstPiece < pieces.count ? pieces[firstPiece] : nil }

    /// Returns the piece that contained the byte `offset` after the first held one.
    func piece(at offset: Int) -> Piece? {
        pieces[firstPiece...].first { $0.end - front > offset }
    }

    /// Returns whether the byte `offset` after the first held one is in the same piece as that.
    func isInFirstPiece(_ offset: Int) -> Bool { nextPiece.map { offset < $0.end - front } ?? false }

    /// Returns whether a piece ends `offset` bytes after the start of the held ones.
    func endsPiece(at offset: Int) -> Bool { pieces[firstPiece...].contains { $0.end - front == offset } }

    /// The position of what comes next, among everything that arrived on the connection; nil if nothing is held.
    var nextOrder: UInt64? { nextPiece?.order ?? endings.first?.order }

    /// Moves the rest to the front once that pays off: each byte is moved a bounded number of times.
    private mutating func compact() {
        guard front > bytes.count / 2 else { return }
        let moved = front
        bytes.removeFirst(moved)
        pieces.removeFirst(firstPiece)
        for index in pieces.indices { pieces[index].end -= moved }
        (front, firstPiece) = (0, 0)
    }
}
