/// A part of a stream in a buffer that is passed on without a copy: `bytes[range]`.
struct Chunk {
    var bytes: [UInt8]
    var range: Range<Int>

    var isEmpty: Bool { range.isEmpty }
}
