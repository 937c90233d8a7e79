/// The bytes that one side of a connection sends, put in order.
///
/// Invariants:
///
/// 1. A position counts bytes from the first of the stream, and does not wrap; sequence numbers do (RFC 9293 §3.4).
///   `next` is the position of the next byte to hand over.
/// 2. Every byte is handed over once and in order. Of two copies the one that arrived first counts.
/// 3. Whatever is held starts after `next`; bytes are held only while the phase is `flowing`.
/// 4. The phase only advances: from `flowing` to `finished`.
struct TCPPeerStream: Sendable {
    enum Phase: UInt8, Sendable {
        /// Bytes are handed over.
        case flowing
        /// The FIN has arrived, and everything before it, or else the gaps have been reported.
        case finished
    }

    /// The index of its connection.
    let connection: Int
    /// The side whose bytes these are.
    let side: TCPPeer

    var phase = Phase.flowing
    /// Whether sequence numbers have a position.
    var isPlaced = false
    /// Whether the first byte is known for certain: by a SYN, or because bytes were handed over. Until then the
    /// stream may begin later than at position 0.
    var hasBegun = false
    /// Whether the peer has acknowledged up to `base`, while the stream is not placed.
    var hasHint = false
    /// Whether it has been reported that bytes are missing at `next`, but not how many.
    var isGapOpen = false
    /// Whether the snap length has cut off packets of this side.
    var isSnapped = false
    /// The number of segments of the connection since the peer was seen to have bytes that are missing here.
    var waited: UInt8 = 0
    /// The number of segments of this side whose checksum is right, and of those that were used although theirs is
    /// not; saturating.
    var sound: UInt16 = 0
    var unsound: UInt16 = 0
    /// The window scale in this side's SYN.
    var scaleOffer = WindowScaleOffer.unknown
    /// The sequence number of position 0.
    var base: UInt32 = 0

    /// The position of the next byte to hand over.
    var next: Int64 = 0
    /// The position of the first byte that was handed over.
    var origin: Int64 = 0
    /// What the peer says about these bytes.
    var receiver = ReceiverState()
    /// The position of the FIN; `Int64.max` until it arrives. `next <= end`
    var end = Int64.max
    /// The position of the first byte of the FIN's segment.
    var finStart: Int64 = 0
    /// Bytes at `next..<cutEnd` were on the wire and were cut off by the snap length; none if that is empty.
    var cutEnd: Int64 = 0

    var finPacketPosition: PacketPosition?
    var cutPacketPosition: PacketPosition?
    /// The first packet which shows that the byte at ``next`` was sent.
    var missingSince: PacketPosition?
    var held = ReorderBuffer()
    var recent = RecentBytes()

    /// How many bytes before its first segment may still arrive in a stream without a captured SYN.
    static let lead: Int64 = 1 << 20

    /// Creates a stream about which nothing is known.
    init(connection: Int, side: TCPPeer) {
        self.connection = connection
        self.side = side
    }

    /// Whether its FIN has been seen.
    @inline(__always)
    var hasEnd: Bool { phase == .finished || end != .max }

    /// The highest position that the peer has acknowledged.
    @inline(__always)
    var acknowledged: Int64 { receiver.acknowledged }

    /// Returns the position of a sequence number: the one that is nearest to `next`.
    func position(of sequence: UInt32) -> Int64 {
        let expected = base &+ UInt32(truncatingIfNeeded: next)
        return next &+ Int64(Int32(bitPattern: sequence &- expected))
    }

    /// Returns whether a sequence number may belong to this stream's bytes: to some still to come, or to earlier
    /// ones. As far as from its first one, if that was not captured.
    func isNear(_ sequence: UInt32) -> Bool {
        isPlaced && abs(position(of: sequence) &- next) < Self.lead
    }

    // MARK: Acknowledgments

    /// Notes that the peer acknowledges everything before `sequence`, and allows `window` more bytes.
    ///
    /// - Returns: false if that cannot be true, and is ignored.
    mutating func acknowledge(
        _ sequence: UInt32, window: Int64?, at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor
    ) -> Bool {
        guard isPlaced else {
            if !hasHint || Int32(bitPattern: sequence &- base) > 0 {
                base = sequence
                hasHint = true
            }
            return true
        }
        let position = position(of: sequence)
        let seenEnd = max(next, held.lastEnd ?? next, end == .max ? next : end)
        guard receiver.acknowledge(position, window: window, seenEnd: seenEnd) else { return false }
        if acknowledged > next, missingSince == nil { missingSince = packetPosition }
        if !hasBegun { beginIfKnown(visit) }
        return true
    }

    // MARK: Arriving bytes

    /// Handles the payload of a segment.
    ///
    /// - Parameter keepsRecent: whether bytes that are handed over are kept for a while, to be compared with later
    ///   copies.
    mutating func add(
        _ segment: TCPSegment, payload: Span<UInt8>, at packetPosition: PacketPosition, ceiling: Int,
        keepsRecent: Bool, _ visit: TCPAssembler.Visitor
    ) -> Acceptance {
        let isLast = segment.flags.contains(.fin)
        let count = payload.count &+ Int(segment.missing)
        guard count > 0 || isLast else { return .accepted }
        if !isPlaced, !place(by: segment, count: count) { return .accepted }
        guard phase == .flowing else { return .accepted }
        let start = position(of: segment.payloadSequence)
        guard receiver.allows(start) else { return .stray }
        // A keep-alive probe (RFC 9293 §3.8.4): its byte, if there is one, does not belong to the stream.
        if start &+ 1 == acknowledged, count == 1, !isLast, !hasBegun { return .accepted }
        let stop = start &+ Int64(payload.count)
        let cut = start &+ Int64(count)
        if end < cut, start <= max(finStart, next) { refuteEnd(visit) }
        if isLast { noteEnd(cut, from: start, at: packetPosition, visit) }
        // In order, as most are.
        let isPlain = start == next && held.isEmpty

        var contradiction: Int64?
        var acceptance = Acceptance.accepted
        while start > next, stop > start || cut > stop {
            if missingSince == nil { missingSince = packetPosition }
            let fresh = payload.extracting(first: Int(stop &- start))
            if held.hold(
                fresh, from: start, cutEnd: cut, at: packetPosition, ceiling: ceiling, contradiction: &contradiction)
            {
                if let contradiction { report(contradiction, at: packetPosition, visit) }
                if !hasBegun { beginIfKnown(visit) }
                if isSnapped { handOverSnapped(at: packetPosition, visit) }
                return acceptance
            }
            acceptance = .overCeiling
            if hasBegun {
                declareGap(.ceiling(arriving: start), at: packetPosition, visit)
            } else {
                begin(at: min(start, held.firstStart ?? start), visit)
            }
            guard phase == .flowing else { return acceptance }
        }
        if start <= next {
            handOver(payload, from: start, to: stop, at: packetPosition, keepsRecent: keepsRecent, visit)
            noteCut(cut, at: packetPosition)
            if !isPlain, payload.count > 1 {
                if let difference = recent.firstDifference(from: payload, at: start) {
                    report(difference, at: packetPosition, visit)
                }
            }
        } else if !hasBegun {
            beginIfKnown(visit)
        }
        finishIfWhole(visit)
        if isSnapped { handOverSnapped(at: packetPosition, visit) }
        return acceptance
    }

    /// What became of a segment's bytes.
    enum Acceptance {
        /// They were accepted, held, or already known.
        case accepted
        /// They would have had to be held, but the ceiling left no room.
        case overCeiling
        /// They are so far beyond the window that the peer does not accept them.
        case stray
    }

    private func report(_ contradiction: Int64, at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        let offset = UInt64(clamping: contradiction &- origin)
        visit(connection, .contradiction(side, offset: offset, packetPosition), Span())
    }

    /// Counts a segment of the connection, from either side.
    ///
    /// Some captures show an acknowledgment a little before what it acknowledges; a hole is therefore given up only
    /// after ``TCPAssembler/gapTolerance`` further segments.
    mutating func passSegment(at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        guard isWaiting else {
            waited = 0
            return
        }
        guard waited >= tolerance else {
            waited &+= 1
            return
        }
        waited = 0
        declareGap(.gapTolerance, at: packetPosition, visit)
    }

    /// Whether bytes at `next` have been on the wire and were not captured, or the stream's first bytes are waited
    /// for.
    ///
    /// A single acknowledged number, with nothing after it, may be that of a FIN.
    @inline(__always)
    private var isWaiting: Bool {
        guard phase == .flowing, isPlaced else { return false }
        guard hasBegun else { return !held.isEmpty || end != .max }
        guard acknowledged > next || cutEnd > next else { return false }
        return cutEnd > next || !held.isEmpty || end != .max || acknowledged > next &+ 1 && !isGapOpen
    }

    private var tolerance: Int {
        let isFirst = !hasBegun && (acknowledged <= 0 || acknowledged >= held.firstStart ?? end)
        return isFirst ? TCPAssembler.startTolerance : TCPAssembler.gapTolerance
    }

    // MARK: Handing over

    private mutating func handOver(
        _ payload: Span<UInt8>, from start: Int64, to stop: Int64, at packetPosition: PacketPosition,
        keepsRecent: Bool, _ visit: TCPAssembler.Visitor
    ) {
        while next < stop {
            let turn = min(stop, held.firstStart ?? stop)
            let fresh = payload.extracting(Int(next &- start)..<Int(turn &- start))
            visit(connection, .bytes(side, packetPosition), fresh)
            if keepsRecent { recent.append(fresh, at: next) }
            advance(to: turn)
            handOverHeld(visit)
        }
    }

    /// Hands over the bytes held for `next`, and what follows them without a hole.
    mutating func handOverHeld(_ visit: TCPAssembler.Visitor) {
        guard !held.isEmpty else { return }
        while let piece = held.takeFirst(upTo: next) {
            let stop = min(piece.end, end)
            if stop > next {
                let fresh = piece.bytes.span.extracting(Int(next &- piece.start)..<Int(stop &- piece.start))
                visit(connection, .bytes(side, piece.packetPosition), fresh)
                recent.append(fresh, at: next)
                advance(to: stop)
            }
            noteCut(piece.cutEnd, at: piece.packetPosition)
        }
    }

    mutating func advance(to position: Int64) {
        next = position
        isGapOpen = false
        hasBegun = true
        waited = 0
        missingSince = nil
    }

    private mutating func noteCut(_ position: Int64, at packetPosition: PacketPosition) {
        guard position > next, position > cutEnd else { return }
        if cutEnd <= next { cutPacketPosition = packetPosition }
        cutEnd = min(position, end)
        hasBegun = true
    }

    /// Notes that the FIN is at `position`, at the end of a segment that begins at `start`. Of several the one that is
    /// reached first counts, and none before what has been handed over. One that arrives early is not believed if a
    /// piece with all of its segment, and with bytes after it, is held.
    private mutating func noteEnd(
        _ position: Int64, from start: Int64, at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor
    ) {
        guard position < end, position >= next else { return }
        if start > next, let first = held.firstStart(endingAtOrAfter: position &+ 1), first <= start {
            return visit(connection, .stray(side, .end, packetPosition), Span())
        }
        (end, finStart) = (position, start)
        finPacketPosition = packetPosition
        cutEnd = min(cutEnd, end)
    }

    /// Forgets the FIN: bytes after it have arrived in order, or in a segment that contains all of the FIN's. An
    /// endpoint sends nothing after its FIN, and a receiver that has passed one by does not return to it.
    private mutating func refuteEnd(_ visit: TCPAssembler.Visitor) {
        if let finPacketPosition { visit(connection, .stray(side, .end, finPacketPosition), Span()) }
        (end, finPacketPosition) = (.max, nil)
    }

    mutating func finishIfWhole(_ visit: TCPAssembler.Visitor) {
        guard next == end, phase == .flowing, let finPacketPosition else { return }
        finish(at: finPacketPosition, visit)
    }

    mutating func finish(at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        phase = .finished
        held.removeAll()
        visit(connection, .finished(side, packetPosition), Span())
    }
}

extension TCPSegment {
    /// The sequence number of the payload's first byte: a SYN takes one before it (RFC 9293 §3.4).
    var payloadSequence: UInt32 { flags.contains(.syn) ? sequence &+ 1 : sequence }
}
