extension PacketHeaders {
    /// Reads GTP-U, version 1 (3GPP TS 29.281 §5.1): a message of type 255 contains an IP packet, possibly after
    /// extension headers.
    mutating func gtp(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let flags = bytes[position]
        guard flags >> 4 == 0x3, bytes[position &+ 1] == 0xFF else { return .found(.other) }
        guard flags & 0x07 != 0 else { return go(on: 8, to: .ip) }
        guard has(12) else { return short }
        var next = flags & 0x04 != 0 ? bytes[position &+ 11] : 0
        position &+= 12
        while next != 0 {
            guard has(4) else { return short }
            let length = Int(bytes[position]) &* 4
            guard length > 0 else { return .found(.other) }
            guard has(length) else { return short }
            next = bytes[position &+ length &- 1]
            position &+= length
        }
        return .next(.ip)
    }
}
