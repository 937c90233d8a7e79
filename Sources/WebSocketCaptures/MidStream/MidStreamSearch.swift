import WebSocketFrames

/// Searches for a WebSocket conversation in the bytes of a connection whose beginning is missing.
///
/// A wrong detection is worse than none. With random bytes, 2⁻⁴⁰ of the pieces begin something that passes. Other
/// protocols are not random: many put a type and a length before everything. Therefore frames without a mask and
/// without text count for little unless the other side sends masked frames, and if the other side sends something
/// that is not a frame, only a lot of text is convincing.
struct MidStreamSearch: Sendable {
    /// The evidence for frames that is needed, in bits, on both sides together.
    static let bitsToDetect = 40
    /// The evidence needed if the other side contradicts, or the frames could be records of another protocol.
    static let bitsAgainstDoubt = 96
    /// The evidence needed if more was read than is held, which gave more chances to be wrong.
    static let bitsAfterAll = 64
    /// The evidence needed from both sides if neither masks, from each by its headers alone, and from both together.
    /// The client then breaks a rule in every frame, which is what is to be found.
    private static let bitsWithoutMasks = (each: 32, together: 96)
    /// The part of it that must be text if the bits of headers alone are not convincing.
    private static let bitsOfText = 16

    private(set) var searches = PerPeer(BoundarySearch())
    /// Whether there are frames: because the user said so, or the bytes did.
    private(set) var isCertain: Bool
    /// Whether the user said so: a side without a legal frame is then judged from its first byte on, if it is divided
    /// into frames.
    let isByPort: Bool
    /// The side of the server; nil while that is not known.
    private(set) var server: TCPPeer?
    /// The server according to its port, if the bytes do not show it.
    let listener: TCPPeer?
    /// Whether neither side masks its frames.
    private var lacksMasks = false

    /// - Parameters:
    ///   - isByPort: whether the user specified one of the ports as a WebSocket port.
    ///   - server: the side with that port, if only one has it.
    ///   - listener: the side that is the server according to its port, as ports usually are.
    init(isByPort: Bool, server: TCPPeer?, listener: TCPPeer? = nil) {
        self.isByPort = isByPort
        self.listener = listener
        isCertain = isByPort
        if let server { settle(server: server) }
    }

    /// The number of bytes of a side that are held before a decision is necessary.
    var window: Int { isCertain ? BoundarySearch.window : BoundarySearch.detectionWindow }

    /// Reads a new piece, which begins at `start` among the held bytes of `side`.
    mutating func read(_ held: Span<UInt8>, of side: TCPPeer, pieceStart start: Int) {
        searches[side].read(held, pieceStart: start)
    }

    /// Returns whether a frame may begin somewhere in the bytes of `side` that have arrived.
    func mayHaveFrames(on side: TCPPeer) -> Bool {
        Endpoint.allCases.contains { searches[side].isOpen(to: $0) }
    }

    /// Determines which endpoint each side is, whatever the bytes say.
    mutating func settle(server: TCPPeer) {
        self.server = server
        searches[server].settle(.server)
        if !lacksMasks { searches[server.other].settle(.client) }
    }

    /// Makes room when no more of a side can be held before a decision: bytes that were read are forgotten, if it is
    /// worth continuing.
    ///
    /// - Returns: the number of its held bytes that are no longer needed; nil if it is not worth continuing.
    mutating func forget(_ count: Int, of side: TCPPeer) -> Int? {
        searches[side].makeRoom(of: count)
    }

    /// Decides whether there are frames.
    ///
    /// - Parameter isAtEnd: whether nothing more will arrive before the decision: the bytes inside the pieces are
    ///   tried too.
    mutating func decide(_ streams: PerPeer<HeldStream>, isAtEnd: Bool) {
        guard !isCertain || server == nil else { return }
        if isByPort {
            for side in TCPPeer.allCases {
                let search = searches[side]
                // If nothing is certain: the MASK bit of a legal frame that is the first.
                let trial = search.believed ?? (isAtEnd ? search.lastResort ?? search.firstFrame : nil)
                guard let sender = trial?.sender else { continue }
                return settle(server: sender == .server ? side : side.other)
            }
            return
        }
        let places = PerPeer(
            first: Places(searches.first, streams.first, isAtEnd: isAtEnd),
            second: Places(searches.second, streams.second, isAtEnd: isAtEnd))
        if let listener, isWithoutMasks(places) {
            isCertain = true
            lacksMasks = true
            return settle(server: listener)
        }
        for side in TCPPeer.allCases {
            for trial in places[side].all where isAtEnd || trial.boundary != nil {
                guard let sender = trial.sender,
                    convinces(trial, from: sender, on: side, places, streams, isAtEnd: isAtEnd)
                else {
                    continue
                }
                isCertain = true
                return settle(server: sender == .server ? side : side.other)
            }
        }
    }

    /// The candidates of a side with the most evidence.
    private struct Places: Sendable {
        let best: BoundaryCandidate?
        let inside: BoundaryCandidate?

        init(_ search: BoundarySearch, _ stream: HeldStream, isAtEnd: Bool) {
            best = search.best
            inside = isAtEnd ? search.inside(stream.bytes.span.extracting(stream.front..<stream.bytes.count)) : nil
        }

        var all: [BoundaryCandidate] {
            // Certificates and the like are full of short records that look like binary frames without a mask.
            let proof = inside.flatMap { $0.sender == .client || $0.textBits >= MidStreamSearch.bitsOfText ? $0 : nil }
            return [best, proof].compactMap(\.self)
        }

        /// Returns the evidence for frames of `sender`, in bits, apart from that of the other side.
        func bits(from sender: Endpoint) -> Int {
            [best, inside].compactMap(\.self).filter { $0.sender == sender && $0.frames > 0 }.map(\.bits).max() ?? 0
        }
    }

    /// Returns whether both sides send frames without a mask, and each frame ends where its piece does.
    private func isWithoutMasks(_ places: PerPeer<Places>) -> Bool {
        let best = TCPPeer.allCases.compactMap { places[$0].best }.filter { trial in
            trial.sender == .server && trial.isAligned && !trial.isRefuted && trial.boundary != nil
                && trial.bits - trial.textBits >= Self.bitsWithoutMasks.each
        }
        return best.count == 2 && best[0].bits + best[1].bits >= Self.bitsWithoutMasks.together
    }

    private func convinces(
        _ trial: BoundaryCandidate, from sender: Endpoint, on side: TCPPeer, _ places: PerPeer<Places>,
        _ streams: PerPeer<HeldStream>, isAtEnd: Bool
    ) -> Bool {
        guard trial.frames >= 2 else { return false }
        let otherBits = places[side.other].bits(from: sender.peer)
        let enough = searches[side].forgotten > 0 ? Self.bitsAfterAll : Self.bitsToDetect
        if otherBits > 0 { return trial.bits + otherBits >= enough }
        // A few bytes may be the rest of a frame.
        let isSilent = searches[side.other].forgotten == 0 && streams[side.other].count <= 16
        let isContradicted = !isSilent && !searches[side.other].isOpen(to: sender.peer)
        if isContradicted, !isAtEnd, listener != nil, let other = places[side.other].best, !other.isRefuted,
            other.sender == sender, other.frames > 0
        {
            // Both may turn out to be frames without masks.
            return false
        }
        let isText = trial.textBits >= Self.bitsOfText
        if isContradicted { return trial.bits >= Self.bitsAgainstDoubt && isText }
        return trial.bits >= (sender == .client || isText ? enough : Self.bitsAgainstDoubt)
    }

    /// The evidence needed for frames to be named as possible ones.
    private static let bitsToName = 16

    /// The side that would be the server, if some frames of one side look legal and there is no evidence against
    /// them, but not enough to be certain.
    var likelyServer: TCPPeer? {
        for side in TCPPeer.allCases {
            guard let trial = searches[side].best, !trial.isRefuted, trial.frames >= 2, trial.bits >= Self.bitsToName,
                let sender = trial.sender
            else { continue }
            if sender == .server, searches[side.other].best?.sender == .server, let listener { return listener }
            return sender == .server ? side : side.other
        }
        return nil
    }

    /// Returns where the frames of a side begin, among its held bytes.
    ///
    /// - Parameter isAtEnd: whether no more bytes of the side can be waited for.
    func boundary(of side: TCPPeer, _ stream: HeldStream, isAtEnd: Bool) -> Int? {
        let search = searches[side]
        if let boundary = search.believed?.boundary { return boundary }
        guard isAtEnd else { return nil }
        let held = stream.bytes.span.extracting(stream.front..<stream.bytes.count)
        if let boundary = search.inside(held)?.safeBoundary { return boundary }
        if let trial = search.lastResort { return trial.boundary ?? trial.firstBoundary ?? trial.start }
        guard isByPort, search.forgotten == 0 else { return nil }
        // A frame that does not end here, or a broken one, unless it looks like the middle of a long one.
        let isLegal = search.trials.contains { $0.start == 0 && !$0.isRefuted }
        return isLegal || Self.isDividedIntoFrames(held, stream) ? 0 : nil
    }

    /// Returns whether frames of whatever kind, the first of which begins with the first byte, end together with a
    /// piece: the first piece, or the one that the first piece's last frame ends in. The lengths in the middle of a
    /// frame do that about once in a hundred times.
    private static func isDividedIntoFrames(_ held: Span<UInt8>, _ stream: HeldStream) -> Bool {
        var start = 0
        repeat {
            var header = EncodedFrameHeader()
            var end = start
            while !header.isComplete, end < held.count {
                header.append(held[end])
                end += 1
            }
            guard header.isComplete, header.payloadLength <= UInt64(held.count - end) else { return false }
            start = end + Int(header.payloadLength)
            if stream.endsPiece(at: start) { return true }
        } while stream.isInFirstPiece(start)
        return false
    }
}
