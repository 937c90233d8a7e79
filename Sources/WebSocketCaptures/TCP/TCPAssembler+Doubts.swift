// What would end a connection if it were true: a RST or a SYN that does not fit. What follows decides.

extension TCPAssembler {
    /// What may end a connection.
    struct Doubt: Sendable {
        var reset: Reset?
        var opening: Opening?
    }

    /// A RST that is not at the next expected byte.
    struct Reset: Sendable {
        let side: TCPPeer
        /// The position of its sequence number.
        let position: Int64
        let packetPosition: PacketPosition
        /// The number of segments of the side that have arrived since.
        var segments = 0
    }

    /// A SYN with another initial number than the connection's.
    struct Opening: Sendable {
        let segment: TCPSegment
        let payload: [UInt8]
        let side: TCPPeer
        let packetPosition: PacketPosition
    }

    /// The number of further segments of its side that refute a RST. Fewer may be packets that overtook it.
    private static let refutingSegments = 3

    // MARK: RST

    /// Handles a RST of an open connection (RFC 5961 §3.2).
    mutating func takeReset(
        _ segment: TCPSegment, _ slot: Int, _ side: TCPPeer, at packetPosition: PacketPosition, _ visit: Visitor
    ) {
        let own = Self.index(of: side, in: slot)
        if isExpected(segment, own) { return reset(slot, by: side, at: packetPosition, visit) }
        let position = streams[own].isPlaced ? streams[own].position(of: segment.sequence) : 0
        // Of several the first counts: an endpoint that has reset a connection does so again for whatever still
        // arrives.
        guard doubts[slot]?.reset == nil else { return }
        doubts[slot, default: Doubt()].reset = Reset(side: side, position: position, packetPosition: packetPosition)
    }

    /// Returns whether a RST is where its receiver must believe it.
    private func isExpected(_ segment: TCPSegment, _ own: Int) -> Bool {
        let stream = streams[own]
        guard stream.isPlaced else {
            if stream.hasHint { return segment.sequence == stream.base }
            // The answer to a SYN (RFC 9293 §3.10.7.3).
            let peer = streams[own ^ 1]
            guard segment.flags.contains(.ack), peer.isPlaced else { return false }
            return (0...peer.next).contains(peer.position(of: segment.acknowledgment))
        }
        let position = stream.position(of: segment.sequence)
        switch stream.phase {
        case .flowing:
            guard stream.hasBegun else { return position == stream.held.lastEnd || position == stream.acknowledged }
            // Bytes that the receiver has may be missing here.
            if stream.isGapOpen { return position >= stream.next && stream.receiver.allows(position) }
            return position == stream.next || (position == stream.acknowledged && position > stream.next)
        case .finished: return position == stream.next || position == stream.next &+ 1
        }
    }

    private mutating func reset(
        _ slot: Int, by side: TCPPeer, at packetPosition: PacketPosition, _ visit: Visitor
    ) {
        visitEnd(of: slot, visit)
        visit(table[slot].index, .reset(side, packetPosition), Span())
        close(slot, wasReset: true, visit)
        table[slot].resetter = side
    }

    /// Returns whether `segment` shows that a connection, which was reset, continues: the RST was forged, and its
    /// receiver did not believe it. An endpoint that has reset a connection sends no bytes after its RST, and one whose
    /// connection was reset acknowledges none, but answers them with a RST of its own (RFC 9293 §3.10.7.1).
    mutating func refutesReset(
        _ segment: TCPSegment, hasPayload: Bool, _ slot: Int, _ side: TCPPeer
    ) -> Bool {
        guard let resetter = table[slot].resetter else { return false }
        if segment.flags.contains(.rst) {
            if side != resetter { table[slot].resetter = nil }
            return false
        }
        let stream = streams[Self.index(of: resetter, in: slot)]
        guard side == resetter else {
            return table[slot].segmentsAfterReset > 0 && segment.flags.contains(.ack)
                && stream.position(of: segment.acknowledgment) > stream.next
        }
        guard hasPayload, stream.position(of: segment.payloadSequence) >= stream.next else { return false }
        table[slot].segmentsAfterReset += 1
        return table[slot].segmentsAfterReset >= Self.refutingSegments
    }

    // MARK: SYN

    /// Returns whether both sides of the connection in `slot` have ended, so that a SYN begins another one.
    func mayBeOver(_ slot: Int) -> Bool {
        streams[2 &* slot].hasEnd && streams[2 &* slot &+ 1].hasEnd
    }

    /// Handles a SYN with another initial number: what follows shows what it was (RFC 5961 §4).
    mutating func doubt(_ opening: Opening, _ slot: Int, _ visit: Visitor) {
        if let other = doubts[slot]?.opening {
            guard other.segment.sequence != opening.segment.sequence else { return }
            visit(table[slot].index, .stray(other.side, .synchronization, other.packetPosition), Span())
        }
        doubts[slot, default: Doubt()].opening = opening
    }

    /// Returns whether `segment` continues the connection that the doubtful SYN of `slot` began, which then has a
    /// slot.
    mutating func confirmOpening(
        _ segment: TCPSegment, _ slot: Int, _ pair: AddressPair, _ senderIsUpper: Bool, _ visit: Visitor
    ) -> Int? {
        guard let opening = doubts[slot]?.opening,
            continues(opening, segment, slot, table.side(slot, senderIsUpper: senderIsUpper))
        else { return nil }
        let openerIsUpper = table[slot].firstIsUpper == (opening.side == .first)
        end(slot, visit)
        table.remove(slot)
        let new = open(opening.segment, pair, openerIsUpper, at: opening.packetPosition, visit)
        let side = table.side(new, senderIsUpper: openerIsUpper)
        advance(
            opening.segment, payload: opening.payload.span, at: opening.packetPosition,
            from: Self.index(of: side, in: new), visit)
        return new
    }

    private func continues(_ opening: Opening, _ segment: TCPSegment, _ slot: Int, _ side: TCPPeer) -> Bool {
        let first = opening.segment.payloadSequence
        let numbers = [first, first &+ UInt32(truncatingIfNeeded: opening.payload.count)]
        if side == opening.side {
            return !segment.flags.contains(.syn) && numbers.contains(segment.sequence)
                && !streams.span[Self.index(of: side, in: slot)].isNear(segment.sequence)
        }
        guard segment.flags.contains(.ack), numbers.contains(segment.acknowledgment) else { return false }
        return !segment.flags.isDisjoint(with: [.syn, .rst])
            || !streams.span[Self.index(of: opening.side, in: slot)].isNear(segment.acknowledgment)
    }

    // MARK: What follows

    /// Checks, after a segment of an open connection was accepted, whether that shows that a RST or a SYN did not
    /// belong to the connection.
    mutating func settleDoubt(_ segment: TCPSegment, _ slot: Int, _ side: TCPPeer, _ visit: Visitor) {
        guard let doubt = doubts[slot] else { return }
        if let opening = doubt.opening, opening.side == side, !segment.flags.contains(.syn) {
            doubts[slot] = doubt.reset.map { Doubt(reset: $0) }
            visit(table[slot].index, .stray(side, .synchronization, opening.packetPosition), Span())
        }
        guard let pending = doubt.reset, pending.side == side else { return }
        let own = streams[Self.index(of: side, in: slot)]
        if own.phase == .flowing, own.next == pending.position {
            // It may have overtaken what arrived now; if nothing else comes, it has.
            doubts[slot]?.reset?.segments = 0
            return
        }
        if pending.segments &+ 1 >= Self.refutingSegments || own.next > pending.position {
            doubts[slot] = doubts[slot]?.opening.map { Doubt(opening: $0) }
            visit(table[slot].index, .stray(side, .reset, pending.packetPosition), Span())
        } else {
            doubts[slot]?.reset?.segments &+= 1
        }
    }
}
