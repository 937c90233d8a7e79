/// What a parser must have counted at the end of a workload.
public struct Account: Sendable, Hashable {
    /// The number of frames, control frames included.
    public var frames: UInt64 = 0
    /// The number of messages; control frames are not messages.
    public var messages: UInt64 = 0
    /// The payload bytes handed over, control frames included, unmasked, in the order of the stream.
    public var payload = PayloadSums()

    /// The number of those bytes that were in control frames.
    public var controlPayloadCount: UInt64 = 0

    /// Creates an empty account.
    public init() {}
}

/// The number of bytes, and two running sums over them that depend on each byte's value and position (like Adler-32,
/// in 64 bits).
public struct PayloadSums: Sendable, Hashable {
    /// The number of bytes.
    public private(set) var count: UInt64 = 0
    /// The sum of the bytes.
    public private(set) var sum: UInt64 = 0
    private var sumOfSums: UInt64 = 0

    /// Creates the sums of no bytes.
    public init() {}

    /// Adds the next byte.
    @inline(__always)
    public mutating func add(_ byte: UInt8) {
        count &+= 1
        sum &+= UInt64(byte)
        sumOfSums &+= sum
    }

    /// Adds the next bytes.
    public mutating func add(_ bytes: Span<UInt8>) {
        for index in bytes.indices { add(bytes[index]) }
    }
}
