import WebSocketFrames

// A handshake that failed, and what the server sends after it.
extension ConversationReader {
    /// Handles an answer other than an upgrade to the request for a WebSocket connection. The conversation is closed
    /// when it is known that nothing more belongs to it.
    mutating func refuse(
        _ request: HTTPExchange.SeenRequest, _ response: ResponseHead, at packetPosition: PacketPosition?,
        _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        outcome = .refused
        reportOpening(.refused(status: response.status), request, response, at: packetPosition, visit)
        exchange.refusedStatus = response.status
        exchange.secondWalk = nil
    }

    /// Handles an answer that is not HTTP at all.
    mutating func refuseWithoutHTTP(
        _ request: HTTPExchange.SeenRequest, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        let server = exchange.client.other
        let answer = streams[server].rest
        let packetPosition = streams[server].nextPiece?.packetPosition
        outcome = .refused
        reportOpening(.refused(status: nil), request, nil, at: packetPosition, visit)
        if exchange.beforeResponse.kind == .framesAndResponse {
            let message =
                "The server sent frames (\(CountedText.count(exchange.beforeResponse.count, "byte"))) before its response, and they may only follow it "
                + "(RFC 6455 §4.2.2). The client finds no HTTP in them, and the handshake fails. Look for what sends to all "
                + "connections, and counts this one among them before its response is written."
            visit(.notice(Notice(.tooEarly, about: .server, message, at: packetPosition)), Span())
            visit(.closed, Span())
            return skipConnection(.notHTTP)
        }
        let isTLS = ProtocolSniff(of: answer, isStart: false) == .tls
        let message =
            "The server's first bytes are \(Self.shown(answer)), which do not begin an HTTP "
            + "response: no handshake can succeed (RFC 6455 §4.2.2). "
            + (isTLS
                ? "They look like TLS: the client spoke without TLS to a port that expects it (wss:)."
                : "Look at what listens on that port: another protocol seems to be spoken there.")
        visit(.notice(Notice(.answerNotHTTP, about: .server, message, at: packetPosition)), Span())
        visit(.closed, Span())
        skipConnection(.notHTTP)
    }

    /// Returns the first line, or the first bytes in hex if it is not readable.
    private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        let line = bytes.prefix { $0 >= 0x20 && $0 < 0x7F }
        if line.count >= 4 { return "\"\(HTTPHead.printable(line, limit: 40))\"" }
        let digits = bytes.prefix(12).map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
        return digits.joined(separator: " ")
    }

    /// Closes the refused conversation: nothing more can belong to its handshake.
    mutating func closeRefused(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        guard exchange.refusedStatus != nil else { return }
        exchange.refusedStatus = nil
        visit(.closed, Span())
    }

    /// Notes that the server has switched protocols after it had refused to.
    mutating func noteSecondResponse(
        after status: Int, at packetPosition: PacketPosition?, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) {
        visit(.notice(HandshakeCheck.secondResponse(after: status, at: packetPosition)), Span())
        closeRefused(visit)
        skipConnection(.ordinaryHTTP)
    }

    /// Searches for a 101 in what should be the body of a refusal that lasts until the connection is closed: at the
    /// start of a line, or of what arrived at once.
    mutating func searchSecondResponse(after status: Int, _ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        let server = exchange.client.other
        while !streams[server].isEmpty {
            var walk = exchange.secondWalk ?? HTTPWalk(.responses)
            if exchange.secondWalk == nil {
                let held = streams[server].rest
                guard let begin = Self.beginningOfResponse(in: held) else {
                    return streams[server].removeFirst(streams[server].count)
                }
                streams[server].removeFirst(begin - held.startIndex)
            }
            var taken = 0
            let step = walk.step(streams[server].rest, taken: &taken)
            exchange.secondWalk = walk
            switch step {
            case .needMore: return
            case .broken: streams[server].removeFirst(streams[server].count)
            case .head(let count):
                let response = ResponseHead(Array(streams[server].rest.prefix(count)))
                if response?.switchesToWebSocket ?? false {
                    let piece = streams[server].piece(at: count - 1)
                    return noteSecondResponse(after: status, at: piece?.packetPosition, visit)
                }
                streams[server].removeFirst(count)
            }
            exchange.secondWalk = nil
        }
    }

    private static func beginningOfResponse(in held: ArraySlice<UInt8>) -> Int? {
        let beginning = Array("HTTP/1.1 101".utf8)
        return held.indices.first { index in
            guard index == held.startIndex || held[index - 1] == ASCII.lineFeed else { return false }
            return beginning.starts(with: held[index...].prefix(beginning.count))
        }
    }
}
