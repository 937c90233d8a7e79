import WebSocketFrames

/// What is wrong with the segments of a connection, counted.
struct Irregularities: Sendable {
    /// The number of bytes that a side has sent.
    var received = PerPeer<UInt64>(0)
    /// The number of those that came before the ones that are passed on.
    fileprivate var passedFrom = PerPeer<UInt64>(0)
    /// Where copies of a side's bytes first differ, counted from its first byte, until that is reported.
    fileprivate var contradiction = PerPeer<(offset: UInt64, packetPosition: PacketPosition?)?>(nil)
    fileprivate var contradictions = PerPeer<UInt64>(0)
    fileprivate var firstContradiction = PerPeer<PacketPosition?>(nil)
    /// The numbers of segments with a wrong checksum: those that were ignored, and those that were used.
    fileprivate var broken = PerPeer<(ignored: UInt64, taken: UInt64)>((0, 0))
    fileprivate var firstBroken = PerPeer<PacketPosition?>(nil)
    fileprivate var strays: [Stray: UInt64] = [:]
    fileprivate var firstStray = PerPeer<PacketPosition?>(nil)

    fileprivate struct Stray: Hashable {
        let side: TCPPeer
        let kind: StraySegment
    }
}

// What a receiver would not accept is reported once for each endpoint, when the conversation ends.
extension ConversationReader {
    /// Notes that two copies of a side's bytes differ.
    ///
    /// - Parameter offset: the place, counted from the first byte of the side.
    mutating func contradiction(
        from side: TCPPeer, offset: UInt64, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard phase != .over else { return }
        irregularities.contradictions[side] &+= 1
        guard irregularities.contradictions[side] == 1 else { return }
        irregularities.firstContradiction[side] = packetPosition
        doubt(side, at: offset, packetPosition, visit)
    }

    /// Notes a segment whose checksum is wrong.
    ///
    /// - Parameter offset: where it was used, counted from the first byte of the side; nil if it was ignored.
    mutating func broken(
        from side: TCPPeer, offset: UInt64?, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard phase != .over else { return }
        if irregularities.firstBroken[side] == nil { irregularities.firstBroken[side] = packetPosition }
        guard let offset else {
            irregularities.broken[side].ignored &+= 1
            return
        }
        irregularities.broken[side].taken &+= 1
        if irregularities.broken[side].taken == 1 { doubt(side, at: offset, packetPosition, visit) }
    }

    /// Notes that what the peer of a side received is not known from there on.
    private mutating func doubt(
        _ side: TCPPeer, at offset: UInt64, _ packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        irregularities.contradiction[side] = (offset, packetPosition)
        if passes[side] { reportContradiction(of: side, visit) }
    }

    /// Notes a segment that was ignored.
    mutating func stray(_ kind: StraySegment, from side: TCPPeer, at packetPosition: PacketPosition?) {
        guard phase != .over else { return }
        irregularities.strays[Irregularities.Stray(side: side, kind: kind), default: 0] &+= 1
        if irregularities.firstStray[side] == nil { irregularities.firstStray[side] = packetPosition }
    }

    /// Begins to pass on the bytes of a side, first those that are held.
    mutating func beginPassing(_ side: TCPPeer) {
        passes[side] = true
        irregularities.passedFrom[side] = irregularities.received[side] &- UInt64(streams[side].count)
    }

    mutating func reportContradiction(of side: TCPPeer, _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        guard let (offset, packetPosition) = irregularities.contradiction[side] else { return }
        irregularities.contradiction[side] = nil
        let first = irregularities.passedFrom[side]
        visit(
            .contradiction(from: endpoint(of: side), offset: offset > first ? offset &- first : 0, at: packetPosition),
            Span())
    }

    /// Reports what was wrong with the conversation's segments at its end.
    mutating func reportIrregularities(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        for side in [client, client.other] {
            let sender = endpoint(of: side)
            func report(_ kind: NoticeKind, _ message: String, _ packetPosition: PacketPosition?) {
                visit(.notice(Notice(kind, about: sender, message, at: packetPosition)), Span())
            }
            let count = irregularities.contradictions[side]
            if count > 0 {
                report(
                    .contradictingSegments,
                    "\(count == 1 ? "A segment" : CountedText.grouped(count) + " segments") of the \(sender.name) "
                        + "\(count == 1 ? "differs" : "differ") from an earlier copy of the same bytes. The earlier copy is "
                        + "judged; which of them was received is not known.",
                    irregularities.firstContradiction[side])
            }
            let broken = irregularities.broken[side]
            if broken.ignored + broken.taken > 0 {
                report(.brokenChecksum, Self.sentence(broken, sender), irregularities.firstBroken[side])
            }
            let kinds = StraySegment.allCases.compactMap { kind in
                irregularities.strays[Irregularities.Stray(side: side, kind: kind)].map { kind.counted($0) }
            }
            guard let last = kinds.last else { continue }
            let list = kinds.count == 1 ? last : kinds.dropLast().joined(separator: ", ") + " and " + last
            report(
                .straySegments,
                "Ignored, as by a receiver: \(list), with the addresses of the \(sender.name).",
                irregularities.firstStray[side])
        }
    }

    private static func sentence(_ broken: (ignored: UInt64, taken: UInt64), _ sender: Endpoint) -> String {
        let count = broken.ignored + broken.taken
        let them = count == 1 ? "it" : "them"
        let said =
            count == 1
            ? "The checksum of a segment of the \(sender.name) proves it broken"
            : "The checksums of \(CountedText.grouped(count)) segments of the \(sender.name) prove them broken"
        if broken.taken == 0 { return said + ". Ignored, as a receiver ignores \(them)." }
        let taken =
            broken.taken == count
            ? (count == 1 ? "It was" : "They were")
            : "\(CountedText.grouped(broken.taken)) of them \(broken.taken == 1 ? "was" : "were")"
        return said
            + ". \(taken) acknowledged all the same, with no other copy in the capture, and \(broken.taken == 1 ? "is" : "are") "
            + "judged; what was received is not known."
    }
}

extension StraySegment {
    /// Returns `an RST that is not at the next expected byte`, or the number of them.
    fileprivate func counted(_ count: UInt64) -> String {
        let (one, many) =
            switch self {
            case .reset: ("an RST that is not at the next expected byte", "RSTs that are not at the next expected byte")
            case .synchronization:
                ("a SYN with another initial sequence number", "SYNs with another initial sequence number")
            case .acknowledgment:
                (
                    "an acknowledgment of bytes that cannot have been sent",
                    "acknowledgments of bytes that cannot have been sent"
                )
            case .outsideWindow:
                ("a segment far outside the receive window", "segments far outside the receive window")
            case .end: ("a FIN among bytes that continue after it", "FINs among bytes that continue after them")
            }
        return count == 1 ? one : "\(CountedText.grouped(count)) \(many)"
    }
}
