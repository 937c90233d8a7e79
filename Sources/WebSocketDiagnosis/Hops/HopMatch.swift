import WebSocketCaptures
import WebSocketFrames

/// The evidence that two conversations are hops of one proxy. The raw value is its name in reports.
public enum HopEvidence: String, Sendable, Hashable, CaseIterable {
    /// They have the same Sec-WebSocket-Key.
    case key
    /// The client's Sec-WebSocket-Accept answers the key that the proxy sent.
    case accept
    /// They carry the same messages, one shortly after the other.
    case messages
}

/// Two conversations that may be both hops of a proxy: the evidence for it, and what rules it out.
///
/// What no proxy does rules it out: both end at the same server address and port, the server's hop is requested
/// before the client's, or messages leave before they arrive. The remaining pairs need evidence that independent
/// clients cannot produce: a broadcast gives many conversations the same messages at the same time, and a load test
/// makes many clients say the same, perhaps with the same key.
public struct HopMatch {
    private let front: HopTrace
    private let back: HopTrace
    private let sharesClock: Bool
    private let directions: [HopDirection]

    /// Packets of two interfaces are timestamped by two processors. In nanoseconds.
    private static let swapTolerance: Int64 = 20_000
    /// The longest that a message may take through a proxy if only messages show that it is one. In nanoseconds.
    private static let longestDelay: Int64 = 30_000_000_000
    /// The most by which the clocks of two machines differ. In nanoseconds.
    private static let clockTolerance: Int64 = 300_000_000_000

    /// - Parameters:
    ///   - front: the possible hop between the client and the proxy.
    ///   - back: the possible hop between the proxy and the server.
    ///   - sharesClock: whether the times of both come from the same clock.
    public init(front: HopTrace, back: HopTrace, sharesClock: Bool) {
        self.front = front
        self.back = back
        self.sharesClock = sharesClock
        directions = Endpoint.allCases.map { HopDirection($0, front: front, back: back, sharesClock: sharesClock) }
    }

    /// The evidence that they are the two hops, in this order; nil if they are not, or need not be.
    public var evidence: HopEvidence? {
        guard !isExcluded else { return nil }
        if let key = front.head.key, key == back.head.key, isSureByKey { return .key }
        if answersOther { return .accept }
        return isSureByMessages ? .messages : nil
    }

    /// How much later messages leave than they arrive if this order is right, in nanoseconds; negative if the other
    /// order is, nil if the times do not show it.
    ///
    /// With one clock the requests decide. With two, the delay of a message to the server and that of one back are
    /// added up, or else those of request and response, which cancels the difference between the clocks.
    public var leeway: Int64? {
        let asked = difference(front.head.requestPosition, back.head.requestPosition)
        if sharesClock, let asked { return asked }
        let medians = directions.map { direction -> Int64? in
            let lags = direction.lags.sorted()
            return lags.isEmpty ? nil : lags[lags.count / 2]
        }
        if sharesClock {
            let known = medians.compactMap(\.self)
            return known.isEmpty ? nil : known.reduce(0, &+)
        }
        if let toServer = medians[0], let toClient = medians[1] { return toServer &+ toClient }
        let answered = difference(back.head.packetPosition, front.head.packetPosition)
        guard let asked, let answered else { return nil }
        return asked &+ answered
    }

    // MARK: Which side is which

    private enum Link {
        /// The client's hop ends at the machine where the server's begins.
        case real
        /// Everything is on one machine, so addresses show nothing.
        case oneHost
        /// The proxy has several addresses, or these belong to different machines.
        case none
    }

    private var link: Link {
        let addresses = [front.head.client, front.head.server, back.head.client, back.head.server].map { $0?.address }
        guard addresses[1] != nil, addresses[1] == addresses[2] else { return .none }
        return Set(addresses).count == 1 ? .oneHost : .real
    }

    private var isExcluded: Bool {
        let (one, other) = (front.head, back.head)
        // Without addresses they may be the same connection, exported by two programs.
        guard let client = one.client, let server = one.server, let otherClient = other.client,
            let otherServer = other.server, client != otherClient, server != otherServer
        else { return true }
        // One client of two servers.
        if link == .none, client.address == otherClient.address { return true }
        if let order = difference(one.requestPosition, other.requestPosition) {
            guard order >= (sharesClock ? -Self.swapTolerance : -Self.clockTolerance) else { return true }
            if !sharesClock, order > Self.clockTolerance { return true }
        }
        return !isCausal
    }

    // MARK: Order in time

    /// Returns the nanoseconds from one position to another; negative if that is the earlier one, nil if it is not
    /// known.
    private func difference(_ one: PacketPosition?, _ other: PacketPosition?) -> Int64? {
        guard let one = one?.time, let other = other?.time else { return nil }
        return Int64(truncatingIfNeeded: other.nanoseconds &- one.nanoseconds)
    }

    /// Whether the proxy asked the server while the client waited for its answer; nil if that is not known.
    private var isNested: Bool? {
        guard sharesClock, hasResponse(front.head), hasResponse(back.head),
            let asked = difference(front.head.requestPosition, back.head.requestPosition),
            let answered = difference(back.head.packetPosition, front.head.packetPosition)
        else { return nil }
        return asked >= -Self.swapTolerance && answered >= -Self.swapTolerance
    }

    private func hasResponse(_ head: ConversationHead) -> Bool {
        if case .refused(let status) = head.opening { return status != nil }
        return head.opening == .upgrade && head.agreedDeflate != nil
    }

    /// Whether messages arrive before they leave. Equal messages may have been paired wrongly, so if the keys are
    /// equal, one in ten may seem to be the other way round.
    private var isCausal: Bool {
        let lags = directions.map(\.lags)
        guard sharesClock else {
            // One difference between the clocks must explain all of them.
            let earliest = lags.compactMap { $0.min() }
            guard earliest.allSatisfy({ $0 >= -Self.clockTolerance }) else { return false }
            return earliest.count < 2 || earliest[0] &+ earliest[1] >= -Self.swapTolerance
        }
        let all = lags.flatMap(\.self)
        let wrong = all.filter { $0 < -Self.swapTolerance }.count
        return front.head.key != nil && front.head.key == back.head.key ? wrong * 10 <= all.count : wrong == 0
    }

    // MARK: Content

    private var hasEqualMessages: Bool { directions.contains { ($0.alignment?.equalCount ?? 0) > 0 } }
    private var hasMessages: Bool { directions.contains { !$0.sent.isEmpty && !$0.passed.isEmpty } }

    private var isSureByKey: Bool {
        guard link == .real || hasEqualMessages || !hasMessages else { return false }
        return isNested ?? (hasEqualMessages || (!sharesClock && link == .real))
    }

    private var answersOther: Bool {
        guard let accept = front.head.accept, let key = back.head.key, let own = front.head.key, own != key else {
            return false
        }
        return accept == AcceptValue.expected(for: key) && accept != AcceptValue.expected(for: own)
            && (isNested ?? !sharesClock)
    }

    private var isSureByMessages: Bool {
        let shares = directions.map(Overlap.init)
        guard shares.allSatisfy(\.isLargest), !sharesClock || directions.allSatisfy({ isQuick($0) }) else {
            return false
        }
        let bytes = shares.reduce(UInt64(0)) { $0 &+ $1.distinctBytes }
        let overwhelming = shares.allSatisfy { $0.distinctCount >= 8 && $0.distinctBytes >= 64 }
        switch link {
        case .real: return bytes >= 16
        // Messages of servers may be broadcasts: those of clients must be equal.
        case .oneHost: return isNested == true && shares[0].distinctBytes >= 16 || overwhelming
        case .none: return isNested == true && shares[0].distinctCount >= 2 && bytes >= 64 || overwhelming
        }
    }

    private func isQuick(_ direction: HopDirection) -> Bool {
        let lags = direction.lags
        return lags.count == direction.equal.count && lags.allSatisfy { $0 <= Self.longestDelay }
    }

    /// How much of a direction is equal on both hops.
    private struct Overlap {
        let distinctCount: Int
        /// The number of bytes, counting no more than 64 of each message.
        let distinctBytes: UInt64
        /// Whether at least half of what was sent on either hop is equal.
        let isLargest: Bool

        init(_ direction: HopDirection) {
            let equal = direction.equal
            var seen = Set<UInt64>()
            var bytes: UInt64 = 0
            for (message, _) in equal where seen.insert(message.digest).inserted { bytes &+= min(message.length, 64) }
            distinctCount = seen.count
            distinctBytes = bytes
            isLargest = equal.count * 2 >= max(direction.sent.count, direction.passed.count)
        }
    }
}
