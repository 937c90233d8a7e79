public import WebSocketCaptures
public import WebSocketFrames

/// What is kept of a conversation until it is known whether another one is the same on the other side of a proxy:
/// digests of its messages and pings, how it began, and how it ended. Never a payload.
public final class HopTrace {
    /// All of it as a value, which can go from one thread to another.
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
    /// The capture ended before the conversation did.
    public var isCutOff: Bool { kept.isCutOff }
    /// Where the capture ended, if it ended first.
    var captureEnd: PacketPosition? { kept.captureEnd }
    /// All that was sent is in it, to its end: what it does not hold did not come.
    var isWhole: Bool { kept.isWhole }

    /// Begins a conversation.
    ///
    /// - Parameters:
    ///   - head: what is known of the conversation before its first frame.
    ///   - budget: what may be remembered; shared by all conversations that are compared.
    ///   - isWhole: whoever gives the frames has both ends in hand, and will give all of them.
    public init(_ head: ConversationHead, budget: HopBudget, isWhole: Bool = false) {
        kept = Kept(head: head, isWhole: isWhole)
        self.budget = budget
    }

    /// A conversation that was followed elsewhere, to its end.
    public init(_ kept: Kept) {
        self.kept = kept
        budget = HopBudget(mostMessages: 0)
    }

    /// What an endpoint sent.
    public subscript(endpoint: Endpoint) -> HopStream { endpoint == .client ? client : server }

    /// A frame has ended. It must have been digested.
    public func see(_ frame: SeenFrame, from endpoint: Endpoint) {
        if endpoint == .client {
            kept.client.see(frame, budget)
        } else {
            kept.server.see(frame, budget)
        }
    }

    /// An endpoint broke a rule: what it sent after that is not compared.
    public func see(_ violation: Violation, from endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.see(.violation(violation, at: packetPosition)) }
    }

    /// Bytes of an endpoint are missing: what comes after them is not compared.
    public func seeGap(from endpoint: Endpoint) {
        change(endpoint) { $0.see(.gap) }
    }

    /// The capture holds some bytes of an endpoint in two versions, perhaps some that were seen already: nothing that
    /// it sent is compared.
    public func seeContradiction(from endpoint: Endpoint) {
        change(endpoint) { $0.forget() }
    }

    /// An endpoint has ended its direction.
    public func seeFinish(of endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.see(HopEnd(way: .finished, packetPosition: packetPosition)) }
    }

    /// An endpoint has torn the connection down.
    public func seeReset(by endpoint: Endpoint, at packetPosition: PacketPosition?) {
        change(endpoint) { $0.see(HopEnd(way: .reset, packetPosition: packetPosition)) }
    }

    /// Nothing more comes of the conversation.
    ///
    /// - Parameters:
    ///   - isCutOff: the capture ended first.
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

    /// Who ended it first, and how; nil if that is not known.
    var firstEnd: (endpoint: Endpoint, end: HopEnd)? {
        let ends = Endpoint.allCases.compactMap { endpoint in self[endpoint].ends.first.map { (endpoint, $0) } }
        guard ends.count == 2 else { return ends.first }
        guard let one = ends[0].1.packetPosition, let other = ends[1].1.packetPosition else { return nil }
        return one.packet <= other.packet ? ends[0] : ends[1]
    }
}
