import FixtureCorpus
import WebSocketDiagnosis
import WebSocketFrames

extension Evidence {
    /// The evidence of a stream that breaks a rule or ends inside a frame; nil for any other.
    ///
    /// - Parameter fixture: the bytes, and how to judge them.
    init?(_ fixture: Fixture, offeredDeflate: Bool = false) {
        self.init(
            stream: fixture.bytes,
            validator: InflatingValidator(
                sender: fixture.sender, extensions: fixture.extensions, limits: fixture.limits),
            extensions: fixture.extensions, offeredDeflate: offeredDeflate)
        isUnanswered = fixture.sender == .client && !fixture.handshake.isEmpty
    }

    /// The same without inflating.
    init?(
        stream: [UInt8], validator: FrameValidator, extensions: AgreedExtensions = .none, offeredDeflate: Bool = false
    ) {
        self.init(
            stream: stream, validator: InflatingValidator(validator), extensions: extensions,
            offeredDeflate: offeredDeflate)
    }

    /// Walks over the stream frame by frame, and takes a window of bytes around the fault, as a caller would.
    init?(
        stream: [UInt8], validator: InflatingValidator, extensions: AgreedExtensions = .none,
        offeredDeflate: Bool = false
    ) {
        var validator = validator
        var lastGood: FrameRecord?
        var index = 0
        var cause: Evidence.Cause?
        while index < stream.count, cause == nil {
            let before = validator.frameCount
            var header = EncodedFrameHeader()
            for byte in stream[index...].prefix(14) where !header.isComplete { header.append(byte) }
            let record = FrameRecord(index: before, offset: UInt64(index), header: header)
            do {
                index += try validator.consumeFrame(stream.span.extracting(index..<stream.count))
                if validator.frameCount > before {
                    lastGood = record
                } else {
                    cause = .unfinishedFrame(record)
                }
            } catch {
                cause = .violation(error)
            }
        }
        guard let cause else { return nil }
        self.init(
            cause: cause, sender: validator.sender, bytes: stream, offset: 0, reachesEnd: true, lastGoodFrame: lastGood,
            extensions: extensions,
            offeredDeflate: offeredDeflate)
    }
}
