extension PacketHeaders {
    /// Reads IEEE 802.2 with SNAP (RFC 1042): AA AA 03, an organisation, an EtherType. 06 06 03 is IP directly.
    mutating func llc(_ bytes: Span<UInt8>) -> Step {
        guard has(3) else { return short }
        if bytes[position] == 0x06, bytes[position &+ 1] == 0x06, bytes[position &+ 2] == 0x03 {
            return go(on: 3, to: .ip)
        }
        guard bytes[position] & 0xFE == 0xAA, bytes[position &+ 1] & 0xFE == 0xAA, bytes[position &+ 2] == 0x03 else {
            return .found(.other)
        }
        guard has(8) else { return short }
        let organisation = bytes.uint32(at: position &+ 2) & 0xFF_FFFF
        guard organisation == 0 || organisation == 0xF8 else { return .found(.other) }
        return go(on: 8, to: .etherType(bytes.uint16(at: position &+ 6)))
    }
}
