import WebSocketCaptures
import WebSocketFrames
public import WebSocketInspection

/// Findings as JUnit XML, for the test reports of CI systems.
///
/// Why JUnit and not SARIF: SARIF is about places in source files, by line and column, and its readers show findings
/// next to the code of a change. A stream has no lines, its faults are in no file of the repository, and SARIF cannot
/// express that a stream was judged and is legal. JUnit can: a test case that passed. Nearly every CI system reads it
/// without another program, and shows the text of a failure as it is.
///
/// An input is a test suite, and each of its streams a test case: a violation is its failure, with the rule as the
/// type and the text report's text as the content. Notices are in the output of the test case. An input that could
/// not be read is an error. A refused conversation is a skipped test case.
public struct JUnitReport: Report {
    /// The most test cases of a suite. Another suite of the same name follows, so that what is kept is bounded.
    static let suiteCeiling = 5_000
    /// The most violations of one stream that are reported in full, and notices of one stream or one input.
    static let findingCeiling = 20

    private let noticesFail: Bool
    private var hasBegun = false
    private var suite: JUnitSuite?
    private var conversation: JUnitConversation?

    /// Creates a report.
    ///
    /// - Parameter noticesFail: whether a notice is a failure too, as it is for the exit status under `--strict`.
    public init(noticesFail: Bool = false) {
        self.noticesFail = noticesFail
    }

    /// Returns the test suites that are now complete, if any.
    public mutating func text(for finding: Finding) -> String {
        switch finding {
        case .conversation(let finding):
            let text = begin(finding.origin.source)
            conversation = JUnitConversation(origin: finding.origin, head: finding.head)
            return text
        // Faults of an ending arrive as notices.
        case .frame, .message, .ending: return ""
        case .violation(let violation):
            let text = join(violation.origin)
            let inCapture = conversation?.head != nil
            conversation?.add(violation) {
                ViolationBlock(violation, width: 100, inCapture: inCapture).lines.text(usesColor: false)
            }
            return text
        case .notice(let notice):
            guard notice.origin.connection != nil else {
                let text = begin(notice.origin.source)
                suite?.add(notice, fails: noticesFail)
                return text
            }
            let text = join(notice.origin, isNotice: true)
            conversation?.add(notice)
            return text
        case .stream(let summary):
            let text = join(summary.origin)
            conversation?.add(summary)
            return text
        case .hops(let hops):
            let text = begin(hops.front.source)
            suite?.add(hops, fails: noticesFail)
            return text
        case .error(let error):
            let text = begin(error.source)
            suite?.add(error)
            return text
        }
    }

    /// Returns the last suite, and the end of the document.
    public mutating func closing(_ totals: Totals) -> String {
        let text = opening() + endSuite()
        return text + "</testsuites>\n"
    }

    // MARK: - Suites and conversations

    /// Makes the conversation that a finding is about the current one.
    private mutating func join(_ origin: StreamOrigin, isNotice: Bool = false) -> String {
        if let conversation, conversation.origin.source == origin.source,
            conversation.origin.connection == origin.connection
        {
            // A dump of one direction has one stream: what follows belongs to the next dump, even if the name is the
            // same.
            guard conversation.head == nil, conversation.hasStreams, !isNotice else { return "" }
        }
        let text = begin(origin.source)
        conversation = JUnitConversation(origin: origin, head: nil)
        return text
    }

    /// Ends the conversation, and the suite too if the input has changed or the suite is full.
    private mutating func begin(_ source: String) -> String {
        endConversation()
        var text = opening()
        if let suite, suite.source != source || suite.testCount >= Self.suiteCeiling { text += endSuite() }
        if suite == nil { suite = JUnitSuite(source: source) }
        return text
    }

    private mutating func opening() -> String {
        defer { hasBegun = true }
        return hasBegun ? "" : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wsframes\">\n"
    }

    private mutating func endConversation() {
        if let conversation { suite?.add(conversation, noticesFail: noticesFail) }
        conversation = nil
    }

    private mutating func endSuite() -> String {
        endConversation()
        defer { suite = nil }
        return suite?.markup.source ?? ""
    }
}
