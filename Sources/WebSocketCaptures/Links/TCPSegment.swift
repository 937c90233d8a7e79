/// The header of one TCP segment, and the range of its payload in the packet.
public struct TCPSegment: Sendable, Hashable {
    /// The bits of a TCP header that matter here.
    public struct Flags: OptionSet, Sendable, Hashable {
        /// The flags byte of the header.
        public let rawValue: UInt8
        /// Creates flags from the header's byte.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// No more bytes from the sender.
        public static let fin = Flags(rawValue: 0x01)
        /// The start of a connection.
        public static let syn = Flags(rawValue: 0x02)
        /// The connection is reset.
        public static let rst = Flags(rawValue: 0x04)
        /// The acknowledgment number is valid.
        public static let ack = Flags(rawValue: 0x10)
    }

    /// The sender.
    public var source: SocketAddress
    /// The receiver.
    public var destination: SocketAddress
    /// The sequence number of the payload's first byte (of the SYN, if that is set).
    public var sequence: UInt32
    /// The next byte that the sender expects.
    public var acknowledgment: UInt32
    /// The flags.
    public var flags: Flags
    /// The number of bytes after ``acknowledgment`` that the sender accepts, before scaling (RFC 9293 §3.1).
    public var window: UInt16
    /// The window scale option, 0...14 (RFC 7323 §2.2). Only a SYN has it; nil if there is none.
    public var windowScale: UInt8?
    /// The range of the payload among the bytes of the packet that were captured.
    public var payload: Range<Int>
    /// The number of further payload bytes that were on the wire but not captured (the snap length cut them off).
    public var missing: UInt32
    /// The ones' complement sum of everything that the checksum covers except the payload; nil if it proves nothing (see
    /// `InternetChecksum`).
    public var sumBeforePayload: UInt16?

    /// Creates a segment.
    public init(
        source: SocketAddress, destination: SocketAddress, sequence: UInt32, acknowledgment: UInt32, flags: Flags,
        window: UInt16 = .max, windowScale: UInt8? = nil, payload: Range<Int>, missing: UInt32,
        sumBeforePayload: UInt16? = nil
    ) {
        self.source = source
        self.destination = destination
        self.sequence = sequence
        self.acknowledgment = acknowledgment
        self.flags = flags
        self.window = window
        self.windowScale = windowScale
        self.payload = payload
        self.missing = missing
        self.sumBeforePayload = sumBeforePayload
    }
}
