import WebSocketFrames

/// Reassembles IP packets from fragments (RFC 791 §3.2, RFC 815; RFC 8200 §4.5, RFC 5722).
///
/// An IPv6 packet with overlapping fragments is dropped, as its receiver drops it, and an IPv4 packet if they differ
/// where they overlap: receivers disagree about which of them counts. Identical fragments count as one, also those of the last packets that are complete:
/// captures of several interfaces contain everything twice. Incomplete packets make room for others, the oldest first.
struct FragmentTable: Sendable {
    /// The most packets that may be incomplete at once.
    static let maximumPackets = 256
    /// The most fragments that a packet may have; the smallest ones that fill the largest packet are ten times as
    /// many, and forged.
    static let maximumParts = 1_024
    /// The largest IP packet.
    static let maximumLength = 65_535
    /// The most bytes that are held in all.
    static let maximumBytes = 4 << 20
    /// The number of complete packets of which the fragments are remembered.
    static let remembered = 16

    /// The contents of an IP packet.
    struct Packet: Sendable {
        let source: IPAddress
        let destination: IPAddress
        let protocolNumber: UInt8
        let bytes: [UInt8]
    }

    /// The number of fragments that never became a packet.
    private(set) var lost: UInt64 = 0

    private struct Key: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let protocolNumber: UInt8
        let identification: UInt32
    }

    private typealias Part = (offset: Int, bytes: [UInt8])

    private struct Incomplete {
        var parts: [Part] = []
        var length: Int?
        var isBroken = false
        var order: UInt64
        var cost: Int { parts.reduce(0) { $0 + $1.bytes.count + 64 } }
    }

    private var incomplete: [Key: Incomplete] = [:]
    /// The fragments of packets that are complete: what repeats them is not lost.
    private var complete: [(key: Key, parts: [Part])] = []
    private var held = 0
    private var clock: UInt64 = 0

    /// The number of fragments of incomplete packets.
    var waiting: UInt64 { incomplete.values.reduce(0) { $0 &+ UInt64($1.parts.count) } }

    /// Adds a fragment.
    ///
    /// - Returns: the packet, once all of it has arrived.
    mutating func add(_ part: IPFragment, _ bytes: Span<UInt8>) -> Packet? {
        let payload = bytes.extracting(part.payload)
        let end = part.offset + payload.count
        guard part.isWhole, !payload.isEmpty, end <= Self.maximumLength,
            !part.hasMore || payload.count.isMultiple(of: 8)
        else {
            lost &+= 1
            return nil
        }
        let isV6 = if case .v6 = part.source { true } else { false }
        // The Fragment header's next header may differ between fragments; that of the first counts (RFC 8200 §4.5).
        let key = Key(
            source: part.source, destination: part.destination, protocolNumber: isV6 ? 0 : part.protocolNumber,
            identification: part.identification)
        let new: Part = (part.offset, Array(copying: payload))
        if incomplete[key] == nil, complete.contains(where: { $0.key == key && $0.parts.contains { $0 == new } }) {
            return nil
        }
        clock &+= 1
        var packet = incomplete[key] ?? Incomplete(order: clock)
        held -= packet.cost
        if !part.hasMore {
            if let length = packet.length, length != end { packet.isBroken = true }
            packet.length = end
        }
        if !packet.parts.contains(where: { $0 == new }) {
            let contradicts = packet.parts.contains { Self.overlaps($0, new) && (isV6 || Self.differs($0, new)) }
            if contradicts { packet.isBroken = true }
            packet.parts.append(new)
            if packet.parts.count > Self.maximumParts { packet.isBroken = true }
        }
        if packet.isBroken {
            // Later fragments of it are dropped as well.
            lost &+= UInt64(packet.parts.count)
            packet.parts = []
        } else if let whole = Self.assembled(packet) {
            incomplete[key] = nil
            if complete.count == Self.remembered { complete.removeFirst() }
            complete.append((key, packet.parts))
            return Packet(
                source: part.source, destination: part.destination, protocolNumber: part.protocolNumber, bytes: whole)
        }
        incomplete[key] = packet
        held += packet.cost
        makeRoom()
        return nil
    }

    private static func overlaps(_ left: Part, _ right: Part) -> Bool {
        left.offset < right.offset + right.bytes.count && right.offset < left.offset + left.bytes.count
    }

    /// Returns whether two parts differ where they overlap.
    private static func differs(_ left: Part, _ right: Part) -> Bool {
        let start = max(left.offset, right.offset)
        let end = min(left.offset + left.bytes.count, right.offset + right.bytes.count)
        return left.bytes[start - left.offset..<end - left.offset]
            != right.bytes[start - right.offset..<end - right.offset]
    }

    /// Returns the bytes of a packet without a hole; nil if there is one.
    private static func assembled(_ packet: Incomplete) -> [UInt8]? {
        guard let length = packet.length, packet.parts.reduce(0, { $0 + $1.bytes.count }) >= length else { return nil }
        var reached = 0
        for part in packet.parts.sorted(by: { $0.offset < $1.offset }) {
            guard part.offset <= reached else { return nil }
            reached = max(reached, part.offset + part.bytes.count)
        }
        guard reached == length else { return nil }
        var bytes = [UInt8](repeating: 0, count: length)
        for part in packet.parts {
            bytes.replaceSubrange(part.offset..<part.offset + part.bytes.count, with: part.bytes)
        }
        return bytes
    }

    private mutating func makeRoom() {
        while incomplete.count > Self.maximumPackets || held > Self.maximumBytes,
            let oldest = incomplete.min(by: { $0.value.order < $1.value.order })
        {
            lost &+= UInt64(oldest.value.parts.count)
            held -= oldest.value.cost
            incomplete[oldest.key] = nil
        }
    }
}
