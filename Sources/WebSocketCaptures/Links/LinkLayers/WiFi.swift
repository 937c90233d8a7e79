extension PacketHeaders {
    /// Reads Radiotap: a version, a length in little-endian order, and measurements; of those only the flags matter,
    /// which say whether the header after it is padded.
    mutating func radiotap(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let length = Int(bytes.uint16(at: position &+ 2, .little))
        guard length >= 8 else { return .found(.other) }
        guard has(length) else { return short }
        let stop = position &+ length
        var index = position &+ 4
        let present = bytes.uint32(at: index, .little)
        while index &+ 4 <= stop, bytes.uint32(at: index, .little) & 0x8000_0000 != 0, index &+ 8 <= stop {
            index &+= 4
        }
        index &+= 4
        // The time of arrival precedes the flags, at a multiple of 8 bytes.
        if present & 1 != 0 { index = position &+ ((index &- position &+ 7) & ~7) &+ 8 }
        let isPadded = present & 2 != 0 && index < stop && bytes[index] & 0x20 != 0
        position = stop
        return wifi(bytes, isPadded: isPadded)
    }

    /// Reads Per-Packet Information: a length, and the number of the link layer that follows.
    mutating func perPacketInformation(_ bytes: Span<UInt8>) -> Step {
        guard has(8) else { return short }
        let length = Int(bytes.uint16(at: position &+ 2, .little))
        let link = LinkType(rawValue: UInt16(truncatingIfNeeded: bytes.uint32(at: position &+ 4, .little)))
        guard length >= 8 else { return .found(.other) }
        guard has(length) else { return short }
        guard let layer = PacketLayer(link) else { return .found(.unknownLink(link)) }
        return go(on: length, to: layer)
    }

    /// Reads IEEE 802.11 §9.2: only data frames that are not encrypted contain packets; of several in one (A-MSDU)
    /// the first is read.
    mutating func wifi(_ bytes: Span<UInt8>, isPadded: Bool = false) -> Step {
        guard has(24) else { return short }
        let (kind, flags) = (bytes[position], bytes[position &+ 1])
        // Data, and not one of its kinds without any data.
        guard kind & 0x0C == 0x08, kind & 0x40 == 0 else { return .found(.other) }
        var length = flags & 0x03 == 0x03 ? 30 : 24
        var isAggregated = false
        if kind & 0x80 != 0 {
            guard has(length &+ 2) else { return short }
            isAggregated = bytes[position &+ length] & 0x80 != 0
            length &+= flags & 0x80 != 0 ? 6 : 2
        }
        guard flags & 0x40 == 0 else { return .found(.unread(.encryptedWiFi)) }
        if isPadded { length = (length &+ 3) & ~3 }
        guard has(length) else { return short }
        guard isAggregated else { return go(on: length, to: .llc) }
        guard has(length &+ 14) else { return short }
        let first = 14 &+ Int(bytes.uint16(at: position &+ length &+ 12))
        // A checksum may follow a single one.
        guard length &+ first &+ 14 <= wireEnd &- position else { return go(on: length &+ 14, to: .llc) }
        return .found(.aggregate(position &+ length..<end, wireEnd: wireEnd))
    }
}

extension PacketContent {
    /// Examines the part of an aggregate that begins at `index`, and moves that to the next: addresses, a length, and
    /// zeros up to a multiple of four bytes (IEEE 802.11 §9.3.2.2.2).
    ///
    /// - Parameters:
    ///   - index: where the part begins.
    ///   - range: where the aggregate is, as far as it was captured.
    ///   - wireEnd: where it ended on the wire.
    ///   - bytes: the bytes of the packet that were captured.
    /// - Returns: nil if there is none. A checksum may follow the last one.
    public init?(partAt index: inout Int, ofAggregate range: Range<Int>, wireEnd: Int, _ bytes: Span<UInt8>) {
        guard range.upperBound - index >= 14 else { return nil }
        let stop = min(index + 14 + Int(bytes.uint16(at: index + 12)), wireEnd)
        var headers = PacketHeaders(captured: min(stop, range.upperBound), original: UInt64(stop))
        headers.position = index + 14
        index += (stop - index + 3) & ~3
        self = headers.content(of: bytes, from: .llc)
    }
}
