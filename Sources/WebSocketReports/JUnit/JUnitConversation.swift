import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames
import WebSocketInspection

/// The findings of one conversation, until its streams are known.
struct JUnitConversation {
    let origin: StreamOrigin
    let head: ConversationHead?
    private(set) var streams: [StreamSummary] = []
    private(set) var failures: [Failure] = []
    private(set) var notices: [NoticeFinding] = []

    /// What made a test case fail.
    struct Failure {
        let sender: Endpoint?
        /// The rule's name.
        let type: String
        /// One line.
        let message: String
        /// The text of the text report.
        let text: String
    }

    init(origin: StreamOrigin, head: ConversationHead?) {
        self.origin = origin
        self.head = head
    }

    var hasStreams: Bool { !streams.isEmpty }

    mutating func add(_ finding: ViolationFinding, block: () -> String) {
        guard failures.count < JUnitReport.findingCeiling else { return }
        var message = ViolationFacts(finding).sentence
        if let diagnosis = finding.diagnosis {
            message += " \(diagnosis.name) (\(DiagnosisText.certainty(diagnosis.certainty))): \(diagnosis.message)"
        }
        failures.append(
            Failure(
                sender: finding.origin.sender, type: finding.violation.rule.name, message: message, text: block()))
    }

    mutating func add(_ notice: NoticeFinding) {
        if notices.count < JUnitReport.findingCeiling { notices.append(notice) }
    }

    mutating func add(_ summary: StreamSummary) {
        // A conversation has two streams; more would be a bug elsewhere, and must not cost memory.
        if streams.count < 2 { streams.append(summary) }
    }

    /// Returns `conversation 3 (GET /chat): client → server`: a name that stays the same whenever the same traffic is
    /// captured again, hence without addresses, whose ports change, and without the query, which may contain tokens.
    func name(of stream: StreamSummary) -> String {
        let direction = OriginText.direction(of: stream.origin)
        return head == nil ? direction : name + ": " + direction
    }

    /// Returns `192.0.2.1:51000 → 192.0.2.2:80`, in the direction of the stream; nil if the input has no addresses.
    func addresses(of stream: StreamSummary) -> String? {
        let isClient = stream.origin.sender != .server
        let from = stream.address ?? (isClient ? head?.client : head?.server)
        let to = stream.peerAddress ?? (isClient ? head?.server : head?.client)
        guard let from, let to else { return nil }
        return "\(from) → \(to)"
    }

    /// The name of the test case that represents a conversation without streams.
    var name: String {
        guard let connection = origin.connection else { return "the input" }
        let request =
            head?.target.map { " (\(head?.method ?? "GET") \(Escaping.visible(String($0.prefix { $0 != "?" }))))" }
            ?? ""
        return "conversation \(connection)" + request
    }
}
