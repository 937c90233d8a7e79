import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// What was measured about a conversation, as far as it is worth showing.
enum FactsText {
    /// Shorter pauses are not worth mentioning.
    private static let pause: UInt64 = 1_000_000_000

    /// Returns `facts   lasted 2.4 s; …`; nothing if nothing was measured.
    static func lines(_ facts: ConversationFacts?, width: Int) -> [StyledLine] {
        let clauses = facts.map(clauses) ?? []
        guard !clauses.isEmpty else { return [] }
        return Paragraph.headed(
            "facts", .strong, space: ReportLabel.width - 5, rest: clauses.joined(separator: "; ") + ".", width: width)
    }

    /// Returns clauses without a full stop.
    static func clauses(_ facts: ConversationFacts) -> [String] {
        var clauses: [String] = []
        if let duration = facts.duration { clauses.append("lasted \(TimeText.short(duration))") }
        let silence = facts.silenceBeforeEnd ?? 0
        if silence >= pause { clauses.append("no frame in the last \(TimeText.span(silence)) before the end") }
        if let gap = facts.longestGap, gap.nanoseconds >= pause, gap.nanoseconds != silence {
            clauses.append("longest gap \(TimeText.span(gap.nanoseconds)), before packet \(gap.end.packet)")
        }
        if let trips = facts.roundTrips { clauses.append(text(of: trips)) }
        clauses += Endpoint.allCases.compactMap { rate(of: facts[$0], $0, in: facts.duration ?? 0) }
        clauses += Endpoint.allCases.compactMap { compression(of: facts[$0], $0) }
        return clauses
    }

    private static func text(of trips: ConversationFacts.RoundTrips) -> String {
        let times =
            trips.count == 1
            ? TimeText.short(trips.longest)
            : "\(TimeText.short(trips.shortest)) to \(TimeText.short(trips.longest)), "
                + "\(TimeText.short(trips.total / trips.count)) on average"
        return "\(Numbers.count(trips.count, "ping")) answered after \(times)"
    }

    private static func rate(of traffic: ConversationFacts.Traffic, _ endpoint: Endpoint, in duration: UInt64)
        -> String?
    {
        guard traffic.messages > 0, duration >= pause else { return nil }
        let seconds = Double(duration) / 1e9
        return "\(endpoint.name) \(tenths(Double(traffic.messages) / seconds)) messages a second, "
            + "\(Numbers.grouped(UInt64(Double(traffic.payloadBytes) / seconds))) bytes a second"
    }

    private static func compression(of traffic: ConversationFacts.Traffic, _ endpoint: Endpoint) -> String? {
        guard traffic.compressedMessages > 0 else { return nil }
        let share =
            "\(endpoint.name) compressed \(Numbers.grouped(traffic.compressedMessages)) of "
            + Numbers.count(traffic.messages, "message")
        let others =
            traffic.uninflatedMessages > 0
            ? ", and \(Numbers.grouped(traffic.uninflatedMessages)) could not be inflated because bytes are missing"
            : ""
        guard traffic.inflatedBytes > 0 else { return share + others }
        let ratio = UInt64(Double(traffic.compressedBytes) / Double(traffic.inflatedBytes) * 100 + 0.5)
        return share + ", to \(ratio)% of \(Numbers.count(traffic.inflatedBytes, "byte"))" + others
    }

    /// `0.5`, `1,234.0`
    private static func tenths(_ number: Double) -> String {
        let count = UInt64(min(number * 10 + 0.5, 1e18))
        return "\(Numbers.grouped(count / 10)).\(count % 10)"
    }
}
