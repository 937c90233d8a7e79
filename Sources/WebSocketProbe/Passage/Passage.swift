public import WebSocketFrames

/// What passed through a proxy: what each end sent, and what came out at the other. Both ends are known from their first
/// byte to their last, so that what did not come out did not come out.
public final class Passage {
    /// What one endpoint sent, its handshake among it.
    struct Way {
        var sent: [UInt8] = []
        /// What came out at the other end.
        var received: [UInt8] = []
        /// Frames were sent then, and nothing has come out since; in seconds.
        var waitsSince: Double?
        /// The longest such wait that ended.
        var longestWait = 0.0
    }

    /// How an end came to an endpoint.
    struct End {
        let isReset: Bool
        /// The other endpoint had ended before: it was passed on.
        let isPassed: Bool
        /// The endpoint that it came to had ended before.
        let isAnswer: Bool
    }

    private(set) var client = Way()
    private(set) var server = Way()
    private(set) var ends: [Endpoint: End] = [:]
    private(set) var ended: Set<Endpoint> = []

    /// Nothing has passed.
    public init() {}

    subscript(sender: Endpoint) -> Way { sender == .client ? client : server }

    /// An endpoint has sent bytes.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes that the system has taken of it.
    ///   - now: the time, in seconds of any clock.
    public func send(_ bytes: some Collection<UInt8>, by sender: Endpoint, at now: Double) {
        change(sender) { way in
            // How long the handshake takes is the affair of both hops.
            if !way.received.isEmpty, way.waitsSince == nil { way.waitsSince = now }
            way.sent += bytes
        }
    }

    /// Bytes have come out at an endpoint.
    public func receive(_ bytes: some Collection<UInt8>, by receiver: Endpoint, at now: Double) {
        change(receiver.peer) { way in
            if let since = way.waitsSince { way.longestWait = max(way.longestWait, now - since) }
            way.waitsSince = nil
            way.received += bytes
        }
    }

    /// An endpoint ends its side of the connection.
    public func end(by sender: Endpoint) { ended.insert(sender) }

    /// An end came to an endpoint.
    public func receiveEnd(by receiver: Endpoint, isReset: Bool) {
        guard ends[receiver] == nil else { return }
        ends[receiver] = End(
            isReset: isReset, isPassed: ended.contains(receiver.peer), isAnswer: ended.contains(receiver))
    }

    /// As much has come out as was sent, both ways.
    public var isEven: Bool {
        [client, server].allSatisfy { $0.sent.count == $0.received.count }
    }

    /// Bytes that have come out at an endpoint.
    public func receivedCount(by receiver: Endpoint) -> Int { self[receiver.peer].received.count }

    private func change(_ sender: Endpoint, _ body: (inout Way) -> Void) {
        if sender == .client { body(&client) } else { body(&server) }
    }
}
