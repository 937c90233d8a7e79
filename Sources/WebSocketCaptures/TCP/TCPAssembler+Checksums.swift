import WebSocketFrames

// Segments whose checksum is wrong. A receiver drops them; what follows shows whether it did.

extension TCPAssembler {
    /// A segment with a wrong checksum and a payload.
    struct BrokenSegment: Sendable {
        let segment: TCPSegment
        let payload: [UInt8]
        let packetPosition: PacketPosition
    }

    /// The most that may wait at once, of ``InternetChecksum/longestSegment`` bytes each: 6 MiB. Further ones are
    /// ignored at once.
    static let maximumBroken = 4_096

    /// Returns whether the checksum of a segment proves it broken, because those of its side are right more often
    /// than not. One that is held as broken counts as wrong when its bytes are used after all, or at once if there is no
    /// acknowledgment to decide it.
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

    /// Keeps the payload of a broken segment until it is known whether the peer accepted it. Nothing else in it
    /// counts.
    mutating func holdBroken(
        _ segment: TCPSegment, _ payload: Span<UInt8>, _ own: Int, at packetPosition: PacketPosition, _ visit: Visitor
    ) {
        let carries = !payload.isEmpty || segment.flags.contains(.fin)
        guard carries, segment.flags.isDisjoint(with: [.syn, .rst]), brokenCount < Self.maximumBroken else {
            return visit(streams[own].connection, .broken(streams[own].side, offset: nil, packetPosition), Span())
        }
        brokenCount &+= 1
        broken[own, default: []].append(
            BrokenSegment(segment: segment, payload: Array(copying: payload), packetPosition: packetPosition))
    }

    /// Checks, after a segment of the connection in `slot` was used, what became of broken ones.
    mutating func settleBroken(_ slot: Int, _ visit: Visitor) {
        for own in [2 &* slot, 2 &* slot &+ 1] {
            guard let waiting = broken.removeValue(forKey: own) else { continue }
            var kept: [BrokenSegment] = []
            for one in waiting {
                let start = streams[own].position(of: one.segment.payloadSequence)
                let isLast = one.segment.flags.contains(.fin)
                let end = start &+ Int64(one.payload.count) &+ (isLast ? 1 : 0)
                if streams[own].phase != .flowing || streams[own].next >= end {
                    ignore(one, own, visit)
                } else if start <= streams[own].next, streams[own].acknowledged >= end {
                    brokenCount &-= 1
                    countWrong(own)
                    let offset = UInt64(clamping: streams[own].next &- streams[own].origin)
                    visit(
                        streams[own].connection, .broken(streams[own].side, offset: offset, one.packetPosition), Span())
                    advance(one.segment, payload: one.payload.span, at: one.packetPosition, from: own, visit)
                } else {
                    kept.append(one)
                }
            }
            if !kept.isEmpty { broken[own] = kept }
        }
    }

    /// Ends the connection in `slot`: segments that are still held as broken were never accepted.
    mutating func ignoreBroken(_ slot: Int, _ visit: Visitor) {
        for own in [2 &* slot, 2 &* slot &+ 1] {
            for one in broken.removeValue(forKey: own) ?? [] { ignore(one, own, visit) }
        }
    }

    /// Forgets the segments of the connection in `slot`, which is no longer followed.
    mutating func forgetBroken(of slot: Int) {
        guard brokenCount > 0 else { return }
        for own in [2 &* slot, 2 &* slot &+ 1] { brokenCount &-= broken.removeValue(forKey: own)?.count ?? 0 }
    }

    private mutating func ignore(_ one: BrokenSegment, _ own: Int, _ visit: Visitor) {
        brokenCount &-= 1
        visit(streams[own].connection, .broken(streams[own].side, offset: nil, one.packetPosition), Span())
    }
}
