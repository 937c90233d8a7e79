public import WebSocketCaptures
public import WebSocketFrames

/// What is kept of a conversation until it is known whether another one is its other hop through a proxy: digests of
/// its messages and pings, how it began, and how it ended. Never a payload.
public final class HopTrace {
    /// All that is kept as a value, which can be passed from one thread to another.
    public struct Kept: Sendable {
        fileprivate let head: ConversationHead
        fileprivate let isWhole: Bool
        fileprivate var client = HopStream()
        fileprivate var server = HopStream()
        fileprivate var isCutOff = false
        fileprivate var captureEnd: PacketPosition?
    }

    /// All that is kept.
    public private(set) var kept: Kept
    private let budget: HopBudget

    /// How the conversation began.
    public var head: ConversationHead { kept.head }
    /// What the client sent.
    public var client: HopStream { kept.client }
    /// What the server sent.
    public var server: HopStream { kept.server }
    /// Whether the capture ended before the conversation did.
    public var isCutOff: Bool { kept.isCutOff }
    /// Where the capture ended, if it ended first.
    var captureEnd: PacketPosition? { kept.captureEnd }
    /// Whether it contains all that was sent, to the end: what is not in it was not sent.
    var isWhole: Bool { kept.isWhole }

    /// Creates the trace of a conversation that begins.
    ///
    /// - Parameters:
    ///   - head: what is known of the conversation before its first frame.
    ///   - budget: the budget for what may be remembered, shared by all conversations that are compared.
    ///   - isWhole: whether the caller sees both hops itself and will pass all frames.
    public init(_ head: ConversationHead, budget: HopBudget, isWhole: Bool = false) {
        kept = Kept(head: head, isWhole: isWhole)
        self.budget = budget
    }

    /// Creates the trace of a conversation that was followed elsewhere, to its end.
    public init(_ kept: Kept) {
        self.kept = kept
        budget = HopBudget(mostMessages: 0)
    }

    /// What an endpoint sent.
    public subscript(endpoint: Endpoint) -> HopStream { endpoint == .client ? client : server }

    /// Notes that a frame has ended. It must have been digested.
    public func see(_ frame: SeenFrame, from endpoint: Endpoint) {
        if endpoint == .client {
            kept.client.see(frame, budget)
        } else {
            kept.server.see(frame, budget)
        }
    }

    /// Notes that an endpoint broke a rule: what it sent after that is not compared.
    public func see(_ violation: Violation, from endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.see(.violation(violation, at: packetPosition)) }
    }

    /// Notes that bytes of an endpoint are missing: what comes after them is not compared.
    public func seeGap(from endpoint: Endpoint) {
        change(endpoint) { $0.see(.gap) }
    }

    /// Notes that the capture has two versions of some bytes of an endpoint, perhaps of some that were already seen:
    /// nothing that it sent is compared.
    public func seeContradiction(from endpoint: Endpoint) {
        change(endpoint) { $0.forget() }
    }

    /// Notes that an endpoint has ended its direction.
    public func seeFinish(of endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.see(HopEnd(way: .finished, packetPosition: packetPosition)) }
    }

    /// Notes that an endpoint has reset the connection.
    public func seeReset(by endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.see(HopEnd(way: .reset, packetPosition: packetPosition)) }
    }

    /// Ends the trace.
    ///
    /// - Parameters:
    ///   - isCutOff: whether the capture ended first.
    ///   - last: where the capture ended.
    public func end(isCutOff: Bool, at last: PacketPosition?) {
        kept.isCutOff = isCutOff
        kept.captureEnd = isCutOff ? last : nil
        kept.client.end()
        kept.server.end()
    }

    private func change(_ endpoint: Endpoint, _ body: (inout HopStream) -> Void) {
        if endpoint == .client {
            body(&kept.client)
        } else {
            body(&kept.server)
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
