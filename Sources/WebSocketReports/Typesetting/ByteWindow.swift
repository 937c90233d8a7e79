/// The known bytes of a stream: every access returns nil if the byte is not known.
struct ByteWindow {
    private let bytes: [UInt8]
    private let start: UInt64

    init(_ bytes: [UInt8], at start: UInt64) {
        self.bytes = bytes
        self.start = start
    }

    /// The byte at an offset in the stream; nil if it is not available.
    subscript(offset: UInt64) -> UInt8? {
        let index = offset &- start
        return offset >= start && index < UInt64(bytes.count) ? bytes[Int(index)] : nil
    }

    /// Returns the range of known bytes around an offset, at most `before` bytes before it and `after` bytes from it
    /// on.
    func offsets(around offset: UInt64, before: UInt64, after: UInt64) -> Range<UInt64> {
        let end = start.addingReportingOverflow(UInt64(bytes.count))
        let upper = end.overflow ? .max : end.partialValue
        let first = max(start, offset > before ? offset - before : 0)
        let (last, overflow) = offset.addingReportingOverflow(after)
        let bound = min(upper, overflow ? .max : last)
        return first < bound ? first..<bound : first..<first
    }
}
