import WebSocketInspection
import WebSocketReports

/// `wsframes validate` and `wsframes inspect`: every input judged in order, findings to standard output, troubles to
/// standard error.
struct JudgeCommand {
    private let settings: InspectionSettings
    private let isStrict: Bool
    private let operands: [FilePath]
    private let console: Console
    private var report: any Report
    private var totals = Totals()
    private let hops = HopLedger()
    private let flushesEachFinding: Bool
    /// Errors are reported in the report, too, not on standard error alone.
    private let reportsErrors: Bool
    /// Files of folders that were not recognised.
    private var skippedCount = 0

    /// - Parameter showsFrames: every frame, as `inspect` does.
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
        settings.showsFrames = showsFrames || format == "html"
        self.settings = settings
        isStrict = arguments.has("--strict")
        reportsErrors = format != "text"
        let usesColor = console.usesColor(arguments.word("--color"))
        report =
            switch format {
            case "jsonl": JSONLinesReport(showsFrames: showsFrames)
            case "html": HTMLReport()
            case "junit": JUnitReport(noticesFail: isStrict)
            case _ where showsFrames: InspectReport(usesColor: usesColor, width: console.width)
            default:
                TextReport(
                    usesColor: usesColor, width: console.width,
                    detail: arguments.has("--brief") ? .brief : arguments.has("--full") ? .full : .usual)
            }
        flushesEachFinding = operands.contains { $0.text == "-" } || console.isTerminal
    }

    mutating func run() -> ExitStatus {
        InputWalk.walk(operands) { entry in judge(entry) }
        hops.conclude { give($0) }
        console.write(report.closing(totals))
        console.flush()
        if skippedCount > 0 {
            console.complain(
                "\(skippedCount) \(skippedCount == 1 ? "file" : "files") in folders held no capture and no dump")
        }
        if totals.errors > 0 || console.hasFailed { return .unreadable }
        if totals.violations > 0 || (isStrict && totals.notices > 0) { return .violations }
        return totals.judgedStreams == 0 ? .nothingJudged : .clean
    }

    private mutating func judge(_ entry: InputWalk.Entry) {
        // Whoever interrupts, or has closed the output, waits for nothing more.
        guard !console.isInterrupted(), !console.isClosed else { return }
        totals.inputs += 1
        switch entry {
        case .unreadable(let path, let message):
            give(.error(InputError(source: path.text, message: message)))
        case .standardInput:
            judge(console.standardInput, named: "-", settings)
        case .file(let path, let isNamed):
            do throws(SystemError) {
                var settings = settings
                settings.skipsUnrecognised = !isNamed && settings.input == .auto
                judge(try FileHandle(path), named: path.text, settings)
            } catch {
                give(.error(InputError(source: path.text, message: "cannot be opened: \(error.message)")))
            }
        }
        console.flush()
    }

    private mutating func judge(_ input: any ByteSource, named source: String, _ settings: InspectionSettings) {
        var settings = settings
        // A pipe may never end: whatever happens in it is shown when it happens.
        settings.mingles = settings.showsFrames && input.size == nil && reportsErrors == false
        var progress = Progress(of: input, named: source, console)
        var inspector = Inspector(settings, source: source, hops: hops)
        InputReading.read(input, console, into: &inspector) { size in
            progress.show(size)
        } _: { finding in
            progress.clear()
            give(finding)
        }
        progress.clear()
        if inspector.isSkipped {
            totals.inputs -= 1
            skippedCount += 1
        }
    }

    private mutating func give(_ finding: Finding) {
        totals.count(finding)
        if case .error(let error) = finding {
            // What was found before stands before it, also where both streams are one terminal.
            console.complain("\(printable(error.source)): \(error.message)")
            guard reportsErrors else { return }
        }
        console.write(report.text(for: finding))
        if flushesEachFinding { console.flush() }
    }
}
