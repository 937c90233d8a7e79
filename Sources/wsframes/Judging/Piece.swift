/// A piece of a stream in a buffer that is handed on, not copied: `bytes[range]`.
struct Piece {
    var bytes: [UInt8]
    var range: Range<Int>

    var count: Int { range.count }
    var isEmpty: Bool { range.isEmpty }

    static var empty: Piece { Piece(bytes: [], range: 0..<0) }
}
