// Data that is neither HTTP/1 nor frames, in which another reader may find them.
extension ConversationReader {
    /// A protocol that carries what this reader looks for.
    enum Handover: Sendable { case tls, http2 }

    /// Handles an event on the connection.
    mutating func read(
        _ event: ConnectionEvent, _ bytes: Span<UInt8>, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        switch event {
        case .bytes(let side, let position): read(bytes, from: side, at: position, visit)
        case .gap(let side, let count, let reason, let position):
            gap(from: side, count: count, reason: reason, at: position, visit)
        case .finished(let side, let position): finish(side, at: position, visit)
        case .reset(let side, let position): reset(by: side, at: position, visit)
        case .contradiction(let side, let offset, let position):
            contradiction(from: side, offset: offset, at: position, visit)
        case .stray(let side, let stray, let position): self.stray(stray, from: side, at: position)
        case .broken(let side, let offset, let position): broken(from: side, offset: offset, at: position, visit)
        case .ceiling: decide(visit)
        case .closed: finish(visit)
        }
    }

    /// Hands over to another protocol, which begins with the first held byte: nothing more is read here.
    mutating func handOver(to next: Handover) {
        handover = next
        if outcome == .undecided { outcome = next == .tls ? .tls : .skipped(.http2) }
        phase = .over
    }

    /// Removes and returns everything that is held, in the order in which it arrived.
    mutating func takeHeld() -> [(event: ConnectionEvent, bytes: [UInt8])] {
        var held: [(event: ConnectionEvent, bytes: [UInt8])] = []
        while let side = TCPPeer.allCases.filter({ streams[$0].nextOrder != nil }).min(by: {
            streams[$0].nextOrder ?? .max < streams[$1].nextOrder ?? .max
        }) {
            if let piece = streams[side].nextPiece {
                let front = streams[side].front
                held.append((.bytes(side, piece.packetPosition), Array(streams[side].bytes[front..<piece.end])))
                streams[side].removeFirst(piece.end - front)
            } else if let (ending, position, _) = streams[side].endings.first {
                streams[side].takeEnding()
                switch ending {
                case .gap(let count, let reason, _): held.append((.gap(side, count: count, reason, position), []))
                case .finished: held.append((.finished(side, position), []))
                case .reset: held.append((.reset(side, position), []))
                }
            }
        }
        streams = PerPeer(HeldStream())
        return held
    }
}
