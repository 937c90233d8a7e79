/// What a parser must have counted when it is through with a workload.
public struct Account: Sendable, Hashable {
    /// Frames, control frames included.
    public var frames: UInt64 = 0
    /// Messages; control frames are none.
    public var messages: UInt64 = 0
    /// The payload bytes handed over, control frames included, unmasked, in the order of the stream.
    public var payload = PayloadSums()

    /// How many of those bytes were in control frames.
    public var controlPayloadCount: UInt64 = 0

    /// Creates an empty account.
    public init() {}
}

/// How many bytes there were, and two running sums over them that see a byte's value and its place (as Adler-32 does,
/// in 64 bits).
public struct PayloadSums: Sendable, Hashable {
    /// How many bytes.
    public private(set) var count: UInt64 = 0
    /// The bytes added up.
    public private(set) var sum: UInt64 = 0
    private var sumOfSums: UInt64 = 0

    /// Creates the sums over nothing.
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
