import WebSocketFrames

/// Whether a client takes a fresh masking key for every frame, as RFC 6455 §5.3 wants.
struct MaskingKeyCount {
    /// As many frames with one key are no chance: 2⁻⁶⁴.
    private static let least = 3
    /// How many frames are examined in the first piece of a stream that is judged quickly.
    private static let mostLookedAt = 256

    private var first: MaskingKey?
    private var frames = 0
    private var isOne = true

    /// The one key of all masked frames so far, if there are enough of them; else nil.
    var constantKey: MaskingKey? { isOne && frames >= Self.least ? first : nil }
    /// How many masked frames were seen.
    var count: Int { frames }

    /// Sees a frame.
    mutating func see(_ header: EncodedFrameHeader) {
        guard let key = header.maskingKey else { return }
        if first == nil { first = key }
        isOne = isOne && key == first
        frames += 1
    }

    /// Sees the frames at the beginning of a stream, from header to header.
    mutating func look(at bytes: Span<UInt8>) {
        var at = 0
        for _ in 0..<Self.mostLookedAt where at < bytes.count {
            var header = EncodedFrameHeader()
            var next = at
            while next < bytes.count, !header.isComplete, header.count < EncodedFrameHeader.maximumCount {
                header.append(bytes[next])
                next += 1
            }
            guard header.isComplete else { return }
            see(header)
            at = next.addingReportingOverflow(Int(clamping: header.payloadLength)).partialValue
            guard at >= next else { return }
        }
    }
}
