/// Judges the frames that one endpoint sent, and only reads them: the first API to the machine.
///
/// Feed it the bytes after the HTTP handshake as they come, in pieces of any size. It keeps no byte but those of an
/// unfinished header, allocates nothing, and gives the same verdict however the stream is cut:
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
/// "Need more bytes" is a normal return. Whether the stream may end where it stands is asked separately: ``state``.
public struct FrameValidator: Sendable {
    private var machine: FrameMachine

    /// Creates a validator at the start of a stream.
    ///
    /// - Parameters:
    ///   - sender: who sends the stream; nil to read it off the first frame's MASK bit.
    ///   - extensions: what the handshake agreed on.
    ///   - limits: how much the receiver takes; no limit unless given.
    public init(sender: Endpoint?, extensions: AgreedExtensions = .none, limits: Limits = .none) {
        machine = FrameMachine(sender: sender, extensions: extensions, limits: limits)
    }

    /// The same.
    ///
    /// - Parameter inflates: messages with RSV1 are inflated by the caller, and limited by what they inflate to.
    init(sender: Endpoint?, extensions: AgreedExtensions, limits: Limits, inflates: Bool) {
        machine = FrameMachine(sender: sender, extensions: extensions, limits: limits, inflates: inflates)
    }

    /// Judges the next bytes of the stream, all of them.
    ///
    /// - Throws: the stream's first ``Violation``, as soon as the last byte of the offending field is there; the bytes
    ///   after it are not looked at. From then on every call throws the same violation again, until ``skipFrame()``.
    public mutating func consume(_ bytes: Span<UInt8>) throws(Violation) {
        _ = try consume(bytes, frameByFrame: false)
    }

    /// Judges the next bytes of the stream up to the end of the current frame. The rest is to be fed again, from there
    /// on. `bytes` may be empty.
    ///
    /// - Returns: how many bytes that were: all of them when the frame goes on after them.
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

    /// Goes on after a violation. The rest of the offending frame will be skipped unjudged, and judging starts
    /// again with the next one. Feed it the bytes after the offending field: they start at ``position``.
    ///
    /// - Returns: false when there is no violation, or when the frame's end cannot be known (`length-overflow`).
    public mutating func skipFrame() -> Bool {
        machine.recover()
    }
}

extension FrameValidator {
    /// Whether the stream may end where it stands.
    public var state: StreamState { machine.state }

    /// The violation that ended the stream; nil while there is none.
    public var violation: Violation? { machine.violation }

    /// Who sends the stream; nil until the first MASK bit has come, where the caller did not.
    public var sender: Endpoint? { machine.sender }

    /// Bytes judged so far; after a violation, the first byte after the offending field.
    public var position: UInt64 { machine.position }

    /// Frames that have ended, control frames included.
    public var frameCount: UInt64 { machine.frameCount }

    /// Messages that have ended. Control frames are not messages.
    public var messageCount: UInt64 { machine.messageCount }

    /// A whole Close has arrived: only control frames may follow (RFC 6455 §5.5.1).
    public var isClosed: Bool { machine.marks.contains(.closed) }

    /// The code of the stream's first Close; nil while there is none, or where it carries none.
    public var closeCode: CloseCode? {
        isClosed && machine.closeCode != 0 ? CloseCode(rawValue: machine.closeCode) : nil
    }

    /// Some frame had a reserved bit set that an agreed extension claims.
    public var usedReservedBits: Bool { machine.marks.contains(.usedReservedBits) }

    /// The header of the frame that has begun and not ended, as far as it has arrived; empty between two frames.
    public var header: EncodedFrameHeader { machine.header }

    /// The first byte of the frame that has begun and not ended, or of the next one, counted in bytes from the start of
    /// the stream.
    public var frameOffset: UInt64 { machine.frameOffset }

    /// The current frame broke a rule, and is skipped unjudged (see ``skipFrame()``).
    public var isSkipping: Bool { machine.marks.contains(.skipping) }
}
