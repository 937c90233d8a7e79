/// What a capture says of one packet, beside its bytes.
public struct PacketRecord: Sendable, Hashable {
    /// Its number in the file and when it was captured.
    public var packetPosition: PacketPosition
    /// What its first byte is the start of.
    public var link: LinkType
    /// How long it was on the wire, in bytes: more than was captured where the snap length cut it.
    public var originalLength: UInt64

    /// Creates a record.
    public init(packetPosition: PacketPosition, link: LinkType, originalLength: UInt64) {
        self.packetPosition = packetPosition
        self.link = link
        self.originalLength = originalLength
    }
}

/// A link layer, by its number in capture files (`LINKTYPE_…`).
public struct LinkType: Sendable, Hashable {
    /// The number in capture files.
    public var rawValue: UInt16

    /// Creates a link layer from its number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }
}
