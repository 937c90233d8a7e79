/// The known bytes of a stream: every look-up says whether the byte is known.
struct ByteWindow {
    private let bytes: [UInt8]
    private let start: UInt64

    init(_ bytes: [UInt8], at start: UInt64) {
        self.bytes = bytes
        self.start = start
    }

    /// The byte at an offset of the stream; nil if it is not at hand.
    subscript(offset: UInt64) -> UInt8? {
        let index = offset &- start
        return offset >= start && index < UInt64(bytes.count) ? bytes[Int(index)] : nil
    }

    /// The run of bytes around an offset, at most this many before it and from it on.
    func offsets(around offset: UInt64, before: UInt64, after: UInt64) -> Range<UInt64> {
        let end = start.addingReportingOverflow(UInt64(bytes.count))
        let upper = end.overflow ? .max : end.partialValue
        let first = max(start, offset > before ? offset - before : 0)
        let (last, overflow) = offset.addingReportingOverflow(after)
        let bound = min(upper, overflow ? .max : last)
        return first < bound ? first..<bound : first..<first
    }
}
