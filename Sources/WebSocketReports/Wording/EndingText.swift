import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// How a conversation ended, in three words: the same in every list of conversations.
enum EndingText {
    static func short(_ ending: Ending?, head: ConversationHead?, streams: [StreamSummary]) -> String {
        if case .refused(let status) = head?.opening { return status.map { "refused \($0)" } ?? "no HTTP" }
        let codes = Endpoint.allCases.compactMap { endpoint in
            streams.first { $0.origin.sender == endpoint && ($0.isClosed || $0.sentCloseCode != nil) }
                .map { (endpoint, $0.sentCloseCode.map { String($0.rawValue) } ?? "1005") }
        }
        guard let ending else { return codes.isEmpty ? "" : "closed " + codes.map(\.1).joined(separator: ", ") }
        switch ending.kind {
        case .captureEnded: return "capture ended"
        case .unseen: return "not captured"
        case .closed: return "closed " + unique(codes.map(\.1)).joined(separator: ", ")
        case .oneClose: return codes.first.map { "\($0.1), unanswered" } ?? "one Close"
        case .finished: return "FIN, no Close"
        case .reset: return "RST, no Close"
        case .violationAnswered, .violationMisanswered:
            // The answer comes from the endpoint that broke no rule, if there is one.
            let broken = streams.filter { $0.state == .violation }.map(\.origin.sender)
            let answer = codes.first { !broken.contains($0.0) } ?? codes.first
            return answer.map { "\($0.1) by \($0.0.name)" } ?? "closed"
        case .violationUnnoticed: return "continued"
        case .violationDropped: return "no Close"
        case .violationUnanswered: return "unanswered"
        }
    }

    private static func unique(_ codes: [String]) -> [String] {
        codes.count == 2 && codes[0] == codes[1] ? [codes[0]] : codes
    }
}
