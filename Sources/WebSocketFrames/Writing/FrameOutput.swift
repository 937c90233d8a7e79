/// A buffer that frames are appended to: `[UInt8]`, or one of the caller's own, such as NIO's `ByteBuffer`.
///
/// A frame is written directly into the buffer that is sent: its payload is copied once and masked in place.
public protocol FrameOutput {
    /// Appends bytes.
    mutating func appendBytes(_ bytes: Span<UInt8>)

    /// Masks the last `count` bytes that were appended; see ``MaskingKey/apply(to:_:from:)``.
    mutating func maskBytes(last count: Int, with key: MaskingKey)

    /// Appends a header and its payload, masked with the header's key if it has one. The default implementation appends
    /// both and masks the payload in place.
    mutating func appendFrame(_ header: EncodedFrameHeader, _ payload: Span<UInt8>)
}

extension Array: FrameOutput where Element == UInt8 {
    /// Appends bytes.
    public mutating func appendBytes(_ bytes: Span<UInt8>) {
        Kernels.append(bytes, to: &self)
    }

    /// Masks the last `count` bytes.
    @inlinable
    public mutating func maskBytes(last count: Int, with key: MaskingKey) {
        let end = self.count
        var bytes = mutableSpan
        key.apply(to: &bytes, (end - count)..<end)
    }

    /// Appends a header and its payload in one step, masked with the header's key if it has one.
    public mutating func appendFrame(_ header: EncodedFrameHeader, _ payload: Span<UInt8>) {
        Kernels.append(header, payload, to: &self)
    }
}

extension FrameOutput {
    /// Appends a header and its payload, masked with the header's key if it has one.
    @inlinable
    public mutating func appendFrame(_ header: EncodedFrameHeader, _ payload: Span<UInt8>) {
        header.withBytes { appendBytes($0) }
        appendBytes(payload)
        if let key = header.maskingKey { maskBytes(last: payload.count, with: key) }
    }

    /// Appends a header and a payload that is a collection, masked with the header's key if it has one.
    @inlinable
    mutating func append(_ header: EncodedFrameHeader, contentsOf payload: some Collection<UInt8>) {
        if Kernels.withSpan(of: payload, { appendFrame(header, $0) }) { return }
        // The collection is not contiguous.
        appendFrame(header, Array(payload).span)
    }
}
