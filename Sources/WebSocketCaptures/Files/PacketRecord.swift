/// What a capture says about one packet, besides its bytes.
public struct PacketRecord: Sendable, Hashable {
    /// Its number in the file and when it was captured.
    public var packetPosition: PacketPosition
    /// The link layer that its first byte belongs to.
    public var link: LinkType
    /// Its length on the wire, in bytes: more than was captured if the snap length cut it off.
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
