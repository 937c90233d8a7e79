/// Parses the headers of one packet, from the link layer up to TCP.
///
/// Invariant: `0 <= position <= end <= captured`, and `end <= wireEnd`.
struct PacketHeaders {
    /// What a header leads to.
    enum Step {
        /// The next header, at ``position``.
        case next(PacketLayer)
        /// The end of the headers.
        case found(PacketContent)
    }

    /// More headers than any packet has: what is stacked higher is not examined.
    static let maximumLayerCount = 64
    /// The most tunnels that may be nested.
    static let maximumTunnelDepth = 8

    /// The number of tunnels that have been entered.
    private var tunnels = 0

    /// The index of the next header.
    var position = 0
    /// The index after the captured bytes of the layer. What is after them is padding or a checksum of the link.
    var end: Int
    /// The index at which the layer ended on the wire.
    var wireEnd: Int
    /// Whether a header claimed to contain more than was on the wire.
    var isClipped = false
    /// The innermost source address.
    var source = IPAddress.v4(0)
    /// The innermost destination address.
    var destination = IPAddress.v4(0)

    /// Starts before the first header of a packet.
    @inline(__always)
    init(captured: Int, original: UInt64) {
        end = captured
        wireEnd = max(captured, Int(clamping: original))
    }

    /// Returns the segment of a packet in which TCP follows Ethernet and an IPv4 header without options, as in most
    /// packets; nil for any other packet. ``content(of:from:)`` would find the same segment, more slowly.
    @inline(__always)
    static func plainSegment(of record: PacketRecord, _ bytes: Span<UInt8>) -> TCPSegment? {
        guard record.link == .ethernet, bytes.count >= 34, bytes.uint16(at: 12) == 0x0800, bytes[14] == 0x45,
            bytes[23] == 6, bytes.uint16(at: 20) & 0x3FFF == 0, case let length = Int(bytes.uint16(at: 16)),
            length >= 20
        else { return nil }
        var headers = PacketHeaders(captured: bytes.count, original: record.originalLength)
        headers.limit(to: 14 &+ length)
        (headers.source, headers.destination) = (.v4(bytes.uint32(at: 26)), .v4(bytes.uint32(at: 30)))
        headers.position = 34
        return headers.segment(bytes)
    }

    /// Returns what the packet is.
    mutating func content(of bytes: Span<UInt8>, from first: PacketLayer) -> PacketContent {
        var layer = first
        for _ in 0..<Self.maximumLayerCount {
            switch step(layer, bytes) {
            case .next(let next): layer = next
            case .found(let content): return content
            }
        }
        return .other
    }

    @inline(__always)
    private mutating func step(_ layer: PacketLayer, _ bytes: Span<UInt8>) -> Step {
        switch layer {
        case .ethernet:
            guard has(14) else { return short }
            return typeOrLength(bytes.uint16(at: position &+ 12), after: 14)
        case .linuxCooked:
            guard has(16) else { return short }
            return go(on: 16, to: .etherType(bytes.uint16(at: position &+ 14)))
        case .linuxCooked2:
            guard has(20) else { return short }
            return go(on: 20, to: .etherType(bytes.uint16(at: position)))
        case .loopback, .networkLoopback: return loopback(layer, bytes)
        case .etherType(let type): return etherType(type, bytes)
        case .ip: return ip(bytes)
        case .transport(let number): return transport(number, bytes)
        case .llc: return llc(bytes)
        case .ppp: return ppp(bytes)
        case .pppoe: return session(bytes)
        case .ciscoHDLC: return ciscoHDLC(bytes)
        case .directedPPP, .directedHDLC:
            guard has(1) else { return short }
            return go(on: 1, to: layer == .directedPPP ? .ppp : .ciscoHDLC)
        case .wifi: return wifi(bytes)
        case .radiotap: return radiotap(bytes)
        case .perPacketInformation: return perPacketInformation(bytes)
        case .nflog: return nflog(bytes)
        case .pflog: return pflog(bytes)
        case .pktap: return pktap(bytes)
        case .exportedPDU: return exportedPDU(bytes)
        case .vxlan: return vxlan(bytes)
        case .vxlanGPE: return vxlanGPE(bytes)
        case .geneve: return geneve(bytes)
        case .gtp: return gtp(bytes)
        case .teredo: return teredo(bytes)
        case .unread(let layer): return .found(.unread(layer))
        }
    }

    // MARK: Position

    /// Returns whether the next header's `count` bytes were captured.
    @inline(__always)
    func has(_ count: Int) -> Bool {
        count <= end &- position
    }

    /// Skips a header of `count` bytes, which were captured.
    @inline(__always)
    mutating func go(on count: Int, to layer: PacketLayer) -> Step {
        position &+= count
        return .next(layer)
    }

    /// Continues with the contents of a tunnel.
    mutating func enter(_ layer: PacketLayer) -> Step {
        tunnels &+= 1
        return tunnels > Self.maximumTunnelDepth ? .found(.unread(.tooDeep)) : .next(layer)
    }

    /// Ends the layer at `stop`, which is not before ``position``. A packet that claims to be longer than what was on
    /// the wire is clipped to that: no receiver has more of it.
    @inline(__always)
    mutating func limit(to stop: Int) {
        if stop > wireEnd { isClipped = true }
        end = min(end, stop)
        wireEnd = min(wireEnd, stop)
    }

    /// The next header is incomplete: the snap length cut it off, or it never was complete.
    var short: Step { .found(end < wireEnd ? .truncated : .other) }
}
