import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// Finds the conversations that are two hops of one proxy.
///
/// Candidates have the same key, an answer to the other's key, or messages that hardly any other conversation has. Each
/// is then judged by itself (``HopCandidate``). What is left must be unambiguous: a conversation that could be paired
/// with two others is paired with none, unless they are the hops of a row of proxies.
struct HopPairing {
    struct Pair: Hashable {
        let front: Int
        let back: Int
        let evidence: HopEvidence
    }

    /// In the order of the first conversation of each.
    private(set) var pairs: [Pair] = []

    /// A key of more conversations than this is one that a client always sends: it shows nothing.
    private static let mostOfKey = 8
    /// A message of more conversations than this shows nothing.
    private static let mostOfMessage = 4
    /// No more candidates are judged for a conversation: it is then paired with none.
    private static let mostCandidates = 16
    /// A message this short shows nothing by itself.
    private static let fewBytes: UInt64 = 8

    init(_ entries: [HopLedger.Entry]) {
        var possible = Set<[Int]>()
        for group in Self.groups(entries.indices, of: { entries[$0].trace.head.key })
        where group.count <= Self.mostOfKey {
            for one in group { for other in group where one < other { possible.insert([one, other]) } }
        }
        possible.formUnion(Self.answers(entries))
        possible.formUnion(Self.sharing(entries))
        var counts: [Int: Int] = [:]
        for pair in possible { for index in pair { counts[index, default: 0] += 1 } }
        let found = possible.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { pair -> Pair? in
            guard pair.allSatisfy({ counts[$0, default: 0] <= Self.mostCandidates }) else { return nil }
            let candidate = HopCandidate(entries[pair[0]], entries[pair[1]])
            guard let isInOrder = candidate.isInOrder, let evidence = candidate.evidence else { return nil }
            return isInOrder
                ? Pair(front: pair[0], back: pair[1], evidence: evidence)
                : Pair(front: pair[1], back: pair[0], evidence: evidence)
        }
        pairs = Self.unambiguous(found)
    }

    private static func groups<Key: Hashable>(_ indices: Range<Int>, of key: (Int) -> Key?) -> [[Int]] {
        var groups: [Key: [Int]] = [:]
        for index in indices { if let key = key(index) { groups[key, default: []].append(index) } }
        return groups.values.filter { $0.count > 1 }
    }

    /// Conversations one of which has the Sec-WebSocket-Accept that answers the other's key, and not its own.
    private static func answers(_ entries: [HopLedger.Entry]) -> [[Int]] {
        var askers: [String: [Int]] = [:]
        var others: [Int] = []
        for index in entries.indices {
            let head = entries[index].trace.head
            guard let key = head.key else { continue }
            let right = AcceptValue.expected(for: key)
            askers[right, default: []].append(index)
            if let accept = head.accept, accept != right { others.append(index) }
        }
        return others.flatMap { index -> [[Int]] in
            let matching = entries[index].trace.head.accept.flatMap { askers[$0] } ?? []
            guard matching.count <= mostOfKey else { return [] }
            return matching.map { [min($0, index), max($0, index)] }
        }
    }

    /// Conversations that share messages which hardly any other has.
    private static func sharing(_ entries: [HopLedger.Entry]) -> [[Int]] {
        struct Place: Hashable {
            let digest: UInt64
            let sender: Endpoint
        }
        var holders: [Place: [Int]] = [:]
        for (index, entry) in entries.enumerated() {
            for sender in Endpoint.allCases {
                for message in entry.trace[sender].messages where message.length >= fewBytes {
                    let place = Place(digest: message.digest, sender: sender)
                    let known = holders[place, default: []]
                    guard known.last != index, known.count <= mostOfMessage else { continue }
                    holders[place] = known + [index]
                }
            }
        }
        var found = Set<[Int]>()
        for group in holders.values where (2...mostOfMessage).contains(group.count) {
            for one in group { for other in group where one < other { found.insert([one, other]) } }
        }
        return Array(found)
    }

    /// Leaves what cannot be taken in two ways.
    private static func unambiguous(_ pairs: [Pair]) -> [Pair] {
        let all = Set(pairs.map { [$0.front, $0.back] })
        let next = Dictionary(grouping: pairs, by: \.front).mapValues { $0.map(\.back) }
        // Of a row of proxies the first hop and the third are alike, too.
        let direct = pairs.filter { pair in
            !(next[pair.front] ?? []).contains { $0 != pair.back && all.contains([$0, pair.back]) }
        }
        let fronts = Dictionary(grouping: direct, by: \.front)
        let backs = Dictionary(grouping: direct, by: \.back)
        return direct.filter { fronts[$0.front]?.count == 1 && backs[$0.back]?.count == 1 }
            .sorted { min($0.front, $0.back) < min($1.front, $1.back) }
    }
}
