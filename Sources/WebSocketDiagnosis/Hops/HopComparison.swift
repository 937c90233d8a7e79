import WebSocketCaptures
public import WebSocketFrames

/// The comparison of two conversations that are the two hops of one proxy: what is equal, and what differs.
///
/// A difference is claimed only if both hops are known at that point: not after a gap, a violation or a ceiling, not
/// before the first equal message if a conversation was found in its middle, and not for what was still in transit at
/// the end. That a proxy masks and compresses anew is not a difference.
public struct HopComparison: Sendable {
    /// The number of each endpoint's messages that are equal on both hops, in the same order.
    public private(set) var equalCounts: [Endpoint: Int] = [:]
    /// How long these took through the proxy, in nanoseconds; nil if that is not known.
    public private(set) var delays: [Endpoint: Delay] = [:]
    /// The differences, by subject: the handshake, the client's messages, the server's, the end.
    public private(set) var differences: [HopDifference] = []
    /// Facts that are worth knowing but are not differences that matter, as sentences.
    public private(set) var facts: [String] = []
    /// The messages of both hops side by side, at most ``maximumRows``: the first ones, and those that differ.
    public private(set) var rows: [HopRow] = []
    /// The number of rows that were left out.
    public private(set) var leftOutCount = 0

    /// How long messages took through the proxy, in nanoseconds.
    public struct Delay: Sendable, Hashable {
        /// The median.
        public var median: UInt64
        /// The longest.
        public var longest: UInt64
    }

    /// The most rows that are kept for display.
    public static let maximumRows = 400

    /// Compares two hops.
    ///
    /// - Parameters:
    ///   - front: the hop between the client and the proxy.
    ///   - back: the hop between the proxy and the server.
    ///   - sharesClock: whether the times of both come from the same clock.
    public init(front: HopTrace, back: HopTrace, sharesClock: Bool) {
        let directions = Endpoint.allCases.map {
            HopDirection($0, front: front, back: back, sharesClock: sharesClock)
        }
        let ends = HopEndings(front: front, back: back, sharesClock: sharesClock)
        for direction in directions {
            equalCounts[direction.sender] = direction.alignment?.equalCount ?? 0
            let lags = direction.lags.map { UInt64(max($0, 0)) }.sorted()
            guard sharesClock, let longest = lags.last else { continue }
            delays[direction.sender] = Delay(median: lags[lags.count / 2], longest: longest)
        }
        differences = HopHandshakes(front: front, back: back, directions).differences
        for direction in directions { differences += HopMessages(direction).differences }
        differences += ends.differences
        facts = HopMessages.facts(directions) + ends.facts
        select(directions)
    }

    /// Removes the messages and changes every sentence, for reports that others may read.
    public mutating func redact(_ change: (String) -> String) {
        leftOutCount += rows.count
        rows = []
        facts = facts.map(change)
        for index in differences.indices { differences[index].message = change(differences[index].message) }
    }

    private mutating func select(_ directions: [HopDirection]) {
        let all = directions.flatMap(HopMessages.rows).sorted { $0.packet < $1.packet }
        guard all.count > Self.maximumRows else {
            rows = all
            return
        }
        let different = all.indices.filter { !all[$0].isSame }.prefix(Self.maximumRows / 4)
        var chosen = Set(all.indices.prefix(Self.maximumRows / 2))
        for index in different { chosen.formUnion(max(index - 1, 0)...min(index + 1, all.count - 1)) }
        rows = chosen.sorted().prefix(Self.maximumRows).map { all[$0] }
        leftOutCount = all.count - rows.count
    }
}

extension HopRow {
    /// The packet to sort by: the earlier one.
    fileprivate var packet: UInt64 {
        min(front?.packetPosition?.packet ?? .max, back?.packetPosition?.packet ?? .max)
    }
}
