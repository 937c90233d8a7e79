/// A position in a capture.
public struct PacketPosition: Sendable, Hashable {
    /// The packet's number in the file, from 1, as in packet analysers.
    public var packet: UInt64
    /// When it was captured; nil if the file does not say.
    public var time: CaptureTime?

    /// Creates a position.
    public init(packet: UInt64, time: CaptureTime?) {
        self.packet = packet
        self.time = time
    }
}

/// A point in time, in nanoseconds since 1970-01-01T00:00:00Z.
public struct CaptureTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanoseconds: UInt64

    /// Creates a point in time.
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// Returns whether the first time is earlier.
    public static func < (left: CaptureTime, right: CaptureTime) -> Bool { left.nanoseconds < right.nanoseconds }
}
