/// The known bytes of one direction: a part of the stream without a gap, as it arrived.
///
/// A diagnosis follows every explanation from frame to frame to the end of what it is given, so it should be given the
/// whole stream where that is no more than a few MiB, else the window that ``Reach`` describes. An array is enough: it
/// is not copied, and all violations of a stream can share one.
public struct StreamBytes: Sendable {
    /// How much a caller should keep and give.
    public enum Reach {
        /// Bytes before the offending frame's first: 4 MiB.
        public static let before = 4 << 20
        /// Bytes after the offending field: 4 MiB.
        public static let after = 4 << 20
        /// What all streams of an input may keep at the same time for their diagnoses: 64 MiB. Where it is used up,
        /// less is given, which costs certainty and never makes an answer wrong.
        public static let allStreams = 64 << 20
        /// How many headers of the last frames before the violation should be given, where the bytes do not begin with
        /// the stream.
        public static let earlierFrames = 16
    }

    /// The bytes.
    public var bytes: [UInt8]
    /// The offset in the stream of the first of ``bytes``: 0 if the stream is known from its start.
    public var offset: UInt64
    /// The stream ends where ``bytes`` end. False where it goes on, or may.
    public var reachesEnd: Bool

    /// Creates a part of a stream.
    public init(bytes: [UInt8], offset: UInt64 = 0, reachesEnd: Bool) {
        self.bytes = bytes
        self.offset = offset
        self.reachesEnd = reachesEnd
    }

    /// Bytes of the stream are missing before these, or may follow them: what is concluded from them is never certain
    /// where it needed to be followed further.
    public var isCut: Bool { offset != 0 || !reachesEnd }
}
