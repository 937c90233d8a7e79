/// Reassembles TCP segments: for each side of each connection its bytes in order, every byte once (RFC 9293).
///
/// ```swift
/// var assembler = TCPAssembler(limits: AssemblyLimits())
/// assembler.add(segment, payload: received.span, at: packetPosition) { connection, event, bytes in
///     print(connection, event, bytes.count)
/// }
/// assembler.finish { connection, event, _ in
///     print(connection, event)
/// }
/// ```
///
/// For each connection ``TCPEvent/opened(_:)`` comes first and ``TCPEvent/closed`` last, each once. In between come
/// each side's bytes with their gaps, and its end. The events depend only on the segments and the limits.
///
/// ## Missing bytes
///
/// Bytes that arrive out of order are held. Of two copies of a byte the first one to arrive counts, even if the
/// second one differs. A hole becomes a ``TCPEvent/gap(_:count:_:_:)``, after which the side continues, when
///
/// - the peer has acknowledged bytes in it, or the snap length cut them off, and ``gapTolerance`` segments of the
///   connection have passed since: some captures show an acknowledgment a little before the data;
/// - what is held after it reaches a ceiling of the ``AssemblyLimits``: the reason is then ``GapReason/ceiling``,
///   unless the snap length had cut the bytes off;
/// - the connection ends: both FINs are acknowledged, a RST, another connection between the same ports, the
///   connection table is full, or the capture is at its end. Bytes that the peer acknowledged and that are in no
///   packet are then missing too, if they are more than a FIN may account for.
///
/// ## Connections that began before the capture
///
/// If no SYN was captured, the first segment of a side need not be the first in sequence. Its bytes are held until an
/// acknowledgment of the peer says where they belong, or ``startTolerance`` segments have passed; then the side
/// begins with the first held byte. If the peer acknowledged less before, the side begins at the acknowledgment if
/// the bytes in between still arrive, and otherwise after them: that is not a gap.
///
/// ## The beginning and end of a connection
///
/// A connection that has ended is remembered for a while, and further segments of it are skipped; a SYN begins
/// another one between the same ports. A RST that belongs to no connection opens none.
///
/// ## Segments that do not fit
///
/// One packet that is forged, or late, must not hide a connection. What a receiver would not believe is reported as
/// ``TCPEvent/stray(_:_:_:)`` and changes nothing (RFC 9293 §3.10.7, RFC 5961):
///
/// - a RST that is not at the next expected byte, if the side continues after it; if nothing more comes, the
///   connection was reset there;
/// - a SYN with another initial number, if the side continues; if it is answered, another connection has begun there;
/// - bytes or a FIN far beyond the window that the peer has announced, and acknowledgments beyond the side's own
///   window;
/// - a FIN that arrives early, if bytes after it arrive in order, or in one segment with all of its own.
///
/// A segment whose checksum is wrong, although those of its side are right, is ignored as well; but if the peer
/// acknowledges its payload and no other copy arrived, its bytes are used: ``TCPEvent/broken(_:offset:_:)`` reports
/// both cases.
///
/// If two copies of a byte differ, ``TCPEvent/contradiction(_:offset:_:)`` reports it, as far as the first one is
/// still known (the last bytes of a side, and ``AssemblyLimits/recentInAll`` in all).
public struct TCPAssembler: Sendable {
    /// Receives an event of the connection with the given index, and the bytes of ``TCPEvent/bytes(_:_:)``; other
    /// events have none.
    public typealias Visitor = (Int, TCPEvent, Span<UInt8>) -> Void

    /// The number of further segments of a connection after which bytes that its receiver has, but the capture does
    /// not, are given up. Queues of a network card overtake each other by a few packets.
    public static let gapTolerance = 64

    /// The number of further segments of a connection after which its first captured bytes count as the first of a
    /// side, if there was no SYN and no acknowledgment says so.
    public static let startTolerance = 8

    /// The ceilings.
    public let limits: AssemblyLimits
    /// The number of times that a side could not wait any longer for missing bytes, because too much was held after
    /// them.
    public internal(set) var ceilingHits: UInt64 = 0
    /// The number of connections that were closed while they were open, to make room for others.
    public internal(set) var evictedConnections: UInt64 = 0

    /// The number of bytes that are currently held, with ``AssemblyLimits/pieceOverhead`` for each piece. At most
    /// ``AssemblyLimits/heldInAll``.
    public var heldBytes: Int { heldCost }

    var table = ConnectionTable()
    /// Two streams for each slot of the table: what the first side sends, then what the second one does.
    var streams: [TCPPeerStream] = []
    /// The cost of what all streams hold.
    var heldCost = 0
    /// The cost of what all streams keep of bytes that were handed over.
    var recentCost = 0
    var nextIndex = 0
    /// What may end the connections in these slots.
    var doubts: [Int: Doubt] = [:]
    /// Segments with a wrong checksum, by the index of their stream, which may still turn out to have been accepted.
    var broken: [Int: [BrokenSegment]] = [:]
    /// Their number.
    var brokenCount = 0

    /// Creates an assembler that has seen nothing.
    public init(limits: AssemblyLimits = AssemblyLimits()) {
        self.limits = limits
    }

    /// Adds the next segment of the capture.
    ///
    /// - Parameters:
    ///   - segment: the segment's header.
    ///   - payload: the payload bytes that were captured; ``TCPSegment/payload`` is not used.
    ///   - packetPosition: the packet.
    ///   - visit: receives each event that is known now.
    public mutating func add(
        _ segment: TCPSegment, payload: Span<UInt8>, at packetPosition: PacketPosition, _ visit: Visitor
    ) {
        let (pair, senderIsUpper) = AddressPair.of(segment)
        guard let slot = slot(of: segment, payload, pair, senderIsUpper, at: packetPosition, visit) else { return }
        table.touch(slot, at: packetPosition)
        let side = table.side(slot, senderIsUpper: senderIsUpper)
        if table.status(slot) == .forgotten {
            skipForgotten(segment, slot, side)
        } else if case let own = Self.index(of: side, in: slot), isBroken(segment, payload, from: own) {
            holdBroken(segment, payload, own, at: packetPosition, visit)
        } else if segment.flags.contains(.rst) {
            takeReset(segment, slot, side, at: packetPosition, visit)
        } else {
            let own = Self.index(of: side, in: slot)
            advance(segment, payload: payload, at: packetPosition, from: own, visit)
            if brokenCount > 0 { settleBroken(slot, visit) }
            if !doubts.isEmpty { settleDoubt(segment, slot, side, visit) }
            if isOver(own), isOver(own ^ 1) { end(slot, visit) }
            if heldCost > limits.heldInAll { relieve(visit) }
        }
    }

    /// Ends the capture: decides everything that is held, and closes all connections.
    public mutating func finish(_ visit: Visitor) {
        for slot in table.inOrder { end(slot, visit) }
        table = ConnectionTable()
        streams = []
        doubts = [:]
        (broken, brokenCount) = ([:], 0)
    }

    /// Forgets a connection that nobody needs: no event of it comes after this, and its memory is freed except for
    /// what recognises its segments. The index is that of the connection's events; any other is ignored.
    public mutating func forget(_ connection: Int) {
        guard let slot = table.slot(ofOpen: connection) else { return }
        for stream in [2 &* slot, 2 &* slot &+ 1] {
            heldCost &-= streams[stream].held.cost
            streams[stream].held.removeAll()
        }
        forgetRecent(of: slot)
        forgetBroken(of: slot)
        doubts[slot] = nil
        table.move(slot, to: .forgotten)
    }

    // MARK: One segment

    /// Handles a segment of an open connection, sent by the side whose stream is `own`.
    mutating func advance(
        _ segment: TCPSegment, payload: Span<UInt8>, at packetPosition: PacketPosition, from own: Int, _ visit: Visitor
    ) {
        let change = Self.advance(
            segment, payload: payload, at: packetPosition, from: own, of: &streams, ceiling: limits.heldPerSide,
            keepsRecent: recentCost < AssemblyLimits.recentInAll, visit)
        heldCost &+= change.held
        recentCost &+= change.recent
        if change.isOverCeiling { ceilingHits &+= 1 }
    }

    /// By how much more is held, and kept; and whether bytes did not fit.
    private typealias Change = (held: Int, recent: Int, isOverCeiling: Bool)

    private static func advance(
        _ segment: TCPSegment, payload: Span<UInt8>, at packetPosition: PacketPosition, from own: Int,
        of all: inout [TCPPeerStream], ceiling: Int, keepsRecent: Bool, _ visit: Visitor
    ) -> Change {
        // This checks only once whether the array is shared.
        var streams = all.mutableSpan
        let peer = own ^ 1
        let before = streams[own].held.cost &+ streams[peer].held.cost
        let recentBefore = streams[own].recent.cost &+ streams[peer].recent.cost
        let (connection, side) = (streams[own].connection, streams[own].side)
        let isAcknowledging = segment.flags.contains(.ack)
        if segment.flags.contains(.syn) {
            streams[own].anchor(at: segment.payloadSequence)
            if streams[own].base == segment.payloadSequence {
                streams[own].scaleOffer = WindowScaleOffer(segment.windowScale)
            }
            if isAcknowledging { streams[peer].anchor(at: segment.acknowledgment) }
        }
        if isAcknowledging {
            // The window of a SYN is never scaled (RFC 7323 §2.2).
            let shift =
                segment.flags.contains(.syn) ? 0 : streams[own].scaleOffer.shift(with: streams[peer].scaleOffer)
            let isBelieved = streams[peer].acknowledge(
                segment.acknowledgment, window: Int64(segment.window) << Int64(shift), at: packetPosition, visit)
            if !isBelieved { visit(connection, .stray(side, .acknowledgment, packetPosition), Span()) }
        }
        let acceptance = streams[own].add(
            segment, payload: payload, at: packetPosition, ceiling: ceiling, keepsRecent: keepsRecent, visit)
        if acceptance == .stray { visit(connection, .stray(side, .outsideWindow, packetPosition), Span()) }
        streams[own].passSegment(at: packetPosition, visit)
        streams[peer].passSegment(at: packetPosition, visit)
        return (
            streams[own].held.cost &+ streams[peer].held.cost &- before,
            streams[own].recent.cost &+ streams[peer].recent.cost &- recentBefore, acceptance == .overCeiling
        )
    }

    /// Skips a segment of a connection that nobody needs: only its end counts.
    private mutating func skipForgotten(_ segment: TCPSegment, _ slot: Int, _ side: TCPPeer) {
        if segment.flags.contains(.rst) {
            table.move(slot, to: .ended, wasReset: true)
        } else if segment.flags.contains(.fin) {
            let own = Self.index(of: side, in: slot)
            streams[own].phase = .finished
            if streams[own ^ 1].phase == .finished { table.move(slot, to: .ended) }
        }
    }
}
