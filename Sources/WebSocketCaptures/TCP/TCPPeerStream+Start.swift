// The beginning of a stream.

extension TCPPeerStream {
    /// Places the stream by a SYN: the first byte has this sequence number.
    mutating func anchor(at sequence: UInt32) {
        if !isPlaced { place(at: sequence) }
        if base == sequence { hasBegun = true }
    }

    /// Places a stream without a captured SYN by the first segment that is not empty.
    ///
    /// - Returns: false for a keep-alive probe (RFC 9293 §3.8.4): its byte, if there is one, does not belong to the
    ///   stream.
    mutating func place(by segment: TCPSegment, count: Int) -> Bool {
        let sequence = segment.payloadSequence
        if hasHint, sequence &+ 1 == base, count == 1, !segment.flags.contains(.fin) { return false }
        place(at: sequence &- UInt32(truncatingIfNeeded: Self.lead))
        return true
    }

    private mutating func place(at sequence: UInt32) {
        let hint = base
        base = sequence
        isPlaced = true
        if hasHint { _ = receiver.acknowledge(position(of: hint), window: nil, seenEnd: .max &- 1) }
    }

    /// Begins the stream if nothing before the held bytes can still come: the peer has acknowledged up to there.
    mutating func beginIfKnown(_ visit: TCPAssembler.Visitor) {
        guard phase == .flowing, acknowledged > 0, let start = held.startOfRun(reaching: acknowledged, end: end) else {
            return
        }
        begin(at: start, visit)
    }

    /// Where the stream begins if nothing else comes: what the peer had before, and what is not contiguous with what
    /// follows, does not belong to it. Nil if nothing has arrived.
    var likelyStart: Int64? {
        let start = min(held.firstStart(endingAtOrAfter: acknowledged) ?? held.firstStart ?? end, end)
        return start == .max ? nil : start
    }

    /// Begins the stream at `position`, or at the FIN if that precedes it: nothing before it was captured.
    mutating func begin(at position: Int64, _ visit: TCPAssembler.Visitor) {
        let position = min(position, end)
        advance(to: position)
        origin = position
        handOverHeld(visit)
        finishIfWhole(visit)
    }
}

/// The scale of this side's windows according to its SYN (RFC 7323 §2).
enum WindowScaleOffer: Sendable, Hashable {
    /// The SYN was not captured.
    case unknown
    /// The SYN had no such option, so neither side's windows are scaled.
    case none
    case shift(UInt8)

    init(_ scale: UInt8?) {
        self = scale.map { .shift($0) } ?? .none
    }

    /// Returns how the windows of the side that offered this are scaled if its peer offered `other`: as far as
    /// possible, if that is not known.
    func shift(with other: WindowScaleOffer) -> UInt8 {
        switch (self, other) {
        case (.none, _), (_, .none): 0
        case (.shift(let shift), _): shift
        case (.unknown, _): 14
        }
    }
}
