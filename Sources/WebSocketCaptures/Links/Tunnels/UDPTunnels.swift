/// Tunnels over UDP are recognised by the port to which they go.
extension PacketHeaders {
    mutating func udp(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let port = bytes.uint16(at: position &+ 2)
        guard let tunnel = Self.tunnels[port] else { return .found(.other) }
        position &+= 8
        return enter(tunnel)
    }

    private static let tunnels: [UInt16: PacketLayer] = [
        4789: .vxlan, 8472: .vxlan, 4790: .vxlanGPE, 6081: .geneve, 2152: .gtp,
        1701: .unread(.l2tp), 37008: .unread(.tzsp),
    ]
}
