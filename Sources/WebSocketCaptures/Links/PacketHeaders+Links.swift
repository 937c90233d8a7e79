extension PacketHeaders {
    /// Continues with what an EtherType announces: IP, or another header before it.
    @inline(__always)
    mutating func etherType(_ type: UInt16, _ bytes: Span<UInt8>) -> Step {
        switch type {
        case 0x0800, 0x86DD: return .next(.ip)
        case 0x8100, 0x88A8, 0x9100: return tag(bytes)
        case 0x8864: return session(bytes)
        case 0x8847, 0x8848: return labels(bytes)
        case 0x6558: return .next(.ethernet)  // Ethernet in GRE
        case 0x0004: return .next(.llc)
        case 0x880B: return .next(.ppp)
        case 0x894F: return .found(.unread(.nsh))
        case 0x88E7: return .found(.unread(.providerBackbone))
        case 0x8926: return .found(.unread(.vnTag))
        case 0x88E5: return .found(.unread(.macsec))
        case 0x22F3: return .found(.unread(.trill))
        case 0x8903: return .found(.unread(.fabricPath))
        case 0x892F: return .found(.unread(.seamlessRedundancy))
        default: return .found(.other)
        }
    }

    /// Reads a VLAN tag (IEEE 802.1Q, 802.1ad): two bytes, and another EtherType.
    private mutating func tag(_ bytes: Span<UInt8>) -> Step {
        guard has(4) else { return short }
        return typeOrLength(bytes.uint16(at: position &+ 2), after: 4)
    }

    /// Continues after a header of `count` bytes that ends with an EtherType, or with the frame's length (IEEE 802.3).
    @inline(__always)
    mutating func typeOrLength(_ number: UInt16, after count: Int) -> Step {
        guard number <= 1_500 else { return go(on: count, to: .etherType(number)) }
        limit(to: position &+ count &+ Int(number))
        return go(on: count, to: .llc)
    }

    /// Reads the session header of PPPoE, and PPP's protocol (RFC 2516 §4, §7).
    mutating func session(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let number = bytes.uint16(at: position &+ 6)
        position &+= 8
        return pppProtocol(number)
    }

    /// Reads MPLS labels (RFC 3032 §2.1). What follows the last one is not specified; IP can be recognised by its
    /// first bits, and the control word before an Ethernet frame by its zeros (RFC 4448 §4.6).
    private mutating func labels(_ bytes: Span<UInt8>) -> Step {
        guard has(4) else { return short }
        guard bytes[position &+ 2] & 1 != 0 else { return go(on: 4, to: .etherType(0x8847)) }
        position &+= 4
        guard has(1), bytes[position] >> 4 == 0 else { return .next(.ip) }
        guard has(4) else { return short }
        if case .found(let content) = enter(.ethernet) { return .found(content) }
        return go(on: 4, to: .ethernet)
    }

    /// Reads an address family in four bytes. The byte order of the capturing machine is not known; families are
    /// small numbers, so only one order can be meant.
    mutating func loopback(_ layer: PacketLayer, _ bytes: Span<UInt8>) -> Step {
        guard has(4) else { return short }
        let family = bytes.uint32(at: position)
        let isIP =
            switch layer {
            case .networkLoopback: Self.isIP(family)
            default: Self.isIP(family) || Self.isIP(family.byteSwapped)
            }
        return isIP ? go(on: 4, to: .ip) : .found(.other)
    }

    /// Returns whether a family is IP. IPv4 is 2 everywhere. IPv6 is 10 on Linux, 23 on Windows, 24, 28 and 30 on the
    /// BSDs and macOS.
    private static func isIP(_ family: UInt32) -> Bool {
        switch family {
        case 2, 10, 23, 24, 28, 30: true
        default: false
        }
    }
}
