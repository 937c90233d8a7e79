// The first bytes, which show what the connection is.
extension ConversationReader {
    /// Examines the first bytes of both sides, and continues with the protocol that they begin.
    mutating func begin(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        for side in TCPPeer.allCases {
            while !streams[side].isEmpty {
                let beginning = ProtocolSniff(of: streams[side].rest, isStart: isSeenFromStart)
                if case .proxyHeader(let count) = beginning {
                    streams[side].removeFirst(count)
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
        case .other:
            switch client(answeredOn: side) {
            case .needMore where streams[side].count < Self.maximumBeforeRequest: return true
            case .request: beginHTTP(client: side.other)
            default: beginWithoutHTTP(visit)
            }
        }
        return false
    }

    /// Returns what the client has begun, if the server has begun something that is not HTTP: a server that speaks
    /// first, and not HTTP, can still be asked for WebSocket. (The first peer is the one that opened the connection.)
    private func client(answeredOn side: TCPPeer) -> ProtocolSniff {
        let isListed = TCPPeer.allCases.contains { side in
            addresses[side].map { options.webSocketPorts.contains($0.port) } ?? false
        }
        guard side == .second, isSeenFromStart, !isListed, !isDropped[side.other] else { return .other }
        return ProtocolSniff(of: streams[side.other].rest, isStart: true)
    }

    /// More bytes than any greeting has.
    private static let maximumBeforeRequest = 4_096

    mutating func beginHTTP(client: TCPPeer) {
        exchange = HTTPExchange(client: client)
        phase = .http
        // Bytes that were lost before it was known what they were.
        exchange.isServerLost = isDropped[client.other]
        if isDropped[client], ProtocolSniff(of: streams[client].rest, isStart: isSeenFromStart) != .request {
            streams[client].removeFirst(streams[client].count)
            exchange.clientMode = .lost
            exchange.mayLackRequests = true
        }
    }

    /// The side with the lower port, if only that port is below those which systems assign to clients.
    private var listener: TCPPeer? {
        guard let first = addresses.first?.port, let second = addresses.second?.port,
            min(first, second) < Self.firstPortOfClients, max(first, second) >= Self.firstPortOfClients
        else { return nil }
        return first < second ? .first : .second
    }

    private static let firstPortOfClients: UInt16 = 32_768

    private mutating func beginWithoutHTTP(_ visit: (ConversationEvent, Span<UInt8>) -> Void) {
        let listed = TCPPeer.allCases.filter { side in
            addresses[side].map { options.webSocketPorts.contains($0.port) } ?? false
        }
        let server = listed.count == 1 ? listed.first : nil
        if !listed.isEmpty, isSeenFromStart {
            // There is nothing to search for: the first frame begins with the first byte.
            openInTheMiddle(server: server ?? .second, at: PerPeer(0), visit)
        } else if !listed.isEmpty || options.takesEveryPort || (options.detectsInTheMiddle && !isSeenFromStart) {
            search = MidStreamSearch(
                isByPort: !listed.isEmpty || options.takesEveryPort, server: server, listener: listener)
            phase = .middle
            for side in TCPPeer.allCases where !streams[side].isEmpty {
                readMidStream(side, pieceStart: 0, visit)
            }
        } else {
            skipConnection(.notHTTP)
        }
    }
}
