import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// What all reports for people say about both hops of a proxy.
enum HopsText {
    /// Returns `capture.pcap, conversation 0 and conversation 1: both hops of one proxy, by the same
    /// Sec-WebSocket-Key`.
    static func title(of finding: HopsFinding) -> String {
        let front = OriginText.place(of: finding.front, inCapture: true)
        let back =
            finding.front.source == finding.back.source
            ? "conversation \(finding.back.connection ?? 0)" : OriginText.place(of: finding.back, inCapture: true)
        return "\(front) and \(back): both hops of one proxy, by \(evidence(finding.evidence))"
    }

    static func evidence(_ evidence: HopEvidence) -> String {
        switch evidence {
        case .key: "the same Sec-WebSocket-Key"
        case .accept: "the Sec-WebSocket-Accept that answers the proxy's key"
        case .messages: "the same messages, one shortly after the other"
        }
    }

    /// Returns `10.1.0.7:51514 → 10.1.0.3:80, then 10.1.0.3:40110 → 10.1.0.2:8080`; nil if the input has no
    /// addresses.
    static func path(of finding: HopsFinding) -> String? {
        guard let front = hop(finding.frontHead), let back = hop(finding.backHead) else { return nil }
        return "\(front), then \(back)"
    }

    private static func hop(_ head: ConversationHead) -> String? {
        guard let client = head.client, let server = head.server else { return nil }
        return "\(client) → \(server)"
    }

    /// Returns what is equal, and what else is worth knowing, as sentences.
    static func facts(of finding: HopsFinding) -> [String] {
        Endpoint.allCases.compactMap { same(of: $0, finding.comparison) } + finding.comparison.facts
    }

    private static func same(of sender: Endpoint, _ comparison: HopComparison) -> String? {
        guard let count = comparison.equalCounts[sender], count > 0 else { return nil }
        let verb = count == 1 ? "is" : "are"
        var text = "\(Numbers.count(UInt64(count), "message")) of the \(sender.name) \(verb) the same on both hops"
        if let delay = comparison.delays[sender] {
            let (median, longest) = (TimeText.span(delay.median), TimeText.span(delay.longest))
            text += ", passed on in \(median)" + (median == longest ? "" : " as a rule, \(longest) at most")
        }
        return text + "."
    }
}
