import WebSocketInspection
import WebSocketReports

/// `wsframes validate` and `wsframes inspect`: judges every input in order; findings go to standard output, problems
/// to standard error.
struct JudgeCommand {
    let settings: InspectionSettings
    private let isStrict: Bool
    let operands: [FilePath]
    let console: Console
    private var report: any Report
    /// Nil if everything is shown.
    private var filter: FindingFilter?
    private let redacts: Bool
    /// Whether only what is shown is counted.
    private let countsShown: Bool
    private var extraction: Extraction?
    /// Whether all inputs are one capture.
    private let joins: Bool
    private var continuations = Continuations()
    var totals = Totals()
    let hops = HopLedger()
    private let flushesEachFinding: Bool
    /// Whether errors are also part of the report, and not only on standard error.
    private let reportsErrors: Bool
    /// The number of files in folders that were not recognised.
    var skippedCount = 0
    /// Nil if one thread is enough.
    let threads: InputThreads?

    /// - Parameter showsFrames: whether to show every frame, as `inspect` does.
    init(
        _ command: CommandEntry, _ arguments: ParsedArguments, _ console: Console, showsFrames: Bool
    ) throws(UsageError) {
        var settings = try InspectionSettings(arguments) { console.complain($0) }
        operands = arguments.operands
        self.console = console
        guard !operands.isEmpty else {
            throw UsageError(
                message: "\(command.name) needs at least one FILE, or - for standard input",
                hint: "wsframes \(command.name) capture.pcapng")
        }
        if arguments.has("--brief"), arguments.has("--full") {
            throw UsageError(message: "--brief and --full exclude each other", hint: "leave out one of them")
        }
        if operands.filter({ $0.text == "-" }).count > 1 {
            throw UsageError(message: "standard input can be read only once", hint: "write - only once")
        }
        let format = arguments.word("--format") ?? "text"
        let filters = try FilterSettings(arguments)
        let showsMessages = arguments.has("--messages")
        joins = arguments.has("--join")
        redacts = arguments.has("--redact")
        countsShown = arguments.word("--scope") == "shown"
        settings.showsFrames = showsFrames || format == "html" || filters.needsFrames
        settings.gathersMessages =
            showsMessages || format == "html" || arguments.has("--extract") || filters.needsMessages
        self.settings = settings
        if redacts, arguments.has("--extract") {
            throw UsageError(message: "--redact and --extract exclude each other", hint: "leave out one of them")
        }
        isStrict = arguments.has("--strict")
        reportsErrors = format != "text"
        let usesColor = console.usesColor(arguments.word("--color"))
        let messages: ShownMessages = !showsMessages ? .no : arguments.has("--full") ? .whole : .beginnings
        report =
            switch format {
            case "jsonl": JSONLinesReport(showsFrames: showsFrames, messages: messages)
            case "html": HTMLReport()
            case "junit": JUnitReport(noticesFail: isStrict)
            case "github": GitHubReport(noticesFail: isStrict)
            case _ where showsFrames: InspectReport(usesColor: usesColor, width: console.width, messages: messages)
            default:
                TextReport(
                    usesColor: usesColor, width: console.width,
                    detail: arguments.has("--brief") ? .brief : arguments.has("--full") ? .full : .usual)
            }
        filter = filters.isEmpty ? nil : FindingFilter(filters)
        if let folder = arguments.word("--extract") { extraction = try Extraction(into: FilePath(folder)) }
        threads = try Self.threads(arguments, console)
        flushesEachFinding = operands.contains { $0.text == "-" } || console.isTerminal
    }

    mutating func run() -> ExitStatus {
        if joins {
            judgeSeries()
        } else {
            InputWalk.walk(operands) { entry in judge(entry) }
            takeAll()
        }
        hops.finish { give($0) }
        finishFilter()
        console.write(report.closing(totals))
        console.flush()
        reportExtraction()
        if skippedCount > 0 {
            console.complain(
                "\(skippedCount) \(skippedCount == 1 ? "file" : "files") in folders held no capture and no dump")
        }
        if totals.errors > 0 || console.hasFailed || extraction?.failure != nil { return .unreadable }
        if totals.violations > 0 || (isStrict && totals.notices > 0) { return .violations }
        return totals.judgedStreams == 0 && !countsShown ? .nothingJudged : .clean
    }

    private mutating func judge(_ entry: InputWalk.Entry) {
        guard !console.isOver else { return }
        var settings = settings
        if case .file(let path, let isNamed) = entry {
            settings.skipsUnrecognised = !isNamed && settings.input == .auto
            if judgeBeside(path, settings) { return }
        }
        // The inputs before it come first.
        takeAll()
        guard !console.isOver else { return }
        totals.inputs += 1
        switch entry {
        case .unreadable(let path, let message):
            give(.error(InputError(source: path.text, message: message)))
        case .standardInput:
            judge(console.standardInput, named: "-", settings)
        case .file(let path, _):
            do throws(SystemError) {
                judge(try FileHandle(path), named: path.text, settings)
            } catch {
                give(.error(.unopened(path, error)))
            }
        }
        console.flush()
    }

    private mutating func judge(_ input: any ByteSource, named source: String, _ settings: InspectionSettings) {
        var settings = settings
        // A pipe may never end: everything in it is shown as soon as it happens.
        settings.mingles = settings.showsFrames && filter == nil && input.size == nil && reportsErrors == false
        var progress = Progress(of: input.size, named: source, console)
        let hops = HopLedger()
        var inspector = Inspector(settings, source: source, hops: hops)
        InputReading.read(input, into: &inspector, until: { console.isOver }, whenSilent: { console.flush() }) {
            progress.show($0)
        } _: { finding in
            progress.clear()
            give(finding)
        }
        progress.clear()
        end(isSkipped: inspector.isSkipped, hops.page)
    }

    /// Ends an input that has been counted.
    mutating func end(isSkipped: Bool, _ page: HopLedger.Page) {
        hops.add(page)
        guard isSkipped else { return }
        totals.inputs -= 1
        skippedCount += 1
    }

    mutating func give(_ finding: Finding) {
        if !joins, let notice = continuations.add(finding) { console.complain(notice) }
        if !countsShown || finding.isError { totals.count(finding) }
        if case .error(let error) = finding {
            // Earlier findings come first, even if both streams are the same terminal.
            console.complain("\(printable(error.source)): \(error.message)")
            guard reportsErrors else { return }
        }
        guard var filter else { return show(finding) }
        self.filter = nil
        filter.pass(finding) { show($0) }
        self.filter = filter
    }

    private mutating func show(_ finding: Finding) {
        if countsShown, !finding.isError { totals.count(finding) }
        if case .message(let message) = finding { extraction?.write(message) }
        console.write(report.text(for: redacts ? Redaction.redacted(finding) : finding))
        if flushesEachFinding { console.flush() }
    }

    private mutating func finishFilter() {
        guard var filter else { return }
        self.filter = nil
        filter.finish { show($0) }
        if filter.leftOut > 0 {
            console.complain(
                "\(filter.leftOut) frames and messages are left out: of conversations that are filtered by their content, no "
                    + "more than \(FindingFilter.maximumKept) are kept")
        }
        if filter.shownCount == 0, filter.seenCount > 0, !console.isClosed {
            let what = filter.seenCount == 1 ? "the one conversation" : "the \(filter.seenCount) conversations"
            console.complain("the filters match nothing in \(what) of the input")
        }
    }

    private func reportExtraction() {
        guard let extraction else { return }
        let count = "\(extraction.count) \(extraction.count == 1 ? "message" : "messages") written"
        console.complain(extraction.failure.map { "\($0); stopped after \(count)" } ?? count)
    }
}

extension Finding {
    fileprivate var isError: Bool { if case .error = self { true } else { false } }
}
