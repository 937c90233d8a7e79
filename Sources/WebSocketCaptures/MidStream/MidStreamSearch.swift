import WebSocketFrames

/// Looks for a WebSocket conversation in the bytes of a connection whose beginning is missing.
///
/// A wrong detection is worse than none. Of random bytes, 2⁻⁴⁰ of the pieces begin something that passes. Other
/// protocols are not random: many put a type and a length before everything. Therefore frames without a mask and
/// without text count for little unless the other side sends masked frames, and where the other side sends what is no
/// frame, only much text convinces.
struct MidStreamSearch: Sendable {
    /// The evidence for frames that is needed, in bits, on both sides together.
    static let bitsToDetect = 40
    /// The evidence needed if the other side contradicts, or the frames could be records of another protocol.
    static let bitsAgainstDoubt = 96
    /// The evidence needed if more was read than is held, so that there were more chances to be wrong.
    static let bitsAfterAll = 64
    /// What both sides must give where neither masks, each of them by its headers alone, and both together. Then the
    /// client breaks a rule in every frame, which is what is to be found.
    private static let bitsWithoutMasks = (each: 32, together: 96)
    /// So much of it must be text where the bits of headers alone do not convince.
    private static let bitsOfText = 16

    private(set) var searches = PerPeer(BoundarySearch())
    /// There are frames: the user said so, or the bytes did.
    private(set) var isCertain: Bool
    /// The user said so: a side without a legal frame is judged from its first byte on.
    let isByPort: Bool
    /// The side of the server; nil while that is not known.
    private(set) var server: TCPPeer?
    /// The server by its port, if the bytes do not show it.
    private let listener: TCPPeer?
    /// Neither side masks its frames.
    private var lacksMasks = false

    /// - Parameters:
    ///   - isByPort: one of the ports is a port of WebSocket, by the user's word.
    ///   - server: the side with that port, where only one has one.
    ///   - listener: the side that is the server by its port, as ports usually are.
    init(isByPort: Bool, server: TCPPeer?, listener: TCPPeer? = nil) {
        self.isByPort = isByPort
        self.listener = listener
        isCertain = isByPort
        if let server { settle(server: server) }
    }

    /// How many bytes of a side are to be held before it must be decided.
    var window: Int { isCertain ? BoundarySearch.window : BoundarySearch.detectionWindow }

    /// A piece has come, which begins at `start` among the bytes held of `side`.
    mutating func read(_ held: Span<UInt8>, of side: TCPPeer, pieceStart start: Int) {
        searches[side].read(held, pieceStart: start)
    }

    /// A frame may begin somewhere in the bytes of `side` that have arrived.
    func mayHaveFrames(on side: TCPPeer) -> Bool {
        Endpoint.allCases.contains { searches[side].isOpen(to: $0) }
    }

    /// Which endpoint each side is, whatever the bytes say.
    mutating func settle(server: TCPPeer) {
        self.server = server
        searches[server].settle(.server)
        if !lacksMasks { searches[server.other].settle(.client) }
    }

    /// No more of a side can be held before it is decided: what was read is forgotten, where it is worth while to go
    /// on.
    ///
    /// - Returns: how many of its held bytes are not needed any more; nil if it is not worth while.
    mutating func forget(_ count: Int, of side: TCPPeer) -> Int? {
        searches[side].makeRoom(of: count)
    }

    /// Decides whether there are frames.
    ///
    /// - Parameter isAtEnd: nothing more will come before the decision: the bytes inside of the pieces are tried too.
    mutating func decide(_ streams: PerPeer<HeldStream>, isAtEnd: Bool) {
        guard !isCertain || server == nil else { return }
        if isByPort {
            for side in TCPPeer.allCases {
                let search = searches[side]
                // Where nothing is sure: the MASK bit of a legal frame that is the first.
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

    /// The places of a side for which most speaks.
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

        /// What speaks for frames of `sender`, in bits, beside what the other side gives.
        func bits(from sender: Endpoint) -> Int {
            [best, inside].compactMap(\.self).filter { $0.sender == sender && $0.frames > 0 }.map(\.bits).max() ?? 0
        }
    }

    /// Both sides send frames without a mask, and each frame ends where its piece does.
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
            // Both may come to be frames without masks.
            return false
        }
        let isText = trial.textBits >= Self.bitsOfText
        if isContradicted { return trial.bits >= Self.bitsAgainstDoubt && isText }
        return trial.bits >= (sender == .client || isText ? enough : Self.bitsAgainstDoubt)
    }

    /// So much must speak for frames that may be named as possible ones.
    private static let bitsToName = 16

    /// The side that would be the server, where some frames of one side look legal and nothing speaks against them, but
    /// it is not enough to be sure.
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

    /// Where the frames of a side begin, among the bytes held of it.
    ///
    /// - Parameter isAtEnd: no more bytes of the side can be waited for.
    func boundary(of side: TCPPeer, _ stream: HeldStream, isAtEnd: Bool) -> Int? {
        let search = searches[side]
        if let boundary = search.believed?.boundary { return boundary }
        guard isAtEnd else { return nil }
        let held = stream.bytes.span.extracting(stream.front..<stream.bytes.count)
        if let boundary = search.inside(held)?.safeBoundary { return boundary }
        if let trial = search.lastResort { return trial.boundary ?? trial.firstBoundary ?? trial.start }
        return isByPort ? 0 : nil
    }
}
