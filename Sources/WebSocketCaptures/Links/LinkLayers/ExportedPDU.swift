extension PacketHeaders {
    /// Reads what Wireshark exports as PDUs: tags with a type and a length each, and then the bytes of the protocol
    /// that one of them names. Those of Ethernet, IP and TCP are packets; all others are the contents of a
    /// connection, without their order.
    mutating func exportedPDU(_ bytes: Span<UInt8>) -> Step {
        var layer: PacketLayer?
        while has(4) {
            let (tag, length) = (bytes.uint16(at: position), Int(bytes.uint16(at: position &+ 2)))
            guard has(4 &+ length) else { return short }
            let value = bytes.extracting((position &+ 4)..<(position &+ 4 &+ length))
            position &+= 4 &+ length
            switch tag {
            case 0: return layer.map { .next($0) } ?? .found(.unread(.exportedPDU))
            case 12: layer = Self.layer(named: value)
            case 20 where length == 4: source = .v4(value.uint32(at: 0))
            case 21 where length == 4: destination = .v4(value.uint32(at: 0))
            case 22 where length == 16: source = .v6(high: value.uint64(at: 0), low: value.uint64(at: 8))
            case 23 where length == 16: destination = .v6(high: value.uint64(at: 0), low: value.uint64(at: 8))
            default: break
            }
        }
        return short
    }

    /// Returns the layer of that name. Names are padded with zeros.
    private static func layer(named name: Span<UInt8>) -> PacketLayer? {
        let word = name.extracting(0..<name.firstIndex(of: 0))
        func isNamed(_ text: String) -> Bool { word.count == text.utf8.count && word.has(text) }
        if isNamed("ip") || isNamed("ipv6") { return .ip }
        if isNamed("eth") || isNamed("eth_withoutfcs") { return .ethernet }
        return isNamed("tcp") ? .transport(6) : nil
    }
}
