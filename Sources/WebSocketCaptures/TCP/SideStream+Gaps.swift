// Holes that are not waited for any longer.

extension SideStream {
    /// Why a hole is not waited for any longer.
    enum Cause: Sendable {
        /// What waits behind it takes too much; so does what arrives at that position, if anything does.
        case ceiling(arriving: Int64?)
        /// The peer has the bytes, and enough segments have passed.
        case patience
        /// Nothing more will come.
        case end(peerHasEnded: Bool)
    }

    /// Gives up the hole at `next`, if there is one: tells the gap, and the FIN where it has come.
    ///
    /// A hole in front of the first byte of a stream whose start was not captured is no gap: the stream begins behind
    /// it.
    ///
    /// - Parameter moment: the last packet of the connection: the gap's, where no other packet stands behind the hole.
    mutating func giveUp(_ cause: Cause, at moment: Moment, _ visit: TCPAssembler.Visitor) {
        if !hasBegun, let start = held.firstStart ?? (end == .max ? nil : end) {
            begin(at: start, visit)
            finishIfWhole(visit)
            guard case .end = cause else { return }
        }
        guard phase == .flowing, isPlaced, hasBegun, isHole(cause) else { return }
        let place = gapMoment(cause) ?? moment
        visit(connection, .gap(side, count: missingCount(cause), reason(cause), place), Span())
        phase = .gapped
        held.removeAll()
        if let finMoment { finish(at: finMoment, visit) }
    }

    /// Nothing in front of `position` was captured: the stream begins there.
    mutating func begin(at position: Int64, _ visit: TCPAssembler.Visitor) {
        advance(to: position)
        handOverHeld(visit)
    }

    /// Bytes are missing at `next`, as far as can be told when nothing more comes.
    ///
    /// A single acknowledged number, with nothing behind it, may be that of a FIN.
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

    /// The packet that was cut, else the first one behind the hole; nil where that is the one that has just come.
    private func gapMoment(_ cause: Cause) -> Moment? {
        if cutEnd > next { return cutMoment }
        if case .ceiling(let arriving?) = cause, arriving < held.firstStart ?? .max { return nil }
        return held.firstMoment ?? finMoment
    }

    /// How many bytes are missing at `next`; nil where that cannot be known.
    private func missingCount(_ cause: Cause) -> UInt64? {
        var behind = held.firstByte ?? end
        if case .ceiling(let arriving?) = cause { behind = min(behind, arriving) }
        if behind != .max { return UInt64(clamping: behind &- next) }
        let cutEnd = max(cutEnd, held.lastCutEnd ?? 0)
        guard acknowledged > cutEnd else { return UInt64(clamping: cutEnd &- next) }
        // What the peer acknowledged may include a FIN that was not captured, where the connection came to an end.
        guard case .end(peerHasEnded: false) = cause else { return nil }
        return UInt64(clamping: acknowledged &- next)
    }
}
