/// The bytes that one side of a connection sends, put in order.
///
/// Laws:
///
/// 1. A position counts bytes from the first of the stream, and does not wrap; sequence numbers do (RFC 9293 §3.4).
///    `next` is the position of the next byte to hand over.
/// 2. Every byte is handed over once and in order. Of two copies the one that arrived first counts.
/// 3. Whatever is held starts after `next`; nothing is held but while the phase is `flowing`.
/// 4. The phase only moves on: `flowing`, perhaps `gapped`, perhaps `finished`.
struct TCPPeerStream: Sendable {
    enum Phase: UInt8, Sendable {
        /// Bytes are handed over.
        case flowing
        /// Bytes are missing: no others will be handed over.
        case gapped
        /// The FIN has come, and all before it, or else the gap has been reported.
        case finished
    }

    /// The index of its connection.
    let connection: Int
    /// Whose bytes these are.
    let side: TCPPeer

    var phase = Phase.flowing
    /// Sequence numbers have a position.
    var isPlaced = false
    /// The first byte is known for certain: by a SYN, or as bytes were handed over. Until then the stream may begin
    /// later than at position 0.
    var hasBegun = false
    /// While the stream is not placed: the peer has acknowledged up to `base`.
    var hasHint = false
    /// Segments of the connection that have passed since the peer was seen to have bytes that are missing here.
    var waited: UInt8 = 0
    /// The sequence number of position 0.
    var base: UInt32 = 0

    /// The position of the next byte to hand over.
    var next: Int64 = 0
    /// The highest position that the peer has acknowledged; after the FIN it counts one more.
    var acknowledged: Int64 = 0
    /// The position of the FIN; `Int64.max` while none has come. `next <= end`
    var end = Int64.max
    /// Bytes at `next..<cutEnd` were on the wire and fell to the snap length; none where that is empty.
    var cutEnd: Int64 = 0

    var finPacketPosition: PacketPosition?
    var cutPacketPosition: PacketPosition?
    var held = ReorderBuffer()

    /// A stream of which nothing is known.
    init(connection: Int, side: TCPPeer) {
        self.connection = connection
        self.side = side
    }

    /// Its FIN has been seen.
    var hasEnd: Bool { phase == .finished || end != .max }

    /// Nothing more will come: all is handed over, or the peer has acknowledged the FIN.
    var isOver: Bool { phase == .finished || (end != .max && acknowledged > end) }

    /// The position of a sequence number: the one that is nearest to `next`.
    func position(of sequence: UInt32) -> Int64 {
        let expected = base &+ UInt32(truncatingIfNeeded: next)
        return next &+ Int64(Int32(bitPattern: sequence &- expected))
    }

    // MARK: Where it begins

    /// A SYN says that the first byte has this sequence number.
    mutating func anchor(at sequence: UInt32) {
        if !isPlaced { place(at: sequence) }
        if base == sequence { hasBegun = true }
    }

    /// The peer acknowledges everything before `sequence`.
    mutating func acknowledge(_ sequence: UInt32) {
        if isPlaced {
            acknowledged = max(acknowledged, position(of: sequence))
        } else if !hasHint || Int32(bitPattern: sequence &- base) > 0 {
            base = sequence
            hasHint = true
        }
    }

    /// Places a stream of which no SYN was captured by the first segment that carries something.
    ///
    /// Where the peer has acknowledged less than what stands before the segment, it may have come out of order:
    /// the stream then begins where the acknowledgment says, unless what is missing there never comes.
    ///
    /// - Returns: false for a keep-alive probe: its byte, if there is one, is none of the stream's.
    private mutating func place(by segment: TCPSegment, count: Int) -> Bool {
        guard hasHint else {
            place(at: segment.payloadSequence)
            return true
        }
        let distance = Int32(bitPattern: segment.payloadSequence &- base)
        if distance == -1, count == 1, !segment.flags.contains(.fin) { return false }
        place(at: distance > 0 ? base : segment.payloadSequence)
        return true
    }

    private mutating func place(at sequence: UInt32) {
        let hint = base
        base = sequence
        isPlaced = true
        if hasHint { acknowledge(hint) }
    }

    // MARK: What arrives

    /// Takes what a segment carries.
    ///
    /// - Returns: false where it would have had to be held, and `ceiling` left no place.
    mutating func take(
        _ segment: TCPSegment, payload: Span<UInt8>, at packetPosition: PacketPosition, ceiling: Int,
        _ visit: TCPAssembler.Visitor
    ) -> Bool {
        let isLast = segment.flags.contains(.fin)
        let count = payload.count &+ Int(segment.missing)
        guard count > 0 || isLast else { return true }
        guard isPlaced || place(by: segment, count: count) else { return true }
        guard phase == .flowing else {
            if isLast, phase == .gapped { finish(at: packetPosition, visit) }
            return true
        }
        let start = position(of: segment.payloadSequence)
        if isLast { noteEnd(start &+ Int64(count), at: packetPosition) }
        let stop = min(start &+ Int64(payload.count), end)
        let cut = min(start &+ Int64(count), end)

        var isWithin = true
        while start > next, stop > start || cut > stop {
            let fresh = payload.extracting(first: Int(stop &- start))
            if held.hold(fresh, from: start, cutEnd: cut, at: packetPosition, ceiling: ceiling) { return isWithin }
            isWithin = false
            if hasBegun {
                declareGap(.ceiling(arriving: start), at: packetPosition, visit)
                return false
            }
            begin(at: min(start, held.firstStart ?? start), visit)
        }
        if start <= next {
            handOver(payload, from: start, to: stop, at: packetPosition, visit)
            noteCut(cut, at: packetPosition)
        }
        finishIfWhole(visit)
        return isWithin
    }

    /// Counts a segment of the connection, of either side.
    ///
    /// Some captures show an acknowledgment a little before what it acknowledges; so a hole is given up only when
    /// ``TCPAssembler/gapTolerance`` segments more have passed.
    mutating func passSegment(at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        guard acknowledged > next || cutEnd > next, isWaiting else {
            waited = 0
            return
        }
        guard waited >= TCPAssembler.gapTolerance else {
            waited &+= 1
            return
        }
        waited = 0
        declareGap(.gapTolerance, at: packetPosition, visit)
    }

    /// Bytes at `next` have been on the wire, and were not captured.
    ///
    /// A single acknowledged number, with nothing after it, may be that of a FIN.
    private var isWaiting: Bool {
        guard phase == .flowing, isPlaced else { return false }
        if cutEnd > next || !held.isEmpty || end != .max { return true }
        return hasBegun && acknowledged > next &+ 1
    }

    // MARK: What is handed over

    private mutating func handOver(
        _ payload: Span<UInt8>, from start: Int64, to stop: Int64, at packetPosition: PacketPosition,
        _ visit: TCPAssembler.Visitor
    ) {
        while next < stop {
            let turn = min(stop, held.firstStart ?? stop)
            visit(
                connection, .bytes(side, packetPosition), payload.extracting(Int(next &- start)..<Int(turn &- start)))
            advance(to: turn)
            handOverHeld(visit)
        }
    }

    /// Hands over what is held for `next`, and what follows it without a hole.
    mutating func handOverHeld(_ visit: TCPAssembler.Visitor) {
        guard !held.isEmpty else { return }
        while let piece = held.takeFirst(upTo: next) {
            if piece.end > next {
                visit(
                    connection, .bytes(side, piece.packetPosition),
                    piece.bytes.span.extracting(Int(next &- piece.start)...))
                advance(to: piece.end)
            }
            noteCut(piece.cutEnd, at: piece.packetPosition)
        }
    }

    mutating func advance(to position: Int64) {
        next = position
        hasBegun = true
        waited = 0
    }

    private mutating func noteCut(_ position: Int64, at packetPosition: PacketPosition) {
        guard position > next, position > cutEnd else { return }
        if cutEnd <= next { cutPacketPosition = packetPosition }
        cutEnd = min(position, end)
        hasBegun = true
    }

    /// The FIN stands at `position`. The first one counts, and none before what has been handed over.
    private mutating func noteEnd(_ position: Int64, at packetPosition: PacketPosition) {
        guard end == .max, position >= next else { return }
        end = position
        finPacketPosition = packetPosition
        cutEnd = min(cutEnd, end)
        held.drop(from: end)
    }

    mutating func finishIfWhole(_ visit: TCPAssembler.Visitor) {
        guard next == end, phase == .flowing, let finPacketPosition else { return }
        finish(at: finPacketPosition, visit)
    }

    mutating func finish(at packetPosition: PacketPosition, _ visit: TCPAssembler.Visitor) {
        phase = .finished
        visit(connection, .finished(side, packetPosition), Span())
    }
}

extension TCPSegment {
    /// The sequence number of the payload's first byte: a SYN takes one before it (RFC 9293 §3.4).
    var payloadSequence: UInt32 { flags.contains(.syn) ? sequence &+ 1 : sequence }
}
