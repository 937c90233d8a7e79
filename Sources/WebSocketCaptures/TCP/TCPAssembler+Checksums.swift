import WebSocketFrames

// Segments whose checksum is wrong. A receiver drops them; what comes next tells whether it did.

extension TCPAssembler {
    /// A segment with a wrong checksum that carries something.
    struct Aside: Sendable {
        let segment: TCPSegment
        let payload: [UInt8]
        let packetPosition: PacketPosition
    }

    /// How many may wait at once, of ``InternetChecksum/longestSegment`` bytes each: 6 MiB. Those beyond are ignored at once.
    static let mostAside = 4_096

    /// Whether the checksum of a segment proves it broken: those of its side are right more often than not. One that is put
    /// aside counts as wrong when its bytes are taken after all, or at once if no acknowledgment is seen that tells.
    mutating func isBroken(_ segment: TCPSegment, _ payload: Span<UInt8>, from own: Int) -> Bool {
        guard let before = segment.sumBeforePayload else { return false }
        let sum = InternetChecksum.folded(
            UInt64(before) &+ UInt64(InternetChecksum.sum(payload, from: 0, upTo: payload.count)))
        if sum == 0xFFFF {
            if streams[own].sound < .max { streams[own].sound &+= 1 }
            return false
        }
        let isDoubted = streams[own].sound > streams[own].unsound && streams[own].isPlaced
        if !isDoubted || !streams[own].receiver.isHeard { countWrong(own) }
        return isDoubted
    }

    private mutating func countWrong(_ own: Int) {
        if streams[own].unsound < .max { streams[own].unsound &+= 1 }
    }

    /// Keeps what a broken segment carries until it is known whether the peer took it. Nothing else in it counts.
    mutating func putAside(
        _ segment: TCPSegment, _ payload: Span<UInt8>, _ own: Int, at packetPosition: PacketPosition, _ visit: Visitor
    ) {
        let carries = !payload.isEmpty || segment.flags.contains(.fin)
        guard carries, segment.flags.isDisjoint(with: [.syn, .rst]), asideCount < Self.mostAside else {
            return visit(streams[own].connection, .broken(streams[own].side, offset: nil, packetPosition), Span())
        }
        asideCount &+= 1
        aside[own, default: []].append(
            Aside(segment: segment, payload: Array(copying: payload), packetPosition: packetPosition))
    }

    /// A segment of the connection in `slot` was taken: it may tell what became of broken ones.
    mutating func settleBroken(_ slot: Int, _ visit: Visitor) {
        for own in [2 &* slot, 2 &* slot &+ 1] {
            guard let waiting = aside.removeValue(forKey: own) else { continue }
            var kept: [Aside] = []
            for one in waiting {
                let start = streams[own].position(of: one.segment.payloadSequence)
                let isLast = one.segment.flags.contains(.fin)
                let end = start &+ Int64(one.payload.count) &+ (isLast ? 1 : 0)
                if streams[own].phase != .flowing || streams[own].next >= end {
                    ignore(one, own, visit)
                } else if start <= streams[own].next, streams[own].acknowledged >= end {
                    asideCount &-= 1
                    countWrong(own)
                    let offset = UInt64(clamping: streams[own].next &- streams[own].origin)
                    visit(
                        streams[own].connection, .broken(streams[own].side, offset: offset, one.packetPosition), Span())
                    advance(one.segment, payload: one.payload.span, at: one.packetPosition, from: own, visit)
                } else {
                    kept.append(one)
                }
            }
            if !kept.isEmpty { aside[own] = kept }
        }
    }

    /// The connection in `slot` ends: segments that are still aside were never accepted.
    mutating func ignoreBroken(_ slot: Int, _ visit: Visitor) {
        for own in [2 &* slot, 2 &* slot &+ 1] {
            for one in aside.removeValue(forKey: own) ?? [] { ignore(one, own, visit) }
        }
    }

    /// The connection in `slot` is no longer followed.
    mutating func forgetAside(of slot: Int) {
        guard asideCount > 0 else { return }
        for own in [2 &* slot, 2 &* slot &+ 1] { asideCount &-= aside.removeValue(forKey: own)?.count ?? 0 }
    }

    private mutating func ignore(_ one: Aside, _ own: Int, _ visit: Visitor) {
        asideCount &-= 1
        visit(streams[own].connection, .broken(streams[own].side, offset: nil, one.packetPosition), Span())
    }
}
