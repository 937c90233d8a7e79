/// Judges the frames that one endpoint sent, without changing them: the first API to the machine.
///
/// Feed it the bytes after the HTTP handshake in pieces of any size. It keeps no bytes but those of an unfinished
/// header, allocates nothing, and gives the same verdict however the stream is cut:
///
/// ```swift
/// var validator = FrameValidator(sender: .client)
/// do {
///     try validator.consume(received.span)
/// } catch {
///     close(with: error.closeCode)  // 1002, 1007 or 1009: the peer broke error.rule
/// }
/// ```
///
/// "Need more bytes" is a normal return. ``state`` says whether the stream may end at this point.
public struct FrameValidator: Sendable {
    private var machine: FrameMachine

    /// Creates a validator at the start of a stream.
    ///
    /// - Parameters:
    ///   - sender: who sends the stream; nil to infer it from the first frame's MASK bit.
    ///   - extensions: what the handshake agreed on.
    ///   - limits: how much the receiver accepts; no limit by default.
    public init(sender: Endpoint?, extensions: AgreedExtensions = .none, limits: Limits = .none) {
        machine = FrameMachine(sender: sender, extensions: extensions, limits: limits)
    }

    /// Creates a validator for a caller that may inflate messages itself.
    ///
    /// - Parameter inflates: whether the caller inflates messages with RSV1 and limits their inflated size.
    init(sender: Endpoint?, extensions: AgreedExtensions, limits: Limits, inflates: Bool) {
        machine = FrameMachine(sender: sender, extensions: extensions, limits: limits, inflates: inflates)
    }

    /// Judges the next bytes of the stream, all of them.
    ///
    /// - Throws: the stream's first ``Violation``, as soon as the last byte of the offending field arrives; the bytes
    ///   after it are not judged. Every later call throws the same violation again, until ``skipFrame()``.
    public mutating func consume(_ bytes: Span<UInt8>) throws(Violation) {
        _ = try consume(bytes, frameByFrame: false)
    }

    /// Judges the next bytes of the stream up to the end of the current frame. Pass the rest in the next call. `bytes`
    /// may be empty.
    ///
    /// - Returns: the number of bytes that were judged: all of them if the frame continues after them.
    /// - Throws: the stream's first ``Violation``, as ``consume(_:)`` does.
    public mutating func consumeFrame(_ bytes: Span<UInt8>) throws(Violation) -> Int {
        try consume(bytes, frameByFrame: true)
    }

    @inline(__always)
    private mutating func consume(_ bytes: Span<UInt8>, frameByFrame: Bool) throws(Violation) -> Int {
        if machine.phase == .failed { throw machine.failAgain() }
        if machine.validateFastPathPayload(bytes) { return bytes.count }
        let single = machine.validateSingleFrame(bytes, from: 0)
        if single.count > 0, frameByFrame || single.count == bytes.count { return single.count }
        var index = single.count
        do throws(FrameMachine.Broken) {
            while true {
                if !frameByFrame { machine.validateFastPathFrames(bytes, &index) }
                if machine.isInHeader {
                    guard index < bytes.count, try machine.judgeHeader(bytes, &index) else { break }
                } else {
                    guard index < bytes.count || machine.remaining == 0 else { break }
                    try machine.judgePayload(bytes, &index)
                    if frameByFrame && machine.isInHeader { break }
                }
            }
        } catch {
            machine.advance(by: index &- single.count)
            throw machine.fail(error)
        }
        machine.advance(by: index &- single.count)
        return index
    }

    /// Continues after a violation. The rest of the offending frame is skipped unjudged, and judging begins again
    /// with the next frame. Pass the bytes after the offending field next: they begin at ``position``.
    ///
    /// - Returns: false if there is no violation, or if the frame's end cannot be known (`length-overflow`).
    public mutating func skipFrame() -> Bool {
        machine.recover()
    }

    /// Declares that the next `count` bytes of the stream are missing, for example from a capture. If they belong to
    /// the payload of the current frame, the rest of that frame is skipped unjudged, and judging continues with the
    /// next frame.
    ///
    /// - Returns: false, with nothing changed, if the bytes may extend beyond the current frame, or the validator is
    ///   between two frames, inside a header or at a violation. Find the next frame then, and continue with
    ///   ``resume(at:)``.
    public mutating func skipMissing(_ count: UInt64) -> Bool {
        machine.skipMissing(count)
    }

    /// Continues at the first byte of a frame, after bytes that were missing or not judged. No message may be open
    /// there. Frames and messages continue to be counted from what was judged before. At a violation this does
    /// nothing.
    ///
    /// - Parameter position: the number of bytes of the stream before the next one that is passed.
    public mutating func resume(at position: UInt64) {
        machine.resume(at: position)
    }
}

extension FrameValidator {
    /// Whether the stream may end at this point.
    public var state: StreamState { machine.state }

    /// The violation that ended the stream; nil if there is none.
    public var violation: Violation? { machine.violation }

    /// Who sends the stream; if the caller did not say, nil until the first MASK bit has arrived.
    public var sender: Endpoint? { machine.sender }

    /// The number of bytes judged so far; after a violation, up to and including the offending field.
    public var position: UInt64 { machine.position }

    /// The number of frames that have ended, control frames included.
    public var frameCount: UInt64 { machine.frameCount }

    /// The number of messages that have ended. Control frames are not messages.
    public var messageCount: UInt64 { machine.messageCount }

    /// Whether a complete Close has arrived: only control frames may follow (RFC 6455 §5.5.1).
    public var isClosed: Bool { machine.marks.contains(.closed) }

    /// The code of the stream's first Close; nil if there is none, or it has no code.
    public var closeCode: CloseCode? {
        isClosed && machine.closeCode != 0 ? CloseCode(rawValue: machine.closeCode) : nil
    }

    /// Whether some frame had a reserved bit set that belongs to an agreed extension.
    public var usedReservedBits: Bool { machine.marks.contains(.usedReservedBits) }

    /// The header of the current frame, as far as it has arrived; empty between two frames.
    public var header: EncodedFrameHeader { machine.header }

    /// The offset of the current frame, or of the next one, in bytes from the start of the stream.
    public var frameOffset: UInt64 { machine.frameOffset }

    /// Whether the current frame broke a rule and the rest of it is being skipped (see ``skipFrame()``).
    public var isSkipping: Bool { machine.marks.contains(.skipping) }
}
