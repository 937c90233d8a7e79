// Holes that are no longer waited for.

extension TCPPeerStream {
    /// The reason why a hole is no longer waited for.
    enum Cause: Sendable {
        /// What waits after it takes too much space; what arrives at that position does as well, if anything does.
        case ceiling(arriving: Int64?)
        /// The peer has the bytes, and enough segments have passed.
        case gapTolerance
        /// Nothing more will come.
        case end(peerHasEnded: Bool)
    }

    /// Gives up the hole at `next`, if there is one: reports the gap, and hands over what follows it. At the end, all
    /// of them.
    ///
    /// A hole before the first byte of a stream whose start was not captured is not a gap: the stream begins after
    /// it.
    ///
    /// - Parameter packetPosition: the last packet of the connection, used for the gap if no other packet shows it.
    mutating func declareGap(_ cause: Cause, at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        if !hasBegun, let start = likelyStart {
            begin(at: start, visit)
            guard case .end = cause else { return }
        }
        guard phase == .flowing, isPlaced, hasBegun else { return }
        while phase == .flowing, isHole(cause) {
            let count = isGapOpen && held.isEmpty && end == .max ? nil : missingCount(cause)
            guard let count, count > 0 else {
                if !isGapOpen { report(count: nil, cause, at: packetPosition, visit) }
                isGapOpen = true
                return
            }
            if reason(cause) == .snapped { isSnapped = true }
            report(count: count, cause, at: packetPosition, visit)
            advance(to: next &+ Int64(clamping: count))
            handOverHeld(visit)
            finishIfWhole(visit)
            guard case .end = cause else { break }
        }
        handOverSnapped(at: packetPosition, visit)
        // Packets are missing in this capture: the next hole is not waited for as long.
        if case .gapTolerance = cause, !held.isEmpty {
            waited = UInt8(TCPAssembler.gapTolerance - TCPAssembler.startTolerance)
        }
    }

    private func report(
        count: UInt64?, _ cause: Cause, at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor
    ) {
        let place = gapPacketPosition(cause, at: packetPosition)
        visit(connection, .gap(side, count: count, reason(cause), place), Span())
    }

    /// Gives up what the snap length cut off, if it has cut off packets before.
    mutating func handOverSnapped(at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        while isSnapped, phase == .flowing, cutEnd > next, let first = held.firstByte, first <= cutEnd {
            report(count: UInt64(clamping: first &- next), .gapTolerance, at: packetPosition, visit)
            advance(to: first)
            handOverHeld(visit)
            finishIfWhole(visit)
        }
    }

    /// Returns whether bytes are missing at `next`, as far as is known when nothing more comes.
    ///
    /// A single acknowledged number, with nothing after it, may be that of a FIN.
    private func isHole(_ cause: Cause) -> Bool {
        if case .ceiling(.some) = cause { return true }
        return !held.isEmpty || end != .max || cutEnd > next || acknowledged > next &+ 1
    }

    /// Returns the reason: the bytes of a packet that was cut off are missing because of that, whatever else
    /// happened.
    private func reason(_ cause: Cause) -> GapReason {
        if cutEnd > next { return .snapped }
        if case .ceiling = cause { return .ceiling }
        return .notCaptured
    }

    /// Returns the packet that was cut off, otherwise the first one that shows that the missing bytes were sent.
    private func gapPacketPosition(_ cause: Cause, at packetPosition: PacketPosition) -> PacketPosition {
        if cutEnd > next, let cutPacketPosition { return cutPacketPosition }
        return [missingSince, held.firstPacketPosition, finPacketPosition].compactMap(\.self)
            .min { $0.packet < $1.packet } ?? packetPosition
    }

    /// Returns the number of bytes that are missing at `next`; nil if that cannot be known.
    private func missingCount(_ cause: Cause) -> UInt64? {
        var after = min(held.firstByte ?? end, end)
        if case .ceiling(let arriving?) = cause { after = min(after, arriving) }
        if after != .max { return UInt64(clamping: after &- next) }
        let cutEnd = max(cutEnd, held.lastCutEnd ?? 0)
        guard cutEnd <= next else { return UInt64(clamping: cutEnd &- next) }
        // What the peer acknowledged may include a FIN that was not captured, if the connection came to an end.
        guard case .end(peerHasEnded: false) = cause else { return nil }
        return UInt64(clamping: acknowledged &- next)
    }
}
