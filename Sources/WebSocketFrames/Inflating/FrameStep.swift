/// The result of ``InflatingValidator/step(_:_:)``: a frame, or the part of it that has arrived.
package struct FrameStep: Sendable, Hashable {
    /// The number of bytes that were judged.
    package let count: Int
    /// How many of them belong to the header, which comes first.
    package let headerCount: Int
    /// The frame's header, as far as it has arrived.
    package let header: EncodedFrameHeader
    /// The frame's index in the stream, from 0.
    package let index: UInt64
    /// The offset of the frame's first byte, counted from the start of the stream.
    package let offset: UInt64
    /// The index in the frame's payload of the first byte after the header.
    package let payloadStart: UInt64
    /// Whether the frame has ended.
    package let isWhole: Bool
}

extension InflatingValidator {
    /// Judges the next bytes as ``consumeFrame(_:_:)`` does, and returns which frame they belong to, for callers that
    /// work frame by frame.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes, one or more, of a frame that is not skipped.
    ///   - inflated: as in ``consume(_:_:)``.
    /// - Throws: the stream's first ``Violation``, as ``consume(_:_:)`` does.
    package mutating func step(
        _ bytes: Span<UInt8>, _ inflated: (Span<UInt8>) -> Void = { _ in }
    ) throws(Violation) -> FrameStep {
        let index = frames.frameCount
        let start = frames.position
        var header = frames.header
        let known = header.count
        let offset = known == 0 ? start : frames.frameOffset
        let count = try consumeFrame(bytes, inflated)
        var headerCount = 0
        while headerCount < count, !header.isComplete {
            header.append(bytes[headerCount])
            headerCount &+= 1
        }
        let before = start &- offset
        return FrameStep(
            count: count, headerCount: headerCount, header: header, index: index, offset: offset,
            payloadStart: before &- UInt64(truncatingIfNeeded: known), isWhole: frames.frameCount != index)
    }
}
