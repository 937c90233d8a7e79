/// Decrypts the content of a TLS connection: from both sides' TCP bytes, in order, to the bytes that the programs
/// passed to TLS (TLS 1.3: RFC 8446; TLS 1.2: RFC 5246), with the packets that contain them.
///
/// Invariants:
///
/// 1. Nothing is passed on before its tag, or MAC, was checked. A record that cannot be decrypted ends its side, with
///   a gap that says why.
/// 2. Each side has its bytes, at most one gap, and its end, as in TCP.
/// 3. A record that cannot be read yet, because the other side's hello or a secret may still come, waits. The order
///   in which the packets of the two sides were captured therefore does not matter. No side has more than
///   ``TLSSide/waitingCeiling`` bytes that wait.
/// 4. If nothing can be decrypted at all, or the handshake failed, the connection is ``Outcome/sealed(_:)``, and
///   nothing that the client said was passed on.
struct TLSConnectionReader: Sendable {
    enum Outcome: Sendable, Hashable {
        /// No encrypted record has been decrypted so far.
        case undecided
        /// Records are decrypted.
        case open
        /// Nothing can be decrypted.
        case sealed(TLSObstacle)
    }

    /// What became of a record.
    enum Step {
        case taken
        /// It must wait.
        case waits
        /// It cannot be read, and neither can anything of its side after it.
        case fails(TLSObstacle)
    }

    var outcome = Outcome.undecided
    /// The side that sent the ClientHello; nil until it has arrived.
    var client: TCPPeer?
    var clientHello: ClientHello?
    /// The ServerHello that counts: not a HelloRetryRequest.
    var serverHello: ServerHello?
    var wasRetried = false
    /// Whether the server accepted the early data; nil if that is not known.
    var earlyDataIsTaken: Bool?
    /// Whether the client has sent something other than TLS's own messages.
    var clientHasSpoken = false
    var sides = PerPeer(TLSSide())

    /// The number of bytes that are held.
    var heldCost: Int { sides.first.cost + sides.second.cost }

    // MARK: Events of TCP

    mutating func read(
        _ bytes: Span<UInt8>, from side: TCPPeer, at position: PacketPosition?, _ keys: inout TLSKeys,
        into output: inout TLSOutput
    ) {
        guard !isSealed, !sides[side].isOver, !sides[side].hasFinished else { return }
        retry(&keys, &output)
        var records = TLSRecordReader()
        swap(&records, &sides[side].records)
        records.read(bytes) { record, bytes in
            read(record, bytes, of: side, at: position, &keys, &output)
            return !isSealed && !sides[side].isOver && !sides[side].hasFinished
        }
        guard !isSealed, !sides[side].isOver else { return }
        swap(&records, &sides[side].records)
        if sides[side].records.isBroken {
            fail(side, sides[side].hasHello ? .malformed : .handshakeNotCaptured, at: position, &output)
        }
    }

    mutating func gap(
        of side: TCPPeer, count: UInt64?, _ reason: GapReason, at position: PacketPosition?,
        into output: inout TLSOutput
    ) {
        guard !isSealed, !sides[side].isOver else { return }
        guard sides[side].hasHello else { return seal(.handshakeNotCaptured) }
        if sides[side].waiting.isEmpty {
            pass(.gap(side, count: count, reason, position), of: side, &output)
        } else {
            sides[side].waiting.append(.gap(count: count, reason, position))
        }
    }

    mutating func finish(_ side: TCPPeer, at position: PacketPosition?, into output: inout TLSOutput) {
        guard !isSealed, !sides[side].hasFinished else { return }
        guard sides[side].waiting.isEmpty else { return sides[side].waiting.append(.finished(position)) }
        sides[side].hasFinished = true
        if !sides[side].isOver {
            if !sides[side].records.held.isEmpty {
                fail(side, .cutRecord, at: position, &output)
            } else if sides[side].hasOpened {
                output.append(.unclosed(side, position))
            }
        }
        if !isSealed { output.append(.finished(side, position)) }
    }

    mutating func reset(by side: TCPPeer, at position: PacketPosition?, into output: inout TLSOutput) {
        guard !isSealed else { return }
        output.append(.reset(side, position))
    }

    /// Ends both sides.
    mutating func finish(_ keys: inout TLSKeys, into output: inout TLSOutput) {
        guard !isSealed else { return }
        retry(&keys, &output)
        stopWaiting(&output)
        guard outcome == .undecided else { return }
        guard clientHello != nil, serverHello != nil else { return seal(.handshakeNotCaptured) }
        seal(sides.first.unopened + sides.second.unopened > 0 ? .noKey : .nothingSealed)
    }

    /// Gives up what waits, and the records that are incomplete, because no more can be held.
    mutating func makeRoom(into output: inout TLSOutput) {
        stopWaiting(&output)
        for side in TCPPeer.allCases where !isSealed && !sides[side].isOver && sides[side].cost > 0 {
            pass(.gap(side, count: nil, .ceiling, nil), of: side, &output)
        }
    }

    // MARK: Ends

    var isSealed: Bool {
        if case .sealed = outcome { true } else { false }
    }

    mutating func seal(_ obstacle: TLSObstacle) {
        outcome = .sealed(obstacle)
        sides = PerPeer(TLSSide())
    }

    /// Ends a side that cannot be read any further.
    private mutating func fail(
        _ side: TCPPeer, _ obstacle: TLSObstacle, at position: PacketPosition?, _ output: inout TLSOutput
    ) {
        if case .handshakeFailed = obstacle { return seal(obstacle) }
        guard sides.first.hasOpened || sides.second.hasOpened else { return seal(obstacle) }
        pass(.gap(side, count: nil, .encrypted(obstacle), position), of: side, &output)
    }

    /// Passes a gap on, after which the side is over.
    private mutating func pass(_ gap: TLSEvent, of side: TCPPeer, _ output: inout TLSOutput) {
        output.append(gap)
        let hasFinished = sides[side].hasFinished
        let hasHello = sides[side].hasHello
        let hasOpened = sides[side].hasOpened
        sides[side] = TLSSide()
        (sides[side].isOver, sides[side].hasFinished) = (true, hasFinished)
        (sides[side].hasHello, sides[side].hasOpened) = (hasHello, hasOpened)
    }

    // MARK: Waiting

    /// Tries again what waits; when one side advances, the other may be able to.
    private mutating func retry(_ keys: inout TLSKeys, _ output: inout TLSOutput) {
        var hasProgress = true
        while hasProgress {
            hasProgress = false
            for side in TCPPeer.allCases where !isSealed && !sides[side].waiting.isEmpty {
                let before = sides[side].waiting.count
                for waiting in sides[side].takeWaiting() where !isSealed && !sides[side].isOver {
                    read(waiting, of: side, &keys, &output)
                }
                hasProgress = hasProgress || sides[side].waiting.count < before
            }
        }
    }

    private mutating func read(
        _ waiting: TLSSide.Waiting, of side: TCPPeer, _ keys: inout TLSKeys, _ output: inout TLSOutput
    ) {
        switch waiting {
        case .record(let bytes, let position):
            guard let record = TLSRecord(bytes.span) else { return }
            takeOne(record, bytes.span, of: side, at: position, &keys, &output)
        case .gap(let count, let reason, let position): gap(of: side, count: count, reason, at: position, into: &output)
        case .finished(let position): finish(side, at: position, into: &output)
        }
    }

    private mutating func stopWaiting(_ output: inout TLSOutput) {
        for side in TCPPeer.allCases where !isSealed && !sides[side].waiting.isEmpty {
            let position: PacketPosition? =
                switch sides[side].waiting[0] {
                case .record(_, let position), .gap(_, _, let position), .finished(let position): position
                }
            var finish: TLSEvent?
            if case .finished(let position) = sides[side].waiting.last { finish = .finished(side, position) }
            fail(side, clientHello == nil || serverHello == nil ? .handshakeNotCaptured : .noKey, at: position, &output)
            if let finish, !isSealed {
                sides[side].hasFinished = true
                output.append(finish)
            }
        }
    }

    // MARK: One record

    private mutating func read(
        _ record: TLSRecord, _ bytes: Span<UInt8>, of side: TCPPeer, at position: PacketPosition?,
        _ keys: inout TLSKeys,
        _ output: inout TLSOutput
    ) {
        takeOne(record, bytes, of: side, at: position, &keys, &output)
        if !sides[side.other].waiting.isEmpty { retry(&keys, &output) }
    }

    private mutating func takeOne(
        _ record: TLSRecord, _ bytes: Span<UInt8>, of side: TCPPeer, at position: PacketPosition?,
        _ keys: inout TLSKeys,
        _ output: inout TLSOutput
    ) {
        let step: Step =
            sides[side].waiting.isEmpty ? step(record, bytes, of: side, at: position, &keys, &output) : .waits
        switch step {
        case .taken: break
        case .waits:
            if !sides[side].wait(bytes, at: position) { stopWaiting(&output) }
        case .fails(let obstacle): fail(side, obstacle, at: position, &output)
        }
    }
}
