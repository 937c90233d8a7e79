import WebSocketCaptures
import WebSocketFrames
import WebSocketInspection

/// The test cases of one input.
struct JUnitSuite {
    let source: String
    private(set) var testCount = 0
    private var failureCount = 0
    private var errorCount = 0
    private var skippedCount = 0
    private var noticeCount = 0
    private var cases = Markup()
    private var output = ""
    /// The reason why nothing was judged, if nothing was.
    private var reason: String?

    init(source: String) {
        self.source = source
    }

    /// The whole suite.
    var markup: Markup {
        if testCount == 0, let reason {
            // An empty suite would look like one in which everything passed.
            var suite = self
            suite.skippedCount += 1
            suite.add("the input") { test in
                test.empty("skipped", .message(reason))
                test.literal("\n")
            }
            return suite.markup
        }
        var xml = Markup()
        xml.element(
            "testsuite", .name(name), .count("tests", testCount), .count("failures", failureCount),
            .count("errors", errorCount), .count("skipped", skippedCount)
        ) { suite in
            suite.literal("\n")
            suite.append(cases)
            Self.write(output, to: &suite)
        }
        xml.literal("\n")
        return xml
    }

    // MARK: - Test cases

    mutating func add(_ error: InputError) {
        errorCount += 1
        add("reading the input") { test in
            test.element("error", .type("input"), .message(error.message), text: error.message)
            test.literal("\n")
        }
    }

    /// Adds a notice about the whole input.
    mutating func add(_ notice: NoticeFinding, fails: Bool) {
        guard noticeCount < JUnitReport.findingCeiling else { return }
        noticeCount += 1
        guard fails else {
            output += Self.line(for: notice)
            // The last notice says most: first comes that there is nothing, and then why.
            reason = notice.message
            return
        }
        failureCount += 1
        add("the input") { Self.write(notice, to: &$0) }
    }

    /// Adds both hops of a proxy.
    mutating func add(_ hops: HopsFinding, fails: Bool) {
        let notices = hops.notices
        let isFailure = fails && !notices.isEmpty
        if isFailure { failureCount += 1 }
        add("hops: \(HopsText.title(of: hops))") { test in
            if isFailure, let first = notices.first { Self.write(first, to: &test) }
            Self.write(
                (HopsText.facts(of: hops).map { Escaping.visible($0) + "\n" } + notices.map(Self.line)).joined(),
                to: &test)
        }
    }

    mutating func add(_ conversation: JUnitConversation, noticesFail: Bool) {
        guard conversation.hasStreams else {
            addWithoutStreams(conversation, noticesFail: noticesFail)
            return
        }
        for (index, stream) in conversation.streams.enumerated() {
            let sender = stream.origin.sender
            // Findings that name no stream, or one that is missing, are added to the first stream.
            let others = conversation.streams.dropFirst().map(\.origin.sender)
            let isMine: (Endpoint?) -> Bool = { $0 == sender || (index == 0 && !others.contains($0)) }
            let failures = conversation.failures.filter { isMine($0.sender) }
            let notices = conversation.notices.filter { isMine($0.origin.sender) }
            let fails = !failures.isEmpty || (noticesFail && !notices.isEmpty)
            let isSkipped = !fails && !stream.isJudged
            if fails { failureCount += 1 }
            if isSkipped { skippedCount += 1 }
            add(conversation.name(of: stream)) { test in
                Self.write(failures, to: &test)
                if isSkipped {
                    test.empty("skipped", .message(StreamLine.facts(of: stream)))
                    test.literal("\n")
                }
                if noticesFail, failures.isEmpty, let first = notices.first { Self.write(first, to: &test) }
                let lines = notices.map(Self.line).joined()
                let addresses = conversation.addresses(of: stream).map { $0 + "\n" } ?? ""
                Self.write(addresses + "\(StreamLine.facts(of: stream))\n" + lines, to: &test)
            }
        }
    }

    private mutating func addWithoutStreams(_ conversation: JUnitConversation, noticesFail: Bool) {
        let fails = !conversation.failures.isEmpty || (noticesFail && !conversation.notices.isEmpty)
        var refused: String?
        if !fails, let head = conversation.head, case .refused = head.opening {
            refused = ConversationText.opening(head.opening)
        }
        if fails { failureCount += 1 }
        if refused != nil { skippedCount += 1 }
        add(conversation.name) { test in
            Self.write(conversation.failures, to: &test)
            if fails, conversation.failures.isEmpty, let first = conversation.notices.first {
                Self.write(first, to: &test)
            }
            if let refused {
                test.empty("skipped", .message(refused))
                test.literal("\n")
            }
            Self.write(conversation.notices.map(Self.line).joined(), to: &test)
        }
    }

    // MARK: - Elements

    private var name: String { OriginText.source(source) }

    private mutating func add(_ test: String, _ content: (inout Markup) -> Void) {
        testCount += 1
        cases.element("testcase", .name(test), .suite(name)) { part in
            part.literal("\n")
            content(&part)
        }
        cases.literal("\n")
    }

    /// A test case has at most one failure, since many readers accept no more: further ones are written below the
    /// first.
    private static func write(_ failures: [JUnitConversation.Failure], to xml: inout Markup) {
        guard let first = failures.first else { return }
        xml.element("failure", .type(first.type), .message(first.message)) { failure in
            failure.lines(failures.map(\.text).joined())
        }
        xml.literal("\n")
    }

    private static func write(_ notice: NoticeFinding, to xml: inout Markup) {
        xml.element("failure", .type(notice.kind.name), .message(notice.message), text: line(for: notice, end: ""))
        xml.literal("\n")
    }

    private static func line(for notice: NoticeFinding) -> String { line(for: notice, end: "\n") }

    private static func line(for notice: NoticeFinding, end: String) -> String {
        let place = notice.packetPosition.map { " (\(ConversationText.packetPosition($0)))" } ?? ""
        return "notice \(Escaping.visible(notice.kind.name))\(place): \(Escaping.visible(notice.message))" + end
    }

    private static func write(_ output: String, to xml: inout Markup) {
        guard !output.isEmpty else { return }
        xml.element("system-out") { $0.lines(output) }
        xml.literal("\n")
    }
}

extension Markup.Attribute {
    fileprivate static func name(_ value: String) -> Self { Self("name", value) }
    fileprivate static func suite(_ value: String) -> Self { Self("classname", value) }
    fileprivate static func type(_ value: String) -> Self { Self("type", value) }
    fileprivate static func message(_ value: String) -> Self { Self("message", value) }
    fileprivate static func count(_ name: StaticString, _ value: Int) -> Self { Self(name, String(value)) }
}
