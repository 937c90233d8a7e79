import WebSocketFrames

/// Looks for a WebSocket conversation in the bytes of a connection of which the beginning is missing.
///
/// A wrong detection is worse than none. Of random bytes, 2⁻⁴⁰ of the pieces begin something that passes. Other protocols
/// are not random: many put a type and a length before everything. Therefore frames without a mask and without text
/// count for little unless the other side sends masked frames, and where the other side sends what is no frame, only
/// much text convinces.
struct MidStreamSearch: Sendable {
    /// What must speak for frames, in bits, on both sides together.
    static let bitsToDetect = 40
    /// The same where the other side contradicts, or frames could as well be records of another protocol.
    static let bitsAgainstDoubt = 96
    /// So much of it must be text where the bits of headers alone do not convince.
    private static let bitsOfText = 16

    private(set) var searches = PerPeer(BoundarySearch())
    /// There are frames: the user said so, or the bytes did.
    private(set) var isCertain: Bool
    /// The user said so: a side without a legal frame is judged from its first byte on.
    let isByPort: Bool
    /// The side of the server; nil while that is not known.
    private(set) var server: TCPPeer?

    /// - Parameters:
    ///   - isByPort: one of the ports is a port of WebSocket, by the user's word.
    ///   - server: the side with that port, where only one has one.
    init(isByPort: Bool, server: TCPPeer?) {
        self.isByPort = isByPort
        isCertain = isByPort
        if let server { settle(server: server) }
    }

    /// How many bytes of a side are to be held before it must be decided.
    var window: Int { isCertain ? BoundarySearch.window : BoundarySearch.detectionWindow }

    /// A piece has come, which begins at `start` among the bytes held of `side`.
    mutating func read(_ held: Span<UInt8>, of side: TCPPeer, pieceStart start: Int) {
        searches[side].read(held, pieceStart: start)
    }

    /// A frame may begin somewhere in what has come of `side`.
    func mayHaveFrames(on side: TCPPeer) -> Bool {
        Endpoint.allCases.contains { searches[side].isOpen(to: $0) }
    }

    /// Who the sides are, whatever the bytes say.
    mutating func settle(server: TCPPeer) {
        self.server = server
        searches[server].settle(.server)
        searches[server.other].settle(.client)
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
        for side in TCPPeer.allCases {
            for trial in places[side].all where isAtEnd || trial.boundary != nil {
                guard let sender = trial.sender, convinces(trial, from: sender, on: side, places, streams) else {
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

    private func convinces(
        _ trial: BoundaryCandidate, from sender: Endpoint, on side: TCPPeer, _ places: PerPeer<Places>,
        _ streams: PerPeer<HeldStream>
    ) -> Bool {
        guard trial.frames >= 2 else { return false }
        let otherBits = places[side.other].bits(from: sender.peer)
        if otherBits > 0 { return trial.bits + otherBits >= Self.bitsToDetect }
        // A few bytes may be the rest of a frame.
        let isContradicted = streams[side.other].count > 16 && !searches[side.other].isOpen(to: sender.peer)
        let isText = trial.textBits >= Self.bitsOfText
        if isContradicted { return trial.bits >= Self.bitsAgainstDoubt && isText }
        return trial.bits >= (sender == .client || isText ? Self.bitsToDetect : Self.bitsAgainstDoubt)
    }

    /// So much must speak for frames that may be named as possible ones.
    private static let bitsToName = 16

    /// The side that would be the server, where some frames of one side look legal and nothing speaks against them, but it
    /// is not enough to be sure.
    var likelyServer: TCPPeer? {
        for side in TCPPeer.allCases {
            guard let trial = searches[side].best, !trial.isRefuted, trial.frames >= 2, trial.bits >= Self.bitsToName,
                let sender = trial.sender
            else { continue }
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
