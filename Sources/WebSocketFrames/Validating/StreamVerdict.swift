/// The verdict on a whole stream: the result of ``FrameValidator/verdict(on:sender:extensions:limits:)``.
public struct StreamVerdict: Sendable, Hashable {
    /// Whether the stream may end where it does.
    public let state: StreamState
    /// The first broken rule, and where; nil if none was broken.
    public let violation: Violation?
    /// Who sent the stream; nil if the caller did not say, and no MASK bit arrived.
    public let sender: Endpoint?
    /// The number of frames that ended before the violation, control frames included.
    public let frameCount: UInt64
    /// The number of messages that ended before the violation.
    public let messageCount: UInt64
    /// The code of the stream's Close; nil if there is none, or it has no code (RFC 6455 §5.5.1).
    public let closeCode: CloseCode?

    init(_ validator: FrameValidator) {
        state = validator.state
        violation = validator.violation
        sender = validator.sender
        frameCount = validator.frameCount
        messageCount = validator.messageCount
        closeCode = validator.closeCode
    }
}

extension FrameValidator {
    /// Judges a complete stream.
    ///
    /// ```swift
    /// print(FrameValidator.verdict(on: received.span, sender: .client))
    /// ```
    ///
    /// - Parameters:
    ///   - bytes: what one endpoint sent after the HTTP handshake.
    ///   - sender: which endpoint that was; nil to infer it from the first frame's MASK bit.
    ///   - extensions: what the handshake agreed on.
    ///   - limits: how much the receiver accepts; no limit by default.
    public static func verdict(
        on bytes: Span<UInt8>, sender: Endpoint?, extensions: AgreedExtensions = .none, limits: Limits = .none
    ) -> StreamVerdict {
        var validator = FrameValidator(sender: sender, extensions: extensions, limits: limits)
        // The verdict contains whatever was thrown.
        try? validator.consume(bytes)
        return StreamVerdict(validator)
    }
}

extension StreamVerdict: CustomStringConvertible {
    /// For example `complete: 3 frames, 2 messages`; if a rule is broken, the violation.
    public var description: String {
        if let violation { return violation.description }
        let frames = "\(frameCount) frame" + (frameCount == 1 ? "" : "s")
        let messages = "\(messageCount) message" + (messageCount == 1 ? "" : "s")
        return "\(state.name): \(frames), \(messages)"
    }
}
