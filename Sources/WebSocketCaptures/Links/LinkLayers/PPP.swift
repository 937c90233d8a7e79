extension PacketHeaders {
    /// Reads PPP, possibly in HDLC-like framing (RFC 1661 §2, RFC 1662 §3.1): the protocol has two bytes, or one if
    /// it is odd.
    mutating func ppp(_ bytes: Span<UInt8>) -> Step {
        guard has(1) else { return short }
        // All stations, unnumbered information. On serial lines Cisco's own framing has other first bytes.
        if bytes[position] == 0x0F || bytes[position] == 0x8F { return ciscoHDLC(bytes) }
        if bytes[position] == 0xFF, !has(2) { return short }
        if has(2), bytes[position] == 0xFF || bytes[position] <= 1, bytes[position &+ 1] == 3 { position &+= 2 }
        guard has(2) else { return short }
        if bytes[position] & 1 != 0 {
            let number = UInt16(bytes[position])
            position &+= 1
            return pppProtocol(number)
        }
        let number = bytes.uint16(at: position)
        position &+= 2
        return pppProtocol(number)
    }

    /// Returns the layer that a PPP protocol number announces.
    func pppProtocol(_ number: UInt16) -> Step {
        switch number {
        case 0x0021, 0x0057: .next(.ip)
        case 0x0281, 0x0283: .next(.etherType(0x8847))
        default: .found(.other)
        }
    }

    /// Reads Cisco's framing: address, control, EtherType.
    mutating func ciscoHDLC(_ bytes: Span<UInt8>) -> Step {
        guard has(4) else { return short }
        return go(on: 4, to: .etherType(bytes.uint16(at: position &+ 2)))
    }
}
