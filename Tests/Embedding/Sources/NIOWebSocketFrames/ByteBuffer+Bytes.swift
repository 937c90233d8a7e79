public import NIOCore
public import WebSocketFrames

// The only unsafe code of this library.
extension ByteBuffer {
    /// Passes bytes that have just been received to `body`, to be changed in place.
    ///
    /// `withUnsafeMutableReadableBytes` would copy them first, since the channel and the pipeline hold the buffer too
    /// while a `channelRead` runs. Neither reads it again: the channel waits to refill it, the pipeline to release
    /// it. **A handler before this one that keeps a buffer after passing it on would see it change, and must keep a
    /// copy.**
    func withMutableBytes<Result>(_ body: (inout MutableSpan<UInt8>) -> Result) -> Result {
        unsafe withUnsafeReadableBytes { memory in
            // Safe: the memory is initialized, was allocated to be written to, and is read by nobody else as said
            // above; any byte may be read and written as a UInt8; and the span cannot leave the closure.
            var bytes: MutableSpan<UInt8> = unsafe MutableSpan(
                _unsafeBytes: UnsafeMutableRawBufferPointer(mutating: memory))
            return body(&bytes)
        }
    }
}

extension ByteBuffer: @retroactive FrameOutput {
    /// Appends a copy of `bytes`.
    public mutating func appendBytes(_ bytes: Span<UInt8>) {
        // Safe: `bytes` of a span is unsafe only for elements with padding between them, and a UInt8 has none.
        unsafe writeBytes(bytes.bytes)
    }

    /// Masks the last `count` bytes.
    public mutating func maskBytes(last count: Int, with key: MaskingKey) {
        unsafe withUnsafeMutableReadableBytes { memory in
            // Safe: as above; and these bytes are this value's own.
            var bytes: MutableSpan<UInt8> = unsafe MutableSpan(_unsafeBytes: memory)
            key.apply(to: &bytes, (memory.count - count)..<memory.count)
        }
    }
}
