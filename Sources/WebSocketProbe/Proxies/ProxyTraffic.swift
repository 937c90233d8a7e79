public import WebSocketFrames

/// What passed through a proxy: what each end sent, and what came out at the other. Both ends are known from the
/// first byte to the last: whatever was not seen to come out did not come out.
public final class ProxyTraffic {
    /// What one endpoint sent, including its handshake.
    struct Direction {
        var sent: [UInt8] = []
        /// What came out at the other end.
        var received: [UInt8] = []
        /// When frames were sent, if nothing has come out since; in seconds.
        var waitsSince: Double?
        /// The longest such wait that ended.
        var longestWait = 0.0
    }

    /// How the end of the connection reached an endpoint.
    struct End {
        let isReset: Bool
        /// Whether the other endpoint had ended before, so that its end was passed on.
        let isPassed: Bool
        /// Whether the endpoint that it reached had ended before.
        let isAnswer: Bool
    }

    private(set) var client = Direction()
    private(set) var server = Direction()
    private(set) var ends: [Endpoint: End] = [:]
    private(set) var ended: Set<Endpoint> = []

    /// Creates the record of a connection on which nothing has been sent yet.
    public init() {}

    subscript(sender: Endpoint) -> Direction { sender == .client ? client : server }

    /// Notes bytes that an endpoint has sent.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes that the system has accepted from it.
    ///   - now: the time, in seconds of any clock.
    public func send(_ bytes: some Collection<UInt8>, by sender: Endpoint, at now: Double) {
        change(sender) { way in
            // The duration of the handshake depends on both hops.
            if !way.received.isEmpty, way.waitsSince == nil { way.waitsSince = now }
            way.sent += bytes
        }
    }

    /// Notes bytes that have come out at an endpoint.
    public func receive(_ bytes: some Collection<UInt8>, by receiver: Endpoint, at now: Double) {
        change(receiver.peer) { way in
            if let since = way.waitsSince { way.longestWait = max(way.longestWait, now - since) }
            way.waitsSince = nil
            way.received += bytes
        }
    }

    /// Notes that an endpoint ends its side of the connection.
    public func end(by sender: Endpoint) { ended.insert(sender) }

    /// Notes that the end of the connection reached an endpoint.
    public func receiveEnd(by receiver: Endpoint, isReset: Bool) {
        guard ends[receiver] == nil else { return }
        ends[receiver] = End(
            isReset: isReset, isPassed: ended.contains(receiver.peer), isAnswer: ended.contains(receiver))
    }

    /// Whether as many bytes have come out as were sent, in both directions.
    public var isEven: Bool {
        [client, server].allSatisfy { $0.sent.count == $0.received.count }
    }

    /// Returns the number of bytes that have come out at an endpoint.
    public func receivedCount(by receiver: Endpoint) -> Int { self[receiver.peer].received.count }

    private func change(_ sender: Endpoint, _ body: (inout Direction) -> Void) {
        if sender == .client { body(&client) } else { body(&server) }
    }
}
