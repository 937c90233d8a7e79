import WebSocketCaptures
import WebSocketFrames
public import WebSocketInspection

/// Findings as JUnit XML, for the test reports of CI systems.
///
/// Why JUnit and not SARIF: SARIF is about places in source files, by line and column, and what reads it shows findings
/// beside the code of a change. A stream has no lines, its faults belong to no file of the repository, and SARIF has no
/// word for a stream that was judged and is legal. JUnit has one, the test case that passed; nearly every CI system
/// reads it without a further program, and shows the text of a failure as it is.
///
/// An input is a test suite, and each stream of it a test case: a violation is its failure, with the rule as type, and
/// what the text report says as content. Notices stand in the output of the test case. What could not be read is an
/// error. A refused conversation is a skipped test case.
public struct JUnitReport: Report {
    /// A suite of more test cases is followed by another one of the same name, so that what is kept is bounded.
    static let suiteCeiling = 5_000
    /// Violations of one stream that are reported in full, and notices of one stream or one input.
    static let findingCeiling = 20

    private let noticesFail: Bool
    private var hasBegun = false
    private var suite: JUnitSuite?
    private var conversation: JUnitConversation?

    /// Creates a report.
    ///
    /// - Parameter noticesFail: a notice is a failure too, as for an exit status under `--strict`.
    public init(noticesFail: Bool = false) {
        self.noticesFail = noticesFail
    }

    /// The test suites that are complete, if any.
    public mutating func text(for finding: Finding) -> String {
        switch finding {
        case .conversation(let finding):
            let text = begin(finding.origin.source)
            conversation = JUnitConversation(origin: finding.origin, head: finding.head)
            return text
        // What is wrong with an ending comes as a notice.
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

    /// The last suite, and the end of the document.
    public mutating func closing(_ totals: Totals) -> String {
        let text = opening() + endSuite()
        return text + "</testsuites>\n"
    }

    // MARK: - Suites and conversations

    /// Makes the conversation that a finding is about the open one.
    private mutating func join(_ origin: StreamOrigin, isNotice: Bool = false) -> String {
        if let conversation, conversation.origin.source == origin.source,
            conversation.origin.connection == origin.connection
        {
            // A dump of one direction has one stream: what comes after it is of the next, even by the same name.
            guard conversation.head == nil, conversation.hasStreams, !isNotice else { return "" }
        }
        let text = begin(origin.source)
        conversation = JUnitConversation(origin: origin, head: nil)
        return text
    }

    /// Ends the conversation, and the suite too where the input is another or the suite is full.
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
