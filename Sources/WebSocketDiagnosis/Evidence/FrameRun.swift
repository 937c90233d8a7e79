internal import WebSocketFrames

/// A run of consecutive legal frames from some index on, and how improbable it is by chance.
struct FrameRun {
    /// The most frames that a run is followed for: by then it is beyond doubt.
    static let maximumFrames = 16

    /// The number of whole frames, without empty continuations: zeros would be full of them.
    private(set) var frames = 0
    /// The index after the last whole frame.
    private(set) var end: Int
    /// Whether the last frame ends with the stream.
    private(set) var isExact = false
    /// Whether another frame follows the complete ones, legal as far as it is known.
    private(set) var isCut = false
    /// How improbable they are, as weighed by ``FrameWeight``.
    private(set) var bits = 0

    /// Follows the frames that a context's sender may have sent, of any size.
    ///
    /// - Parameter index: where they begin, among the context's bytes.
    init(from index: Int, in context: ViolationContext) {
        self.init(
            from: index + context.windowStart, in: context.evidence.bytes, sender: context.sender,
            extensions: context.evidence.extensions, reachesEnd: context.evidence.reachesEnd)
    }

    /// - Parameters:
    ///   - sender: nil to infer it from the first MASK bit.
    ///   - takesBrokenText: whether a frame counts even if its text is not UTF-8.
    init(
        from start: Int, in bytes: [UInt8], sender: Endpoint?, extensions: AgreedExtensions, reachesEnd: Bool,
        takesBrokenText: Bool = false
    ) {
        end = start
        guard start >= 0, start + 1 < bytes.count else { return }
        var validator = FrameValidator(sender: sender, extensions: extensions)
        let isMasked = sender.map { $0 == .client } ?? (bytes[start + 1] & 0x80 != 0)
        if Opcode(rawValue: bytes[start]) == .continuation { Self.openMessage(&validator, isMasked: isMasked) }
        let first = bytes[start]
        // One byte repeated over and over, such as 82, is not a run of frames.
        var isUniform = true

        while frames < Self.maximumFrames, end < bytes.count {
            let rest = bytes.span.extracting(end..<bytes.count)
            let before = validator.frameCount
            do { _ = try validator.consumeFrame(rest) } catch {
                guard takesBrokenText, error.rule == .textNotUTF8, let frame = LocatedFrame(at: end, in: bytes),
                    frame.end <= bytes.count, validator.skipFrame()
                else { break }
                let judged = end + error.length + Int(truncatingIfNeeded: error.offset &- error.frameOffset)
                _ = try? validator.consumeFrame(bytes.span.extracting(min(judged, frame.end)..<frame.end))
            }
            guard validator.frameCount > before, let frame = LocatedFrame(at: end, in: bytes), frame.end <= bytes.count
            else {
                isCut = validator.header.isComplete
                break
            }
            if isUniform { isUniform = bytes[end..<frame.end].allSatisfy { $0 == first } }
            count(frame, in: bytes)
            end = frame.end
        }
        if isUniform, frames > 0 {
            bits = 0
            frames = 0
            isCut = false
        }
        isExact = reachesEnd && frames > 0 && end == bytes.count
    }

    private mutating func count(_ frame: LocatedFrame, in bytes: [UInt8]) {
        if frame.header.payloadLength == 0, !frame.header.isFinal { return }
        frames += 1
        bits += FrameWeight.bits(of: frame, in: bytes)
    }

    /// Makes a continuation legal, since a message may be open; which one cannot be known.
    private static func openMessage(_ validator: inout FrameValidator, isMasked: Bool) {
        let header = EncodedFrameHeader(
            opcode: .binary, isFinal: false, payloadLength: 0, maskingKey: isMasked ? MaskingKey(0, 0, 0, 0) : nil)
        let bytes = Array(header)
        _ = try? validator.consumeFrame(bytes.span)
    }
}
