extension PacketHeaders {
    /// Reads IPv4 or IPv6.
    @inline(__always)
    mutating func ip(_ bytes: Span<UInt8>) -> Step {
        guard has(1) else { return short }
        switch bytes[position] >> 4 {
        case 4: return ipv4(bytes)
        case 6: return ipv6(bytes)
        default: return .found(.other)
        }
    }

    /// Reads IPv4 (RFC 791 §3.1).
    @inline(__always)
    private mutating func ipv4(_ bytes: Span<UInt8>) -> Step {
        guard has(20) else { return short }
        let headerLength = Int(bytes[position] & 0x0F) &* 4
        let totalLength = Int(bytes.uint16(at: position &+ 2))
        guard headerLength >= 20, totalLength == 0 || totalLength >= headerLength else { return .found(.other) }
        // Packets that the network card is going to segment have no length yet: everything that was captured belongs
        // to them.
        if totalLength > 0 { limit(to: position &+ totalLength) }
        guard has(headerLength) else { return short }

        source = .v4(bytes.uint32(at: position &+ 12))
        destination = .v4(bytes.uint32(at: position &+ 16))
        let number = bytes[position &+ 9]
        // More fragments follow, or precede this one.
        let fragmentation = bytes.uint16(at: position &+ 6)
        if fragmentation & 0x3FFF != 0 {
            let identification = UInt32(bytes.uint16(at: position &+ 4))
            position &+= headerLength
            return fragment(
                number, identification, offset: Int(fragmentation & 0x1FFF) &* 8, hasMore: fragmentation & 0x2000 != 0)
        }
        return go(on: headerLength, to: .transport(number))
    }

    /// Reads IPv6 (RFC 8200 §3).
    @inline(__always)
    private mutating func ipv6(_ bytes: Span<UInt8>) -> Step {
        guard has(40) else { return short }
        let payloadLength = Int(bytes.uint16(at: position &+ 4))
        // 0 for jumbograms (RFC 2675), and for packets that the network card is going to split.
        if payloadLength > 0 { limit(to: position &+ 40 &+ payloadLength) }
        source = .v6(high: bytes.uint64(at: position &+ 8), low: bytes.uint64(at: position &+ 16))
        destination = .v6(high: bytes.uint64(at: position &+ 24), low: bytes.uint64(at: position &+ 32))
        return go(on: 40, to: .transport(bytes[position &+ 6]))
    }

    /// Continues with what an IP protocol number announces: TCP, or another header before it.
    @inline(__always)
    mutating func transport(_ number: UInt8, _ bytes: Span<UInt8>) -> Step {
        switch number {
        case 6: return segment(bytes).map { .found(.segment($0)) } ?? (has(14) ? .found(.other) : short)
        case 4, 41: return enter(.ip)  // IP in IP (RFC 2003, RFC 4213)
        case 17: return udp(bytes)
        case 44: return fragmentHeader(bytes)
        case 47:
            if case .found(let content) = enter(.ip) { return .found(content) }
            return gre(bytes)
        case 50: return .found(.unread(.esp))
        case 97:  // Ethernet in IP (RFC 3378)
            guard has(2) else { return short }
            position &+= 2
            return enter(.ethernet)
        case 115: return .found(.unread(.l2tp))
        // Hop-by-hop options, routing, destination options, mobility, HIP, Shim6: in units of 8 bytes (RFC 6564).
        case 0, 43, 60, 135, 139, 140: return extensionHeader(bytes, unit: 8, more: 1)
        // Authentication: in units of 4 bytes (RFC 4302 §2.2).
        case 51: return extensionHeader(bytes, unit: 4, more: 2)
        default: return .found(.other)
        }
    }

    /// Skips a header whose second byte says how many units it has beyond `more`.
    private mutating func extensionHeader(_ bytes: Span<UInt8>, unit: Int, more: Int) -> Step {
        guard has(2) else { return short }
        let length = (Int(bytes[position &+ 1]) &+ more) &* unit
        guard has(length) else { return short }
        return go(on: length, to: .transport(bytes[position]))
    }

    /// Reads the Fragment header of IPv6 (RFC 8200 §4.5). A fragment that is both the first and the last is a whole
    /// packet (RFC 6946).
    private mutating func fragmentHeader(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let fragmentation = bytes.uint16(at: position &+ 2)
        let number = bytes[position]
        guard fragmentation & 0xFFF9 != 0 else { return go(on: 8, to: .transport(number)) }
        let identification = bytes.uint32(at: position &+ 4)
        position &+= 8
        return fragment(number, identification, offset: Int(fragmentation & 0xFFF8), hasMore: fragmentation & 1 != 0)
    }

    private func fragment(_ number: UInt8, _ identification: UInt32, offset: Int, hasMore: Bool) -> Step {
        .found(
            .fragment(
                IPFragment(
                    source: source, destination: destination, protocolNumber: number, identification: identification,
                    offset: offset, hasMore: hasMore, payload: position..<end, isWhole: end == wireEnd)))
    }
}
