import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Finds the conversations that are two hops of one proxy.
///
/// Candidates have the same key, an answer to the other's key, or messages that hardly any other conversation has.
/// Each is then judged on its own (``HopCandidate``). What is left must be unambiguous: a conversation that could be
/// paired with two others is paired with none, unless they are the hops of a chain of proxies.
struct HopPairing {
    struct Pair: Hashable {
        let front: Int
        let back: Int
        let evidence: HopEvidence
    }

    /// Two conversations, in the order in which they began.
    private struct CandidatePair: Hashable, Comparable {
        let one: Int
        let other: Int

        static func < (left: CandidatePair, right: CandidatePair) -> Bool {
            (left.one, left.other) < (right.one, right.other)
        }
    }

    /// The conversations that contain a message: the first ones, since more of them prove nothing.
    private struct ConversationsWithMessage {
        private var first: (Int, Int, Int, Int) = (0, 0, 0, 0)
        private(set) var count = 0

        /// Adds a conversation; they come in order.
        mutating func add(_ index: Int) {
            guard count == 0 || (count <= maximumSharingMessage && index != self[count - 1]) else { return }
            switch count {
            case 0: first.0 = index
            case 1: first.1 = index
            case 2: first.2 = index
            case 3: first.3 = index
            default: break
            }
            count += 1
        }

        subscript(index: Int) -> Int {
            switch index {
            case 0: first.0
            case 1: first.1
            case 2: first.2
            default: first.3
            }
        }
    }

    /// The pairs, in the order of their first conversations.
    private(set) var pairs: [Pair] = []

    /// The most conversations that may share a key: a client that always sends the same one proves nothing.
    private static let maximumSharingKey = 8
    /// The most conversations that may share a message for it to prove anything.
    private static let maximumSharingMessage = 4
    /// The most candidates that are judged for a conversation: beyond that it is paired with none.
    private static let maximumCandidates = 16
    /// The length up to which a message proves nothing on its own.
    private static let fewBytes: UInt64 = 8

    init(_ entries: [HopLedger.Entry]) {
        // Both hops of a proxy do not end at the same server (``HopMatch``).
        guard Set(entries.lazy.map(\.trace.head.server)).count > 1 else { return }
        var possible = Set<CandidatePair>()
        for group in Self.groups(entries.indices, of: { entries[$0].trace.head.key })
        where group.count <= Self.maximumSharingKey {
            for one in group {
                for other in group where one < other { possible.insert(CandidatePair(one: one, other: other)) }
            }
        }
        possible.formUnion(Self.answers(entries))
        possible.formUnion(Self.sharing(entries))
        var counts: [Int: Int] = [:]
        for pair in possible {
            counts[pair.one, default: 0] += 1
            counts[pair.other, default: 0] += 1
        }
        let found = possible.sorted().compactMap { pair -> Pair? in
            guard counts[pair.one, default: 0] <= Self.maximumCandidates,
                counts[pair.other, default: 0] <= Self.maximumCandidates
            else { return nil }
            let candidate = HopCandidate(entries[pair.one], entries[pair.other])
            guard let isInOrder = candidate.isInOrder, let evidence = candidate.evidence else { return nil }
            return isInOrder
                ? Pair(front: pair.one, back: pair.other, evidence: evidence)
                : Pair(front: pair.other, back: pair.one, evidence: evidence)
        }
        pairs = Self.unambiguous(found)
    }

    private static func groups<Key: Hashable>(_ indices: Range<Int>, of key: (Int) -> Key?) -> [[Int]] {
        var groups: [Key: [Int]] = [:]
        for index in indices { if let key = key(index) { groups[key, default: []].append(index) } }
        return groups.values.filter { $0.count > 1 }
    }

    /// Returns conversations of which one has the Sec-WebSocket-Accept that answers the other's key, and not its own.
    private static func answers(_ entries: [HopLedger.Entry]) -> [CandidatePair] {
        var askers: [String: [Int]] = [:]
        var others: [Int] = []
        for index in entries.indices {
            let head = entries[index].trace.head
            guard let key = head.key else { continue }
            let right = AcceptValue.expected(for: key)
            askers[right, default: []].append(index)
            if let accept = head.accept, accept != right { others.append(index) }
        }
        return others.flatMap { index -> [CandidatePair] in
            let matching = entries[index].trace.head.accept.flatMap { askers[$0] } ?? []
            guard matching.count <= maximumSharingKey else { return [] }
            return matching.map { CandidatePair(one: min($0, index), other: max($0, index)) }
        }
    }

    /// Returns conversations that share messages which hardly any other has.
    private static func sharing(_ entries: [HopLedger.Entry]) -> Set<CandidatePair> {
        var found = Set<CandidatePair>()
        for sender in Endpoint.allCases {
            var conversations: [UInt64: ConversationsWithMessage] = [:]
            for (index, entry) in entries.enumerated() {
                for message in entry.trace[sender].messages where message.length >= fewBytes {
                    conversations[message.digest, default: ConversationsWithMessage()].add(index)
                }
            }
            for group in conversations.values where (2...maximumSharingMessage).contains(group.count) {
                for one in 0..<group.count {
                    for other in (one + 1)..<group.count {
                        found.insert(CandidatePair(one: group[one], other: group[other]))
                    }
                }
            }
        }
        return found
    }

    /// Keeps the pairs that have only one possible interpretation.
    private static func unambiguous(_ pairs: [Pair]) -> [Pair] {
        let all = Set(pairs.map { [$0.front, $0.back] })
        let next = Dictionary(grouping: pairs, by: \.front).mapValues { $0.map(\.back) }
        // In a chain of proxies the first hop and the third are alike, too.
        let direct = pairs.filter { pair in
            !(next[pair.front] ?? []).contains { $0 != pair.back && all.contains([$0, pair.back]) }
        }
        let fronts = Dictionary(grouping: direct, by: \.front)
        let backs = Dictionary(grouping: direct, by: \.back)
        return direct.filter { fronts[$0.front]?.count == 1 && backs[$0.back]?.count == 1 }
            .sorted { min($0.front, $0.back) < min($1.front, $1.back) }
    }
}
