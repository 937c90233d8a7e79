/// Tunnels over UDP, recognised by their destination port.
extension PacketHeaders {
    mutating func udp(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let port = bytes.uint16(at: position &+ 2)
        position &+= 8
        guard let tunnel = Self.tunnels[port] else { return .found(isQUIC(bytes) ? .unread(.quic) : .other) }
        return enter(tunnel)
    }

    /// Returns whether there is a long header of QUIC version 1 or 2 (RFC 9000 §17.2, RFC 9369 §3.1): two bits that
    /// are set, the version, and a connection ID of at most 20 bytes.
    private func isQUIC(_ bytes: Span<UInt8>) -> Bool {
        guard has(6), bytes[position] & 0xC0 == 0xC0, bytes[position &+ 5] <= 20 else { return false }
        let version = UInt32(bytes.uint16(at: position &+ 1)) << 16 | UInt32(bytes.uint16(at: position &+ 3))
        return version == 1 || version == 0x6B33_43CF
    }

    /// Reads Teredo, IPv6 over UDP (RFC 4380 §5.1.1): two headers, each of which may be missing and begins with a
    /// byte of zeros.
    mutating func teredo(_ bytes: Span<UInt8>) -> Step {
        guard has(4) else { return short }
        if bytes.uint16(at: position) == 1 {
            let length = 13 &+ Int(bytes[position &+ 2]) &+ Int(bytes[position &+ 3])
            guard has(length) else { return short }
            position &+= length
        }
        guard has(1) else { return short }
        if bytes[position] == 0 {
            guard has(8) else { return short }
            position &+= 8
        }
        return .next(.ip)
    }

    private static let tunnels: [UInt16: PacketLayer] = [
        4789: .vxlan, 8472: .vxlan, 4790: .vxlanGPE, 6081: .geneve, 2152: .gtp,
        3544: .teredo, 1701: .unread(.l2tp), 37008: .unread(.tzsp), 51820: .unread(.wireGuard), 1194: .unread(.openVPN),
        5247: .unread(.capwap), 12222: .unread(.lwapp), 6080: .unread(.gue), 4341: .unread(.lisp),
        6343: .unread(.sFlow), 6635: .etherType(0x8847),
    ]
}
