internal import WebSocketFrames

/// Whether a payload is meaningful at the place that a hypothesis claims for it.
enum ExplainedPayload {
    /// Returns how strongly a payload supports the claim that it is at this place, in bits.
    ///
    /// - Parameters:
    ///   - header: the header, of which the first byte matters.
    ///   - ranges: the ranges of the payload: more than one if other bytes are in the middle of it.
    ///   - key: the masking key.
    ///   - isText: whether it is text although its frame is a continuation, and may begin inside a character.
    static func bits(
        _ header: EncodedFrameHeader, _ ranges: [Range<Int>], key: MaskingKey?, isText: Bool = false, in bytes: [UInt8]
    ) -> Int {
        let length = ranges.reduce(0) { $0 + $1.count }
        guard length > 0 else { return 0 }
        if header.reservedBits == .rsv1 { return compressed(header, ranges, key: key, in: bytes) }
        guard header.reservedBits.isEmpty else { return 0 }
        if header.opcode == .continuation, isText { return continued(header, ranges, key: key, in: bytes) }
        guard header.opcode == .text else { return 0 }
        // The kernels read it in place.
        var validator = FrameValidator(sender: key == nil ? .server : .client)
        let text = EncodedFrameHeader(
            opcode: .text, isFinal: header.isFinal, payloadLength: UInt64(length), maskingKey: key)
        do {
            try validator.consume(Array(text).span)
            for range in ranges { try validator.consume(bytes.span.extracting(range)) }
        } catch { return -30 }
        let first = sample(ranges, from: 0, key: key, in: bytes)
        let last = sample(ranges, from: max(length - sampleCount, 0), key: key, in: bytes)
        guard CleanText.holds(first, isCut: true), last.allSatisfy({ $0 >= 0x80 || CleanText.isASCII($0) }) else {
            return -4
        }
        let isClosed = closes(first, last)
        return (key == nil ? min(length / 4, 8) : min(length, 24)) + (isClosed ? 8 : 0)
    }

    private static let sampleCount = 64

    /// Weighs text that continues from an earlier frame.
    private static func continued(
        _ header: EncodedFrameHeader, _ ranges: [Range<Int>], key: MaskingKey?, in bytes: [UInt8]
    ) -> Int {
        var text: [UInt8] = []
        for range in ranges { text += bytes[range] }
        let count = text.count
        var span = text.mutableSpan
        key?.apply(to: &span, 0..<count)
        let rest = text[text.prefix(3).prefix { $0 & 0xC0 == 0x80 }.count...]
        guard !rest.isEmpty else { return 0 }
        return CleanText.holds(rest, isCut: !header.isFinal)
            ? (key == nil ? min(count / 4, 8) : min(count, 24)) : -4
    }

    /// Returns whether a JSON value begins with the first bytes and its last bracket is at the end.
    private static func closes(_ first: [UInt8], _ last: [UInt8]) -> Bool {
        guard let open = first.first(where: { $0 > 0x20 }), let end = last.last(where: { $0 > 0x20 }) else {
            return false
        }
        return (open == 0x7B && end == 0x7D) || (open == 0x5B && end == 0x5D)
    }

    /// Returns up to 64 bytes of a payload, unmasked.
    private static func sample(_ ranges: [Range<Int>], from start: Int, key: MaskingKey?, in bytes: [UInt8]) -> [UInt8]
    {
        var position = 0
        var sample: [UInt8] = []
        for range in ranges {
            let skipped = min(max(start - position, 0), range.count)
            for index in range.dropFirst(skipped).prefix(sampleCount - sample.count) {
                let at = UInt64(position + index - range.lowerBound)
                sample.append(bytes[index] ^ (key.map { $0[at] } ?? 0))
            }
            position += range.count
        }
        return sample
    }

    /// Weighs compressed data: DEFLATE that inflates to its end can hardly be anything else. If it does not, it may
    /// need the messages before it.
    private static func compressed(
        _ header: EncodedFrameHeader, _ ranges: [Range<Int>], key: MaskingKey?, in bytes: [UInt8]
    ) -> Int {
        let length = ranges.reduce(0) { $0 + $1.count }
        guard header.isFinal, length >= 8, length <= Inflate.maximumOutput else { return 0 }
        var payload: [UInt8] = []
        for range in ranges { payload += bytes[range] }
        var span = payload.mutableSpan
        key?.apply(to: &span, 0..<length)
        guard case .whole(let output) = Inflate.message(payload, isWhole: true), output.count >= 8 else { return 0 }
        return header.opcode == .text && CleanText.holds(output) ? 24 : 12
    }
}
