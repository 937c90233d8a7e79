import WebSocketFrames

// Which connection a segment belongs to, and how connections begin and end.

extension TCPAssembler {
    /// Returns the index in ``streams`` of what a side of the connection in `slot` sends.
    @inline(__always)
    static func index(of side: TCPPeer, in slot: Int) -> Int { 2 &* slot &+ (side == .first ? 0 : 1) }

    /// Returns the slot of the connection that a segment belongs to, opening it if necessary; nil if the segment is
    /// of no use.
    mutating func slot(
        of segment: TCPSegment, _ payload: Span<UInt8>, _ pair: AddressPair, _ senderIsUpper: Bool,
        at packetPosition: PacketPosition, _ visit: Visitor
    ) -> Int? {
        let opens = segment.flags.contains(.syn) && !segment.flags.contains(.rst)
        if let slot = table.slot(of: pair) {
            if !doubts.isEmpty, let slot = confirmOpening(segment, slot, pair, senderIsUpper, visit) { return slot }
            if !opens || belongs(segment, to: slot, senderIsUpper) {
                guard table.status(slot) == .ended else { return slot }
                let side = table.side(slot, senderIsUpper: senderIsUpper)
                let hasPayload = !payload.isEmpty || segment.missing > 0
                guard refutesReset(segment, hasPayload: hasPayload, slot, side) else { return nil }
            } else if table.status(slot) == .open {
                guard mayBeOver(slot) else {
                    let opening = Opening(
                        segment: segment, payload: Array(copying: payload),
                        side: table.side(slot, senderIsUpper: senderIsUpper),
                        packetPosition: packetPosition)
                    doubt(opening, slot, visit)
                    return nil
                }
                end(slot, visit)
            }
            table.remove(slot)
        } else if segment.flags.contains(.rst) {
            return nil
        }
        return open(segment, pair, senderIsUpper, at: packetPosition, visit)
    }

    mutating func open(
        _ segment: TCPSegment, _ pair: AddressPair, _ senderIsUpper: Bool, at packetPosition: PacketPosition,
        _ visit: Visitor
    ) -> Int {
        if table.count >= limits.connections { evict(visit) }
        let isSeenFromStart = segment.flags.contains(.syn)
        let isAnswer = isSeenFromStart && segment.flags.contains(.ack)
        let index = nextIndex
        nextIndex &+= 1
        let slot = table.insert(
            ConnectionTable.Connection(
                pair: pair, index: index, firstIsUpper: senderIsUpper != isAnswer, latest: packetPosition))
        for side in TCPPeer.allCases {
            let stream = TCPPeerStream(connection: index, side: side)
            let own = Self.index(of: side, in: slot)
            if own < streams.count { streams[own] = stream } else { streams.append(stream) }
        }
        let connection = TCPConnection(
            index: index,
            first: isAnswer ? segment.destination : segment.source,
            second: isAnswer ? segment.source : segment.destination,
            isSeenFromStart: isSeenFromStart)
        visit(index, .opened(connection), Span())
        return slot
    }

    /// Returns whether a SYN belongs to the connection in `slot`, and does not begin another one between the same
    /// ends.
    private func belongs(_ segment: TCPSegment, to slot: Int, _ senderIsUpper: Bool) -> Bool {
        let own = Self.index(of: table.side(slot, senderIsUpper: senderIsUpper), in: slot)
        let peer = own ^ 1
        let isAnswer = segment.flags.contains(.ack)
        // After a RST only the answer to the SYN that was reset may still belong to it.
        let wasReset = table[slot].wasReset
        if streams[own].isPlaced, streams[own].base == segment.payloadSequence, isAnswer || !wasReset { return true }
        guard isAnswer else {
            // Both sides may send a SYN, and mean the same connection (RFC 9293 §3.5).
            return !wasReset && !streams[own].isPlaced && streams[peer].hasBegun && streams[peer].next == 0
        }
        guard streams[peer].isPlaced else { return !wasReset && !streams[own].isPlaced }
        // It acknowledges the peer's SYN, and possibly data that came with it (RFC 7413). An answer with another
        // initial number than the first one is skipped.
        let acknowledged = streams[peer].position(of: segment.acknowledgment)
        if acknowledged == 0 { return true }
        return !streams[own].isPlaced && acknowledged > 0 && acknowledged <= streams[peer].next
    }

    // MARK: Ends

    /// Returns whether nothing more will come of a stream: everything is handed over, or the peer has acknowledged
    /// the FIN. (By its parts, since it is too large to be copied for every segment.)
    @inline(__always)
    func isOver(_ own: Int) -> Bool {
        streams[own].phase == .finished
            || streams[own].end != .max && streams[own].receiver.acknowledged > streams[own].end
    }

    /// Decides what the connection in `slot` holds, and closes it.
    mutating func end(_ slot: Int, _ visit: Visitor) {
        visitEnd(of: slot, visit)
        let reset = doubts[slot]?.reset
        if let reset {
            // There is no longer any evidence against it, or what followed is evidence.
            let event: TCPEvent =
                reset.segments == 0
                ? .reset(reset.side, reset.packetPosition) : .stray(reset.side, .reset, reset.packetPosition)
            visit(table[slot].index, event, Span())
        }
        close(slot, wasReset: reset?.segments == 0, visit)
    }

    /// Decides what the connection in `slot` holds.
    mutating func visitEnd(of slot: Int, _ visit: Visitor) {
        let packetPosition = table[slot].latest
        if brokenCount > 0 { ignoreBroken(slot, visit) }
        for own in [2 &* slot, 2 &* slot &+ 1] {
            heldCost &-= streams[own].held.cost
            streams[own].declareGap(.end(peerHasEnded: streams[own ^ 1].hasEnd), at: packetPosition, visit)
        }
    }

    /// Closes the connection in `slot`, which holds no bytes. The slot still recognises its segments.
    mutating func close(_ slot: Int, wasReset: Bool, _ visit: Visitor) {
        forgetRecent(of: slot)
        doubts[slot] = nil
        visit(table[slot].index, .closed, Span())
        table.move(slot, to: .ended, wasReset: wasReset)
    }

    /// Stops comparing what was handed over of the connection in `slot`.
    mutating func forgetRecent(of slot: Int) {
        for stream in [2 &* slot, 2 &* slot &+ 1] {
            recentCost &-= streams[stream].recent.cost
            streams[stream].recent.removeAll()
        }
    }

    // MARK: Ceilings

    /// Makes room in the table for one connection.
    private mutating func evict(_ visit: Visitor) {
        guard let slot = table.slotOfQuietest else { return }
        if table.status(slot) == .open {
            evictedConnections &+= 1
            end(slot, visit)
        }
        table.remove(slot)
    }

    /// Gives up the holes after which the most is held, until a quarter of the ceiling is free.
    ///
    /// All streams are examined; but at least a quarter of the ceiling has to arrive before it is reached again.
    mutating func relieve(_ visit: Visitor) {
        let holders = streams.indices.filter { !streams[$0].held.isEmpty }.sorted {
            let (left, right) = (streams[$0].held.cost, streams[$1].held.cost)
            if left != right { return left > right }
            return (streams[$0].connection, $0) < (streams[$1].connection, $1)
        }
        for own in holders {
            guard heldCost > limits.heldInAll / 4 &* 3 else { return }
            // The other side's gap may have ended the connection.
            guard !streams[own].held.isEmpty else { continue }
            ceilingHits &+= 1
            // If the beginning was not captured, giving up moves it there first.
            while !streams[own].held.isEmpty, heldCost > limits.heldInAll / 4 &* 3 {
                let before = (streams[own].next, streams[own].held.cost)
                heldCost &-= before.1
                streams[own].declareGap(.ceiling(arriving: nil), at: table[own / 2].latest, visit)
                heldCost &+= streams[own].held.cost
                // Nothing has moved, and nothing would another time.
                guard before != (streams[own].next, streams[own].held.cost) else { break }
            }
            if isOver(own), isOver(own ^ 1) { end(own / 2, visit) }
        }
    }
}
