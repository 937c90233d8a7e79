// Logs of packet filters that contain the packets.
extension PacketHeaders {
    /// Reads Linux netfilter's NFLOG: a family, and values with a length and a type each in the byte order of the
    /// capturing machine. One of them is the packet.
    mutating func nflog(_ bytes: Span<UInt8>) -> Step {
        guard has(4) else { return short }
        var index = position &+ 4
        while end &- index >= 4 {
            var (length, type) = (Int(bytes.uint16(at: index, .little)), bytes.uint16(at: index &+ 2, .little))
            // A type in the other byte order is a multiple of 256.
            if type & 0x00FF == 0, type != 0 || length > 0xFF {
                (length, type) = (Int(bytes.uint16(at: index)), bytes.uint16(at: index &+ 2))
            }
            guard length >= 4 else { return .found(.other) }
            if type & 0x7FFF == 9 {
                position = index &+ 4
                limit(to: max(index &+ length, position))
                return .next(.ip)
            }
            index &+= (length &+ 3) & ~3
        }
        return short
    }

    /// Reads pflog, of the BSDs' packet filter: it begins with its header's length without padding.
    mutating func pflog(_ bytes: Span<UInt8>) -> Step {
        guard has(2) else { return short }
        let length = (Int(bytes[position]) &+ 3) & ~3
        guard length >= 48 else { return .found(.other) }
        guard has(length) else { return short }
        return go(on: length, to: .ip)
    }

    /// Reads Apple's PKTAP: a length, the next header's kind, and the link layer that follows, in little-endian
    /// order.
    mutating func pktap(_ bytes: Span<UInt8>) -> Step {
        guard has(12) else { return short }
        let length = Int(bytes.uint32(at: position, .little))
        let link = LinkType(rawValue: UInt16(truncatingIfNeeded: bytes.uint32(at: position &+ 8, .little)))
        guard length >= 12, length <= 4_096 else { return .found(.other) }
        guard has(length) else { return short }
        guard let layer = PacketLayer(link), layer != .pktap else { return .found(.unknownLink(link)) }
        return go(on: length, to: layer)
    }
}
