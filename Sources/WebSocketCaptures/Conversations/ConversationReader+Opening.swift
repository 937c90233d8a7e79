import WebSocketFrames

// A handshake has come to its end: the conversation is opened, and what was held of it is passed on.
extension ConversationReader {
    /// A request, and where it ended.
    typealias SeenRequest = (head: RequestHead, packetPosition: PacketPosition?)

    /// Who sends from that side.
    func endpoint(of side: TCPPeer) -> Endpoint {
        side == client ? .client : .server
    }

    /// The server has switched protocols.
    mutating func open(
        answering request: SeenRequest?, _ response: ResponseHead?, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        phase = .open
        outcome = .webSocket
        tell(.upgrade, request, response, at: packetPosition, visit)
        if exchange.hasOverflowed {
            let message =
                "The client sent more than \(HeldStream.ceiling) bytes before the handshake was answered: what it sent "
                + "after them is not judged."
            visit(.notice(Notice(.tooEarly, about: .client, message, at: packetPosition)), Span())
        }
        for side in TCPPeer.allCases { beginPassing(side) }
        flush(TCPPeer.allCases, visit)
    }

    /// The client goes on, or there is no more to wait for, and no response was captured.
    ///
    /// - Parameter keepsServerBytes: what is held of the server is frames, and not the beginning of a response.
    mutating func openWithoutResponse(
        keepsServerBytes: Bool = false, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        let early = ProtocolSniff(of: streams[exchange.client].rest, isStart: isSeenFromStart)
        guard let request = exchange.takeOpeningRequest(), early != .request else { return passOver(.ordinaryHTTP) }
        let server = exchange.client.other
        if !keepsServerBytes { streams[server].take(streams[server].count) }
        open(answering: request, nil, at: request.packetPosition, visit)
    }

    /// The server has answered the request for a WebSocket connection with something else.
    mutating func refuse(
        _ request: SeenRequest, _ response: ResponseHead, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        outcome = .refused
        tell(.refused(status: response.status), request, response, at: packetPosition, visit)
        visit(.closed, Span())
    }

    private mutating func tell(
        _ opening: ConversationHead.Opening, _ request: SeenRequest?, _ response: ResponseHead?,
        at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        client = exchange.client
        var head = ConversationHead(opening: opening)
        head.client = addresses[client]
        head.server = addresses[client.other]
        head.packetPosition = packetPosition
        if let request = request?.head {
            head.target = request.target
            head.host = request.host
            head.offeredDeflate = request.extensions.contains(HandshakeReader.deflate)
        }
        if let response {
            head.subprotocol = response.subprotocol.map { HTTPHead.printable($0, limit: 1_024) }
            head.agreedDeflate = response.extensions.contains(HandshakeReader.deflate)
            head.otherExtensions = response.extensions.filter { $0 != HandshakeReader.deflate }
        }
        visit(.opened(head), Span())
        let check = HandshakeCheck(request?.head, at: request?.packetPosition, response, at: packetPosition)
        for notice in check.notices { visit(.notice(notice), Span()) }
    }

    /// Passes on what is held of these sides, in the order in which it came.
    mutating func flush(_ sides: [TCPPeer], _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        while let side = sides.filter({ streams[$0].nextOrder != nil }).min(by: {
            streams[$0].nextOrder ?? .max < streams[$1].nextOrder ?? .max
        }) {
            let sender = endpoint(of: side)
            reportContradiction(of: side, visit)
            if let piece = streams[side].nextPiece {
                let front = streams[side].front
                passOn(streams[side].bytes, front..<piece.end, from: sender, at: piece.packetPosition, visit)
                streams[side].take(piece.end - front)
            } else if let (ending, packetPosition, _) = streams[side].endings.first {
                streams[side].takeEnding()
                switch ending {
                case .gap(let count, let reason):
                    visit(.gap(from: sender, count: count, reason, at: packetPosition), Span())
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
