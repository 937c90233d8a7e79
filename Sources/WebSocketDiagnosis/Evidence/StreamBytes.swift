/// The known bytes of one direction: a part of the stream without a gap, as it arrived.
///
/// A diagnosis follows every explanation from frame to frame to the end of the bytes, so it should get the whole
/// stream if that is no more than a few MiB, and otherwise the window that ``Reach`` describes. An array is enough:
/// it is not copied, and all violations of a stream can share one.
public struct StreamBytes: Sendable {
    /// The number of bytes that a caller should keep and pass.
    public enum Reach {
        /// Bytes before the offending frame: 4 MiB.
        public static let before = 4 << 20
        /// Bytes after the offending field: 4 MiB.
        public static let after = 4 << 20
        /// The total that all streams of an input may keep at a time for their diagnoses: 64 MiB. Once it is used up,
        /// less is passed, which costs certainty but never makes an answer wrong.
        public static let allStreams = 64 << 20
        /// The number of headers of frames before the violation that should be passed, if the bytes do not begin with
        /// the stream.
        public static let earlierFrames = 16
    }

    /// The bytes.
    public var bytes: [UInt8]
    /// The offset in the stream of the first of ``bytes``: 0 if the stream is known from its start.
    public var offset: UInt64
    /// Whether the stream ends where ``bytes`` end. False if it continues, or may.
    public var reachesEnd: Bool

    /// Creates a part of a stream.
    public init(bytes: [UInt8], offset: UInt64 = 0, reachesEnd: Bool) {
        self.bytes = bytes
        self.offset = offset
        self.reachesEnd = reachesEnd
    }

    /// Whether bytes of the stream are missing before these, or may follow: conclusions that would need those bytes
    /// are never certain.
    public var isCut: Bool { offset != 0 || !reachesEnd }
}
