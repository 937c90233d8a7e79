extension PacketHeaders {
    /// Reads GRE: flags, an EtherType, and up to three fields of 4 bytes (RFC 2784 §2, RFC 2890 §2).
    mutating func gre(_ bytes: Span<UInt8>) -> Step {
        guard has(4) else { return short }
        let flags = bytes.uint16(at: position)
        let type = bytes.uint16(at: position &+ 2)
        if flags & 0x0007 == 1, type == 0x880B { return pptp(bytes, flags) }
        // Another version, or source routing, which is obsolete.
        guard flags & 0x4007 == 0 else { return .found(.other) }
        let length = 4 &+ 4 &* (flags & 0xB000).nonzeroBitCount
        guard has(length) else { return short }
        position &+= length
        switch type {
        // The first version of ERSPAN, which has no sequence numbers, has no header of its own.
        case 0x88BE: return flags & 0x1000 == 0 ? .next(.ethernet) : erspan2(bytes)
        case 0x22EB: return erspan3(bytes)
        default: return .next(.etherType(type))
        }
    }

    /// Reads PPTP's version of GRE (RFC 2637 §4.1): PPP after a key and two numbers, each of which may be missing.
    private mutating func pptp(_ bytes: Span<UInt8>, _ flags: UInt16) -> Step {
        let length = 8 &+ 4 &* (flags & 0x1080).nonzeroBitCount
        guard has(length) else { return short }
        return go(on: length, to: .ppp)
    }

    /// Reads ERSPAN, type II (draft-foschiano-erspan §4.2).
    private mutating func erspan2(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        return go(on: 8, to: .ethernet)
    }

    /// Reads ERSPAN, type III (draft-foschiano-erspan §4.3): 8 more bytes if the last bit says so. Frame type 0 is
    /// Ethernet, 2 is IP.
    private mutating func erspan3(_ bytes: Span<UInt8>) -> Step {
        guard has(12) else { return short }
        let length = bytes[position &+ 11] & 1 != 0 ? 20 : 12
        guard has(length) else { return short }
        switch bytes[position &+ 10] >> 2 & 0x1F {
        case 0: return go(on: length, to: .ethernet)
        case 2: return go(on: length, to: .ip)
        default: return .found(.other)
        }
    }
}
