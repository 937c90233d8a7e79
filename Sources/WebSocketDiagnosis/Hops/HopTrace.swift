public import WebSocketCaptures
public import WebSocketFrames

/// What is kept of a conversation until it is known whether another one is its other hop through a proxy: digests of
/// its messages and pings, how it began, and how it ended. Never a payload.
public struct HopTrace: Sendable {
    /// How the conversation began.
    public let head: ConversationHead
    /// Whether it contains all that was sent, to the end: what is not in it was not sent.
    let isWhole: Bool
    /// What the client sent.
    public private(set) var client = HopStream()
    /// What the server sent.
    public private(set) var server = HopStream()
    /// Whether the capture ended before the conversation did.
    public private(set) var isCutOff = false
    /// Where the capture ended, if it ended first.
    private(set) var captureEnd: PacketPosition?

    /// Creates the trace of a conversation that begins.
    ///
    /// - Parameters:
    ///   - head: what is known of the conversation before its first frame.
    ///   - isWhole: whether the caller sees both hops itself and will pass all frames.
    public init(_ head: ConversationHead, isWhole: Bool = false) {
        self.head = head
        self.isWhole = isWhole
    }

    /// What an endpoint sent.
    public subscript(endpoint: Endpoint) -> HopStream { endpoint == .client ? client : server }

    /// Notes that a frame has ended. It must have been digested.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - endpoint: the endpoint that sent it.
    ///   - budget: the budget for what may be remembered, shared by all conversations that are compared.
    public mutating func add(_ frame: SeenFrame, from endpoint: Endpoint, _ budget: HopBudget) {
        change(endpoint) { $0.add(frame, budget) }
    }

    /// Notes that an endpoint broke a rule: what it sent after that is not compared.
    public mutating func add(_ violation: Violation, from endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.add(.violation(violation, at: packetPosition)) }
    }

    /// Notes that bytes of an endpoint are missing: what comes after them is not compared.
    public mutating func addGap(from endpoint: Endpoint) {
        change(endpoint) { $0.add(.gap) }
    }

    /// Notes that the capture has two versions of some bytes of an endpoint, perhaps of some that were already seen:
    /// nothing that it sent is compared.
    public mutating func addContradiction(from endpoint: Endpoint) {
        change(endpoint) { $0.forget() }
    }

    /// Notes that an endpoint has ended its direction.
    public mutating func addFinish(of endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.add(HopEnd(kind: .finished, packetPosition: packetPosition)) }
    }

    /// Notes that an endpoint has reset the connection.
    public mutating func addReset(by endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.add(HopEnd(kind: .reset, packetPosition: packetPosition)) }
    }

    /// Ends the trace.
    ///
    /// - Parameters:
    ///   - isCutOff: whether the capture ended first.
    ///   - last: where the capture ended.
    public mutating func finish(isCutOff: Bool, at last: PacketPosition?) {
        self.isCutOff = isCutOff
        captureEnd = isCutOff ? last : nil
        client.finish()
        server.finish()
    }

    @inline(__always)
    private mutating func change(_ endpoint: Endpoint, _ body: (inout HopStream) -> Void) {
        if endpoint == .client {
            body(&client)
        } else {
            body(&server)
        }
    }

    /// Whether the messages are known from the first one on.
    var isSeenFromStart: Bool {
        switch head.opening {
        case .upgrade, .extendedConnect: true
        case .middle, .refused: false
        }
    }

    /// The endpoint that ended the conversation first, and how; nil if that is not known.
    var firstEnd: (endpoint: Endpoint, end: HopEnd)? {
        let ends = Endpoint.allCases.compactMap { endpoint in self[endpoint].ends.first.map { (endpoint, $0) } }
        guard ends.count == 2 else { return ends.first }
        guard let one = ends[0].1.packetPosition, let other = ends[1].1.packetPosition else { return nil }
        return one.packet <= other.packet ? ends[0] : ends[1]
    }
}
