public import NIOCore

// The only unsafe code of this library.
extension ByteBuffer {
    /// Lends bytes that have just been received, to be changed where they lie.
    ///
    /// `withUnsafeMutableReadableBytes` would copy them first, since the channel and the pipeline hold the buffer too
    /// while a `channelRead` runs. Neither looks into it again: the channel waits to fill it anew, the pipeline to let
    /// it go. **A handler in front that keeps a buffer which it passes on would see it change, and must keep a copy.**
    func withMutableBytes<Result>(_ body: (inout MutableSpan<UInt8>) -> Result) -> Result {
        unsafe withUnsafeReadableBytes { memory in
            // Safe: the memory is initialized, was allocated to be written to, and is read by nobody else as said
            // above; any byte may be read and written as a UInt8; and the span cannot leave the closure.
            var bytes: MutableSpan<UInt8> = unsafe MutableSpan(
                _unsafeBytes: UnsafeMutableRawBufferPointer(mutating: memory))
            return body(&bytes)
        }
    }

    /// Appends a copy of `bytes`.
    public mutating func write(_ bytes: Span<UInt8>) {
        // Safe: `bytes` of a span is unsafe only for elements with padding between them, and a UInt8 has none.
        unsafe writeBytes(bytes.bytes)
    }
}
