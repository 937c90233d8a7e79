/// A part of a stream in a buffer that is handed on, not copied: `bytes[range]`.
struct Chunk {
    var bytes: [UInt8]
    var range: Range<Int>

    var isEmpty: Bool { range.isEmpty }
}
