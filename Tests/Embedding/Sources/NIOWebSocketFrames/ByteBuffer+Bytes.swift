public import NIOCore

// The only unsafe code of this library.
extension ByteBuffer {
    /// Lends the readable bytes to be changed where they lie.
    ///
    /// Nothing is copied as long as nobody else holds the buffer, which is so in `channelRead`.
    mutating func withMutableBytes<Result>(_ body: (inout MutableSpan<UInt8>) -> Result) -> Result {
        // Safe: the memory is initialized and the buffer's alone while the closure runs, any byte may be read and
        // written as a UInt8, and the span cannot leave the closure.
        unsafe withUnsafeMutableReadableBytes { memory in
            var bytes: MutableSpan<UInt8> = unsafe MutableSpan(_unsafeBytes: memory)
            return body(&bytes)
        }
    }

    /// Appends a copy of `bytes`.
    public mutating func write(_ bytes: Span<UInt8>) {
        // Safe: `bytes` of a span is unsafe only for elements with padding between them, and a UInt8 has none.
        unsafe writeBytes(bytes.bytes)
    }
}
