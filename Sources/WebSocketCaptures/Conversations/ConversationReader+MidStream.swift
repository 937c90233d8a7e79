import WebSocketFrames

// Finds where frames begin on a connection that a capture begins in the middle of.
extension ConversationReader {
    /// Reads a new piece, which begins at `start` among the held bytes of `side`.
    mutating func readMidStream(
        _ side: TCPPeer, pieceStart start: Int, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard !turnsToHTTP(side, pieceStart: start) else { return readHeads(visit) }
        guard phase == .middle else { return }
        readSearch(side, pieceStart: start)
        search(isAtEnd: false, visit)
    }

    /// Decides as much as the held bytes allow.
    ///
    /// - Parameter isAtEnd: whether no more bytes can be waited for.
    mutating func search(isAtEnd: Bool, _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        let mustDecide = isAtEnd || TCPPeer.allCases.contains { isFull($0) && search.searches[$0].forgotten == 0 }
        search.decide(streams, isAtEnd: mustDecide)
        guard search.isCertain else {
            if isAtEnd { skipConnection(.noFrames) }
            for side in TCPPeer.allCases where phase == .middle && isFull(side) {
                if !forget(side) { skipConnection(.noFrames) }
            }
            return
        }
        // The window may be wider now.
        let mustOpen = isAtEnd || TCPPeer.allCases.contains(where: isFull)
        var boundaries = PerPeer<Int?>(nil)
        var isWaiting = false
        for side in TCPPeer.allCases where !streams[side].isEmpty {
            let boundary = search.boundary(of: side, streams[side], isAtEnd: isAtEnd || isFull(side))
            if isFull(side), boundary == nil, forget(side) { return }
            boundaries[side] = boundary
            isWaiting = isWaiting || boundary == nil
        }
        guard mustOpen || !isWaiting else { return }
        let found = TCPPeer.allCases.filter { boundaries[$0] != nil }
        // Frames that were too long to be held leave nothing to judge if no others follow them.
        if !search.isByPort, found.allSatisfy({ boundaries[$0] == streams[$0].count }) {
            return mustOpen ? skipConnection(.noFrames) : ()
        }
        openInTheMiddle(server: search.server ?? search.listener ?? .second, at: boundaries, visit)
    }

    /// Continues without the held bytes of a side: a frame may be longer than all that can be held.
    ///
    /// - Returns: false if nothing could come of it.
    private mutating func forget(_ side: TCPPeer) -> Bool {
        guard let count = search.forget(streams[side].count, of: side) else { return false }
        streams[side].removeFirst(count)
        return true
    }

    /// Returns the number of captured bytes of a side before a boundary among the held ones.
    private func countSkipped(of side: TCPPeer, before boundary: Int) -> UInt64 {
        search.searches[side].forgotten &+ UInt64(clamping: boundary)
    }

    private func isFull(_ side: TCPPeer) -> Bool {
        streams[side].count >= search.window
    }

    /// Opens the conversation.
    ///
    /// - Parameter boundaries: where the frames of each side begin among its held bytes; nil if that is not found
    ///   yet.
    mutating func openInTheMiddle(
        server: TCPPeer, at boundaries: PerPeer<Int?>, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        client = server.other
        search.settle(server: server)
        let skipped = PerPeer(
            first: boundaries.first.map { countSkipped(of: .first, before: $0) } ?? 0,
            second: boundaries.second.map { countSkipped(of: .second, before: $0) } ?? 0)
        var head = ConversationHead(
            opening: .middle(skippedByClient: skipped[client], skippedByServer: skipped[server]))
        head.client = addresses[client]
        head.server = addresses[server]
        for side in TCPPeer.allCases {
            guard let boundary = boundaries[side] else { continue }
            streams[side].removeFirst(boundary)
            beginPassing(side)
        }
        head.packetPosition =
            TCPPeer.allCases.compactMap { passes[$0] ? streams[$0].nextPiece : nil }
            .min { $0.order < $1.order }?.packetPosition
        phase = .open
        outcome = .webSocket
        visit(.opened(head), Span())
        flush(TCPPeer.allCases.filter { passes[$0] }, visit)
    }

    /// Searches for the first frame of `side`, after the conversation was opened without it.
    mutating func searchAfter(
        _ side: TCPPeer, pieceStart start: Int, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        readSearch(side, pieceStart: start)
        if let boundary = search.boundary(of: side, streams[side], isAtEnd: false) {
            begin(side, at: boundary, visit)
        } else if streams[side].room == 0, !forget(side) {
            declareGapSearch(on: side, visit)
        }
    }

    /// Ends the search on `side`: its frames begin somewhere among the held bytes, or it is not judged.
    mutating func declareGapSearch(on side: TCPPeer, _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        if streams[side].isEmpty {
            begin(side, at: 0, visit)
        } else if let boundary = search.boundary(of: side, streams[side], isAtEnd: true) {
            begin(side, at: boundary, visit)
        } else {
            let packetPosition = streams[side].nextPiece?.packetPosition
            let sender = endpoint(of: side)
            let message =
                "No frame boundary of the \(sender.name) was found in "
                + "\(CountedText.count(countSkipped(of: side, before: streams[side].count), "byte")): what it sent is not judged."
            visit(.notice(Notice(.boundaryNotFound, about: sender, message, at: packetPosition)), Span())
            visit(.gap(from: sender, count: nil, .noFrames, at: packetPosition, continues: false), Span())
            isDropped[side] = true
            streams[side].removeFirst(streams[side].count)
            beginPassing(side)
            flush([side], visit)
        }
    }

    private mutating func begin(
        _ side: TCPPeer, at boundary: Int, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        let skipped = countSkipped(of: side, before: boundary)
        if skipped > 0 {
            let sender = endpoint(of: side)
            let packetPosition = streams[side].nextPiece?.packetPosition
            let message =
                "The first \(skipped == 1 ? "" : CountedText.grouped(skipped) + " ")captured \(skipped == 1 ? "byte" : "bytes") of the "
                + "\(sender.name) \(skipped == 1 ? "was" : "were") skipped: the first frame boundary was found by trying."
            visit(.notice(Notice(.startSkipped, about: sender, message, at: packetPosition)), Span())
        }
        streams[side].removeFirst(boundary)
        beginPassing(side)
        flush([side], visit)
    }

    private mutating func readSearch(_ side: TCPPeer, pieceStart start: Int) {
        let stream = streams[side]
        search.read(stream.bytes.span.extracting(stream.front..<stream.bytes.count), of: side, pieceStart: start)
    }

    /// Returns whether `side` has begun something else after the rest of what the capture began in the middle of: a
    /// new HTTP exchange, or TLS.
    private mutating func turnsToHTTP(_ side: TCPPeer, pieceStart start: Int) -> Bool {
        let isFirst = start == 0 && search.searches[side].forgotten == 0
        guard isFirst || !search.mayHaveFrames(on: side) else { return false }
        let beginning = ProtocolSniff(of: streams[side].rest.dropFirst(start), isStart: false)
        switch beginning {
        case .request:
            streams[side].removeFirst(start)
            streams[side.other].removeFirst(streams[side.other].count)
            beginHTTP(client: side)
            return true
        case .response:
            streams[side].removeFirst(start)
            beginHTTP(client: side.other)
            return true
        case .tls where isFirst && !search.isByPort: handOver(to: .tls)
        case .http2: handOver(to: .http2)
        case .needMore, .proxyHeader, .other, .tls: break
        }
        return false
    }
}
