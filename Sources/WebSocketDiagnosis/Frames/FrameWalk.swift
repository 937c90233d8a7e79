public import WebSocketCaptures
public import WebSocketFrames

/// Walks through a stream frame by frame: judges it, and shows every frame.
public struct FrameWalk: Sendable {
    /// No more payload bytes than these are shown of a frame.
    public static let previewCount = 125

    /// The judge, as it stands.
    public private(set) var validator: FrameValidator

    /// Begins a walk.
    public init(validator: FrameValidator) {
        self.validator = validator
    }

    /// Judges the next bytes of the stream, and shows each frame that ends among them.
    ///
    /// - Throws: the first ``Violation``. Go on behind it as ``FrameValidator/skipFrame()`` tells, with ``skipFrame()``.
    public mutating func read(
        _ bytes: Span<UInt8>, at moment: Moment?, _ visit: (SeenFrame) -> Void
    ) throws(Violation) {
        try validator.consume(bytes)
    }

    /// Goes on behind a violation.
    public mutating func skipFrame() -> Bool { validator.skipFrame() }

    /// The frame that has begun and not ended, as far as it is known; nil between two frames.
    public var unfinishedFrame: SeenFrame? { nil }
}
