extension [UInt8] {
    /// Creates an array from the bytes of a span.
    package init(copying bytes: Span<UInt8>) {
        self = []
        append(bytes)
    }

    /// Appends the bytes of a span with one copy.
    package mutating func append(_ bytes: Span<UInt8>) {
        Kernels.append(bytes, to: &self)
    }
}

extension MutableSpan<UInt8> {
    /// Copies `source` to `index`, where there must be room for it.
    package mutating func copy(_ source: Span<UInt8>, at index: Int) {
        Kernels.copy(source, to: &self, at: index)
    }
}
