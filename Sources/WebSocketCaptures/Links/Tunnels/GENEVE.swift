extension PacketHeaders {
    /// Reads GENEVE (RFC 8926 §3.4): the options' length in units of 4 bytes, an EtherType.
    mutating func geneve(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        guard bytes[position] & 0xC0 == 0 else { return .found(.other) }
        let length = 8 &+ Int(bytes[position] & 0x3F) &* 4
        guard has(length) else { return short }
        return go(on: length, to: .etherType(bytes.uint16(at: position &+ 2)))
    }
}
