// Holes that are not waited for any longer.

extension TCPPeerStream {
    /// Why a hole is not waited for any longer.
    enum Cause: Sendable {
        /// What waits after it takes too much; so does what arrives at that position, if anything does.
        case ceiling(arriving: Int64?)
        /// The peer has the bytes, and enough segments have passed.
        case gapTolerance
        /// Nothing more will come.
        case end(peerHasEnded: Bool)
    }

    /// Gives up the hole at `next`, if there is one: reports the gap, and the FIN if it has arrived.
    ///
    /// A hole before the first byte of a stream whose start was not captured is no gap: the stream begins after
    /// it.
    ///
    /// - Parameter packetPosition: the last packet of the connection: the gap's, where no other packet shows it.
    mutating func declareGap(_ cause: Cause, at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        if !hasBegun, let start = likelyStart {
            begin(at: start, visit)
            finishIfWhole(visit)
            guard case .end = cause else { return }
        }
        guard phase == .flowing, isPlaced, hasBegun, isHole(cause) else { return }
        let place = gapPacketPosition(cause, at: packetPosition)
        visit(connection, .gap(side, count: missingCount(cause), reason(cause), place), Span())
        phase = .gapped
        held.removeAll()
        if let finPacketPosition { finish(at: finPacketPosition, visit) }
    }

    /// Bytes are missing at `next`, as far as can be reported when nothing more comes.
    ///
    /// A single acknowledged number, with nothing after it, may be that of a FIN.
    private func isHole(_ cause: Cause) -> Bool {
        if case .ceiling(.some) = cause { return true }
        return !held.isEmpty || end != .max || cutEnd > next || acknowledged > next &+ 1
    }

    /// Whatever else is the cause, the bytes of a packet that was cut are missing as it was cut.
    private func reason(_ cause: Cause) -> GapReason {
        if cutEnd > next { return .snapped }
        if case .ceiling = cause { return .ceiling }
        return .notCaptured
    }

    /// The packet that was cut, else the first one that shows that the missing bytes were sent.
    private func gapPacketPosition(_ cause: Cause, at packetPosition: PacketPosition) -> PacketPosition {
        if cutEnd > next, let cutPacketPosition { return cutPacketPosition }
        return [missingSince, held.firstPacketPosition, finPacketPosition].compactMap(\.self)
            .min { $0.packet < $1.packet } ?? packetPosition
    }

    /// How many bytes are missing at `next`; nil if that cannot be known.
    private func missingCount(_ cause: Cause) -> UInt64? {
        var after = held.firstByte ?? end
        if case .ceiling(let arriving?) = cause { after = min(after, arriving) }
        if after != .max { return UInt64(clamping: after &- next) }
        let cutEnd = max(cutEnd, held.lastCutEnd ?? 0)
        guard acknowledged > cutEnd else { return UInt64(clamping: cutEnd &- next) }
        // What the peer acknowledged may include a FIN that was not captured, where the connection came to an end.
        guard case .end(peerHasEnded: false) = cause else { return nil }
        return UInt64(clamping: acknowledged &- next)
    }
}
