// The HTTP exchanges up to the handshake.
extension ConversationReader {
    private var server: TCPPeer { exchange.client.other }

    /// Whether all that can be had of the server is held.
    private var isServerOver: Bool {
        exchange.isOver || streams[server].room == 0 || !streams[server].endings.isEmpty
    }

    /// Reads requests and responses, as far as they have arrived.
    mutating func readHTTP(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        var hasProgress = true
        while hasProgress, phase == .http {
            hasProgress = readRequest(visit)
            guard phase == .http else { return }
            if readResponse(visit) { hasProgress = true }
        }
        if phase == .http, exchange.isServerLost, exchange.clientMode == .waiting { openWithoutResponse(visit) }
    }

    /// Returns how many of the next `count` bytes of a side can be skipped: those of bodies.
    mutating func skippable(of side: TCPPeer, _ count: Int) -> Int {
        guard phase == .http, streams[side].isEmpty else { return 0 }
        if side == server {
            guard exchange.refusedStatus == nil || !exchange.responseWalk.isUntilClose else { return 0 }
            let skipped = Int(clamping: min(exchange.responseWalk.skippable, UInt64(clamping: count)))
            exchange.responseWalk.skip(skipped)
            return skipped
        }
        guard exchange.clientMode == .requests else { return 0 }
        let skipped = Int(clamping: min(exchange.requestWalk.skippable, UInt64(clamping: count)))
        exchange.requestWalk.skip(skipped)
        return skipped
    }

    // MARK: Requests

    /// - Returns: whether a request was found, or it was determined that there is none.
    private mutating func readRequest(_ visit: (ConversationEvent, Span<UInt8>) -> Void) -> Bool {
        let side = exchange.client
        guard exchange.clientMode == .requests, !streams[side].isEmpty else { return false }
        var taken = 0
        var step = HTTPWalk.Step.broken
        // The end of a request's line can look like another one, so the first must have a known method.
        let beginning = exchange.hasRequest ? .request : ProtocolSniff(of: streams[side].rest, isStart: isSeenFromStart)
        if beginning == .needMore { return false }
        if beginning == .request {
            step = exchange.requestWalk.step(streams[side].rest, taken: &taken)
            streams[side].removeFirst(taken)
        }
        switch step {
        case .needMore: return false
        case .broken:
            if exchange.hasRequest || beginning == .request {
                skipConnection(.brokenHTTP)
            } else if isSeenFromStart {
                skipConnection(.notHTTP)
            } else {
                exchange.clientMode = .unread
                exchange.mayLackRequests = true
            }
        case .head(let count):
            let piece = streams[side].piece(at: count - 1)
            let request = RequestHead(Array(streams[side].rest.prefix(count)))
            streams[side].removeFirst(count)
            guard let request, exchange.add(request, in: piece) else {
                skipConnection(.brokenHTTP)
                return false
            }
            closeRefused(visit)
            if request.opensWebSocket {
                askedKey = request.key.map(Array.init)
                // A refusal whose body has no end had none: otherwise the client would not ask again.
                if exchange.responseWalk.isUntilClose { exchange.responseWalk = HTTPWalk(.responses) }
            }
            exchange.requestWalk.begin(request.body)
            guard request.opensWebSocket || request.method == "CONNECT", request.body == .none else { return true }
            exchange.clientMode = .waiting
        }
        return true
    }

    // MARK: Responses

    /// - Returns: whether a response was found.
    private mutating func readResponse(_ visit: (ConversationEvent, Span<UInt8>) -> Void) -> Bool {
        guard !streams[server].isEmpty else { return false }
        if let refused = exchange.refusedStatus, exchange.responseWalk.isUntilClose {
            searchSecondResponse(after: refused, visit)
            return false
        }
        // A client that was refused may nevertheless be sent a 101.
        let mayCome = exchange.awaitsResponse || exchange.mayLackRequests || exchange.refusedStatus != nil
        guard mayCome || !exchange.responseWalk.isAtHead else { return false }
        var taken = 0
        let step = exchange.responseWalk.step(streams[server].rest, taken: &taken)
        streams[server].removeFirst(taken)
        switch step {
        case .needMore: return false
        case .broken:
            if isSeenFromStart, !exchange.hasResponse, exchange.awaitsUpgrade {
                let isDecided = exchange.beforeResponse.read(streams[server].rest)
                guard isDecided || isServerOver, let request = exchange.takeOpeningRequest() else { return false }
                refuseWithoutHTTP(request, visit)
            } else if exchange.hasResponse || isSeenFromStart {
                skipConnection(exchange.hasResponse ? .brokenHTTP : .notHTTP)
            } else if exchange.clientMode == .waiting {
                // They are frames, and the response was not captured.
                openWithoutResponse(keepsServerBytes: true, visit)
            } else {
                // The rest of a response that began before the capture.
                streams[server].removeFirst(streams[server].count)
                exchange.responseWalk = HTTPWalk(.responses)
            }
            return false
        case .head(let count):
            let piece = streams[server].piece(at: count - 1)
            let response = ResponseHead(Array(streams[server].rest.prefix(count)))
            streams[server].removeFirst(count)
            exchange.hasResponse = true
            guard let response else {
                skipConnection(.brokenHTTP)
                return false
            }
            read(response, in: piece, visit)
            return true
        }
    }

    private mutating func read(
        _ response: ResponseHead, in piece: HeldStream.Piece?, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard !response.isInterim else { return exchange.responseWalk.begin(.none) }
        let request = exchange.takeRequest()
        if request == nil, exchange.clientMode == .requests, let refused = exchange.refusedStatus,
            response.status == 101
        {
            return noteSecondResponse(after: refused, at: piece?.packetPosition, visit)
        }
        if response.status == 101 {
            let names = response.namesAnUpgrade
            let isMeant = request?.head.opensWebSocket ?? (response.accept != nil)
            guard response.switchesToWebSocket || (!names && isMeant) else { return skipConnection(.otherProtocol) }
            if exchange.clientMode == .unread { takeEndOfRequest() }
            return open(answering: request, response, in: piece, visit)
        }
        if request?.head.method == "CONNECT", response.status / 100 == 2 {
            // A tunnel: whatever is in it begins after the head.
            phase = .beginning
            return
        }
        if let request, request.head.opensWebSocket { refuse(request, response, at: piece?.packetPosition, visit) }
        guard let body = response.body(answering: request?.head) else { return skipConnection(.brokenHTTP) }
        exchange.responseWalk.begin(body)
        continueAfter(body)
    }

    /// Continues after a response that did not switch protocols.
    private mutating func continueAfter(_ body: HTTPBody) {
        // Nothing can follow a body that lasts until the connection is closed; but a side that refused is still read.
        guard body != .untilClose || exchange.refusedStatus != nil else { return skipConnection(.ordinaryHTTP) }
        switch exchange.clientMode {
        case .waiting:
            guard !exchange.awaitsResponse else { return }
            exchange.clientMode = exchange.hasOverflowed ? .lost : .requests
            if exchange.hasOverflowed { exchange.mayLackRequests = true }
        case .unread:
            // The rest of a request that began before the capture.
            streams[exchange.client].removeFirst(streams[exchange.client].count)
            exchange.requestWalk = HTTPWalk(.requests)
            exchange.clientMode = exchange.hasOverflowed ? .lost : .requests
        case .requests, .lost: break
        }
    }

    /// Skips the end of a request: a capture can begin in the middle of one, which then looks like bytes before the
    /// first frame.
    private mutating func takeEndOfRequest() {
        let held = streams[exchange.client].rest
        guard let first = held.first, !BoundaryCandidate.canBegin[Int(first)] || first >= ASCII.space && first < 0x7F
        else {
            return
        }
        var end = HTTPHeadEnd()
        guard let last = held.firstIndex(where: { end.isReached(by: $0) }) else { return }
        streams[exchange.client].removeFirst(last + 1 - held.startIndex)
    }

    // MARK: Missing bytes

    /// Handles the loss of everything that follows on a side.
    mutating func loseHTTP(of side: TCPPeer, _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        if side == exchange.client {
            guard exchange.clientMode == .requests else { return }
            streams[side].removeFirst(streams[side].count)
            exchange.clientMode = .lost
            exchange.mayLackRequests = true
            readHeads(visit)
        } else {
            exchange.isServerLost = true
            readHeads(visit)
        }
    }

    /// Ends the client's requests.
    mutating func endRequests(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        exchange.mayLackRequests = true
        readHeads(visit)
    }

    /// Ends both sides.
    mutating func endHTTP(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        exchange.isOver = true
        endRequests(visit)
        guard phase == .http else { return }
        if exchange.clientMode == .waiting {
            openWithoutResponse(visit)
        } else {
            skipConnection(.ordinaryHTTP)
        }
    }

    /// Makes room on a side that holds as much as it may.
    mutating func makeHTTPRoom(on side: TCPPeer, _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        if side == server {
            // A request is never this late: there is none.
            exchange.mayLackRequests = true
            readHeads(visit)
            if phase == .http, streams[side].room == 0 { skipConnection(.brokenHTTP) }
            return
        }
        switch exchange.clientMode {
        case .requests, .lost: skipConnection(.brokenHTTP)
        case .waiting where streams[server].isEmpty && exchange.responseWalk.isAtHead:
            // The server is silent while the client continues: its side is not in the capture.
            openWithoutResponse(visit)
        case .waiting, .unread:
            exchange.hasOverflowed = true
            streams[side].append(
                .gap(count: nil, .ceiling, continues: false), at: streams[side].nextPiece?.packetPosition, order: .max)
            isDropped[side] = true
        }
    }
}
