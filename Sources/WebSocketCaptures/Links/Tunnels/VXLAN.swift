extension PacketHeaders {
    /// Reads VXLAN (RFC 7348 §5): flags, a network's number, an Ethernet frame.
    mutating func vxlan(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        guard bytes[position] & 0x08 != 0 else { return .found(.other) }
        return go(on: 8, to: .ethernet)
    }

    /// Reads a VXLAN header with the next protocol in its fourth byte (draft-ietf-nvo3-vxlan-gpe).
    mutating func vxlanGPE(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let number = bytes[position] & 0x04 != 0 ? bytes[position &+ 3] : 3
        switch number {
        case 1, 2: return go(on: 8, to: .ip)
        case 3: return go(on: 8, to: .ethernet)
        case 4: return .found(.unread(.nsh))
        default: return .found(.other)
        }
    }
}
