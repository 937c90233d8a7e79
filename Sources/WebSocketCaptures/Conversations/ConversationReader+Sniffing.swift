// The first bytes: what the connection is.
extension ConversationReader {
    /// Looks at the first bytes of both sides, and goes on to what they are the beginning of.
    mutating func begin(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        for side in TCPPeer.allCases {
            while !streams[side].isEmpty {
                let beginning = ProtocolSniff(of: streams[side].rest, isStart: isSeenFromStart)
                if case .proxyHeader(let count) = beginning {
                    streams[side].take(count)
                    continue
                }
                guard begin(beginning, on: side, visit) else { return }
                break
            }
        }
    }

    /// - Returns: whether the beginning is still to be reported.
    private mutating func begin(
        _ beginning: ProtocolSniff, on side: TCPPeer, _ visit: (ConversationEvent, Span<UInt8>) -> Void
    ) -> Bool {
        switch beginning {
        case .needMore, .proxyHeader: return true
        case .request: beginHTTP(client: side)
        case .response: beginHTTP(client: side.other)
        case .http2: handOver(to: .http2)
        case .tls: handOver(to: .tls)
        case .other: beginWithoutHTTP(visit)
        }
        return false
    }

    mutating func beginHTTP(client: TCPPeer) {
        exchange = HTTPExchange(client: client)
        phase = .http
        // What was lost before anybody knew what it was.
        exchange.isServerLost = isDropped[client.other]
        if isDropped[client], ProtocolSniff(of: streams[client].rest, isStart: isSeenFromStart) != .request {
            streams[client].take(streams[client].count)
            exchange.clientMode = .lost
            exchange.mayLackRequests = true
        }
    }

    private mutating func beginWithoutHTTP(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        let listed = TCPPeer.allCases.filter { side in
            addresses[side].map { options.webSocketPorts.contains($0.port) } ?? false
        }
        let server = listed.count == 1 ? listed.first : nil
        if !listed.isEmpty, isSeenFromStart {
            // There is nothing to be found: the first frame begins with the first byte.
            openInTheMiddle(server: server ?? .second, at: PerPeer(0), visit)
        } else if !listed.isEmpty || options.takesEveryPort || (options.detectsInTheMiddle && !isSeenFromStart) {
            search = MidStreamSearch(isByPort: !listed.isEmpty || options.takesEveryPort, server: server)
            phase = .middle
            for side in TCPPeer.allCases where !streams[side].isEmpty {
                readMidStream(side, pieceStart: 0, visit)
            }
        } else {
            passOver(.notHTTP)
        }
    }
}
