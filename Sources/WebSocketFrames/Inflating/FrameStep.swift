/// What ``InflatingValidator/step(_:_:)`` went over: a frame, or the part of it that has come.
public struct FrameStep: Sendable, Hashable {
    /// Bytes that were judged.
    public let count: Int
    /// How many of them, the first ones, are the header's.
    public let headerCount: Int
    /// The frame's header, as far as it has come.
    public let header: EncodedFrameHeader
    /// The frame's index in the stream, from 0.
    public let index: UInt64
    /// The frame's first byte, counted from the start of the stream.
    public let offset: UInt64
    /// The payload byte that the first one after the header is, counted from the payload's start.
    public let payloadStart: UInt64
    /// The frame has ended.
    public let isWhole: Bool
}

extension InflatingValidator {
    /// Judges the next bytes as ``consumeFrame(_:_:)`` does, and says which frame they are of: what those need to know who
    /// go from frame to frame.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes, one or more, of a frame that is not skipped.
    ///   - inflated: as in ``consume(_:_:)``.
    /// - Throws: the stream's first ``Violation``, as ``consume(_:_:)`` does.
    public mutating func step(
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
