import WebSocketFrames

// The end of a handshake: the conversation is opened, and what was held of it is passed on.
extension ConversationReader {
    typealias SeenRequest = HTTPExchange.SeenRequest

    /// Returns the endpoint on that side.
    func endpoint(of side: TCPPeer) -> Endpoint {
        side == client ? .client : .server
    }

    /// Opens the conversation after the server has switched protocols.
    mutating func open(
        answering request: SeenRequest?, _ response: ResponseHead?, in piece: HeldStream.Piece?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        phase = .open
        outcome = .webSocket
        reportOpening(.upgrade, request, response, at: piece?.packetPosition, visit)
        if response != nil, !exchange.hasOverflowed { noteEarlyBytes(before: piece, after: request, visit) }
        if exchange.hasOverflowed {
            let message =
                "The client sent more than \(CountedText.grouped(HeldStream.ceiling)) bytes before the handshake was answered: what it sent "
                + "after them is not judged."
            visit(.notice(Notice(.tooEarly, about: .client, message, at: piece?.packetPosition)), Span())
        }
        for side in TCPPeer.allCases { beginPassing(side) }
        flush(TCPPeer.allCases, visit)
    }

    /// Opens the conversation without a response: the client continues, or there is nothing more to wait for, and
    /// none was captured.
    ///
    /// - Parameter keepsServerBytes: whether the held bytes of the server are frames, and not the beginning of a
    ///   response.
    mutating func openWithoutResponse(
        keepsServerBytes: Bool = false, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        let early = ProtocolSniff(of: streams[exchange.client].rest, isStart: isSeenFromStart)
        guard let request = exchange.takeOpeningRequest(), early != .request else {
            return skipConnection(.ordinaryHTTP)
        }
        let server = exchange.client.other
        if !keepsServerBytes { streams[server].removeFirst(streams[server].count) }
        open(answering: request, nil, in: request.piece, visit)
    }

    mutating func reportOpening(
        _ opening: ConversationHead.Opening, _ request: SeenRequest?, _ response: ResponseHead?,
        at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        closeRefused(visit)
        client = exchange.client
        var head = ConversationHead(opening: opening)
        head.client = addresses[client]
        head.server = addresses[client.other]
        head.packetPosition = packetPosition
        if let request = request?.head {
            head.method = request.method
            head.target = request.target
            head.key = request.key.map { HTTPHead.printable($0, limit: 64) }
            head.host = request.host
            head.asksForWebSocket = request.asksForWebSocket
            head.offeredDeflate = request.extensions.contains(DeflateOffer.name)
        }
        head.requestPosition = request?.piece?.packetPosition
        if let response {
            head.accept = response.accept.map { HTTPHead.printable($0, limit: 64) }
            head.subprotocol = response.subprotocol.map { HTTPHead.printable($0, limit: 1_024) }
            head.agreedDeflate = response.extensions.contains(DeflateOffer.name)
            head.deflate = response.agreedDeflate
            head.otherExtensions = response.extensions.filter { $0 != DeflateOffer.name }
        }
        visit(.opened(head), Span())
        let asked = request.map { ($0.head, $0.piece?.packetPosition) }
        let answered = response.map { ($0, packetPosition) }
        var check = HandshakeCheck(asked, answered, otherAccepts: otherAccepts)
        if opening == .upgrade { check.noteMissing(asked, answered) }
        for notice in check.notices { visit(.notice(notice), Span()) }
    }

    /// Notes bytes of the client that came before the response, which it must wait for (RFC 6455 §4.1).
    private mutating func noteEarlyBytes(
        before response: HeldStream.Piece?, after request: SeenRequest?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        guard let response, let request, let early = streams[exchange.client].nextPiece, early.order < response.order
        else { return }
        let isWithRequest = early.order == request.piece?.order
        // A capture can swap packets that arrived at almost the same time in opposite directions.
        if !isWithRequest {
            guard let one = early.packetPosition?.time, let other = response.packetPosition?.time,
                other.nanoseconds > one.nanoseconds &+ Self.swapTolerance
            else { return }
        }
        let place = early.packetPosition.map { ", in packet \($0.packet)" } ?? ""
        let isBreak = streams[exchange.client].rest.allSatisfy { $0 == ASCII.carriageReturn || $0 == ASCII.lineFeed }
        let message =
            "The client sent \(isBreak ? "a line break" : "data") before its request was answered"
            + "\(isWithRequest ? ", together with the request" : "")\(place): it must wait for the response before it sends "
            + "any more (RFC 6455 §4.1). Some servers lose such bytes, or refuse the connection."
        visit(.notice(Notice(.tooEarly, about: .client, message, at: early.packetPosition)), Span())
    }

    /// Half a millisecond, in nanoseconds.
    private static let swapTolerance: UInt64 = 500_000

    /// Passes on the held bytes of these sides, in the order in which they arrived.
    mutating func flush(_ sides: [TCPPeer], _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        while let side = sides.filter({ streams[$0].nextOrder != nil }).min(by: {
            streams[$0].nextOrder ?? .max < streams[$1].nextOrder ?? .max
        }) {
            let sender = endpoint(of: side)
            reportContradiction(of: side, visit)
            if let piece = streams[side].nextPiece {
                let front = streams[side].front
                passOn(streams[side].bytes, front..<piece.end, from: sender, at: piece.packetPosition, visit)
                streams[side].removeFirst(piece.end - front)
            } else if let (ending, packetPosition, _) = streams[side].endings.first {
                streams[side].takeEnding()
                switch ending {
                case .gap(let count, let reason, let continues):
                    visit(.gap(from: sender, count: count, reason, at: packetPosition, continues: continues), Span())
                case .finished: visit(.finished(sender, at: packetPosition), Span())
                case .reset: visit(.reset(sender, at: packetPosition), Span())
                }
            }
        }
    }

    private func passOn(
        _ held: [UInt8], _ range: Range<Int>, from sender: Endpoint, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        visit(.bytes(from: sender, at: packetPosition), held.span.extracting(range))
    }
}
