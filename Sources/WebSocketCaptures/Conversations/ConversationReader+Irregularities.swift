import WebSocketFrames

/// What is wrong with the segments of a connection, counted.
struct Irregularities: Sendable {
    /// How many bytes a side has sent.
    var received = PerPeer<UInt64>(0)
    /// How many of them came before those that are passed on.
    fileprivate var passedFrom = PerPeer<UInt64>(0)
    /// Where copies of a side's bytes first differ, among all bytes of the side, until that is reported.
    fileprivate var contradiction = PerPeer<(offset: UInt64, packetPosition: PacketPosition?)?>(nil)
    fileprivate var contradictions = PerPeer<UInt64>(0)
    fileprivate var firstContradiction = PerPeer<PacketPosition?>(nil)
    fileprivate var strays: [Stray: UInt64] = [:]
    fileprivate var firstStray = PerPeer<PacketPosition?>(nil)

    fileprivate struct Stray: Hashable {
        let side: TCPPeer
        let kind: StraySegment
    }
}

// What a receiver would not believe is reported once for each endpoint, when the conversation ends.
extension ConversationReader {
    /// Notes that two copies of a side's bytes differ.
    ///
    /// - Parameter offset: where, counted from the first byte of the side.
    mutating func contradiction(
        from side: TCPPeer, offset: UInt64, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard phase != .over else { return }
        irregularities.contradictions[side] &+= 1
        guard irregularities.contradictions[side] == 1 else { return }
        irregularities.firstContradiction[side] = packetPosition
        irregularities.contradiction[side] = (offset, packetPosition)
        if passes[side] { reportContradiction(of: side, visit) }
    }

    /// Notes a segment that was ignored.
    mutating func stray(_ kind: StraySegment, from side: TCPPeer, at packetPosition: PacketPosition?) {
        guard phase != .over else { return }
        irregularities.strays[Irregularities.Stray(side: side, kind: kind), default: 0] &+= 1
        if irregularities.firstStray[side] == nil { irregularities.firstStray[side] = packetPosition }
    }

    /// From now on the bytes of a side are passed on, first those that are held.
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

    /// The conversation ends: reports what was wrong with its segments.
    mutating func reportIrregularities(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        for side in [client, client.other] {
            let sender = endpoint(of: side)
            func tell(_ kind: NoticeKind, _ message: String, _ packetPosition: PacketPosition?) {
                visit(.notice(Notice(kind, about: sender, message, at: packetPosition)), Span())
            }
            let count = irregularities.contradictions[side]
            if count > 0 {
                tell(
                    .contradictingSegments,
                    "\(count == 1 ? "A segment of the \(sender.name)" : "\(count) segments of the \(sender.name)") "
                        + "\(count == 1 ? "differs" : "differ") from an earlier copy of the same bytes. The earlier copy is "
                        + "judged; which of them was received is not known.",
                    irregularities.firstContradiction[side])
            }
            let kinds = StraySegment.allCases.compactMap { kind in
                irregularities.strays[Irregularities.Stray(side: side, kind: kind)].map { kind.counted($0) }
            }
            guard let last = kinds.last else { continue }
            let list = kinds.count == 1 ? last : kinds.dropLast().joined(separator: ", ") + " and " + last
            tell(
                .straySegments,
                "Ignored, as a receiver ignores it: \(list), with the addresses of the \(sender.name).",
                irregularities.firstStray[side])
        }
    }
}

extension StraySegment {
    /// `a RST that is not at the next expected byte`, or the number of them.
    fileprivate func counted(_ count: UInt64) -> String {
        let (one, many) =
            switch self {
            case .reset: ("a RST that is not at the next expected byte", "RSTs that are not at the next expected byte")
            case .synchronization:
                ("a SYN with another initial sequence number", "SYNs with another initial sequence number")
            case .acknowledgment:
                (
                    "an acknowledgment of bytes that cannot have been sent",
                    "acknowledgments of bytes that cannot have been sent"
                )
            case .outsideWindow:
                ("a segment far outside the receive window", "segments far outside the receive window")
            }
        return count == 1 ? one : "\(count) \(many)"
    }
}
