import WebSocketFrames

/// Checks whether a client uses a fresh masking key for every frame, as RFC 6455 §5.3 requires.
struct MaskingKeyCount {
    /// The number of frames with the same key from which on it is no coincidence: 2⁻⁶⁴.
    private static let minimumFrames = 3
    /// The number of frames that are examined in the first piece of a stream that is judged quickly.
    private static let maximumExamined = 256

    private var first: MaskingKey?
    private var frames = 0
    private var isOne = true

    /// The one key of all masked frames so far, if there are enough of them; otherwise nil.
    var constantKey: MaskingKey? { isOne && frames >= Self.minimumFrames ? first : nil }
    /// The number of masked frames that were seen.
    var count: Int { frames }

    /// Notes a frame.
    mutating func add(_ header: EncodedFrameHeader) {
        guard let key = header.maskingKey else { return }
        if first == nil { first = key }
        isOne = isOne && key == first
        frames += 1
    }

    /// Notes the frames at the beginning of a stream, going from header to header.
    mutating func look(at bytes: Span<UInt8>) {
        var at = 0
        for _ in 0..<Self.maximumExamined where at < bytes.count {
            var header = EncodedFrameHeader()
            var next = at
            while next < bytes.count, !header.isComplete, header.count < EncodedFrameHeader.maximumCount {
                header.append(bytes[next])
                next += 1
            }
            guard header.isComplete else { return }
            add(header)
            at = next.addingReportingOverflow(Int(clamping: header.payloadLength)).partialValue
            guard at >= next else { return }
        }
    }
}
