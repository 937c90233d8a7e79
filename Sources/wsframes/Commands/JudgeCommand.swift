import WebSocketReports

/// `wsframes validate` and `wsframes inspect`: every input judged in order, findings to standard output, troubles to
/// standard error.
struct JudgeCommand {
    private let options: JudgingOptions
    private let operands: [FilePath]
    private var report: any Report
    private var output = Output()
    private var totals = Totals()
    private let flushesEachFinding: Bool
    /// Errors are reported in the report, too, not on standard error alone.
    private let reportsErrors: Bool

    /// - Parameter showsFrames: every frame, as `inspect` does.
    init(_ command: CommandEntry, _ arguments: ParsedArguments, showsFrames: Bool) throws(UsageError) {
        var options = try JudgingOptions(arguments)
        operands = arguments.operands
        guard !operands.isEmpty else {
            throw UsageError(
                message: "\(command.name) needs at least one FILE, or - for standard input",
                hint: "wsframes \(command.name) capture.pcapng")
        }
        if operands.filter({ $0.text == "-" }).count > 1 {
            throw UsageError(message: "standard input can be read only once", hint: "write - only once")
        }
        let format = arguments.word("--format") ?? "text"
        options.showsFrames = showsFrames || format == "html"
        if operands.contains(where: { $0.text == "-" }) { options.reach = .piped }
        self.options = options
        reportsErrors = format != "text"
        report = Self.report(format, arguments, options, showsFrames: showsFrames)
        flushesEachFinding = operands.contains { $0.text == "-" } || FileHandle.standardOutput.isTerminal
    }

    private static func report(
        _ format: String, _ arguments: ParsedArguments, _ options: JudgingOptions, showsFrames: Bool
    ) -> any Report {
        let usesColor = Terminal.usesColor(arguments)
        return switch format {
        case "jsonl": JSONLinesReport(showsFrames: showsFrames)
        case "html": HTMLReport()
        case "junit": JUnitReport(noticesFail: options.isStrict)
        case _ where showsFrames: InspectReport(usesColor: usesColor, width: Terminal.width)
        default: TextReport(usesColor: usesColor, width: Terminal.width)
        }
    }

    mutating func run() -> ExitStatus {
        InputWalk.walk(operands) { entry in judge(entry) }
        output.write(report.closing(totals))
        output.flush()
        if totals.errors > 0 || output.hasFailed { return .unreadable }
        if totals.violations > 0 || (options.isStrict && totals.notices > 0) { return .violations }
        return .clean
    }

    private mutating func judge(_ entry: InputWalk.Entry) {
        totals.inputs += 1
        switch entry {
        case .unreadable(let path, let message):
            tell(.error(InputError(source: path.text, message: message)))
        case .standardInput:
            judge(.standardInput, named: "-")
        case .file(let path):
            do {
                judge(try FileHandle(path), named: path.text)
            } catch {
                tell(.error(InputError(source: path.text, message: "cannot be opened: \(error.message)")))
            }
        }
        output.flush()
    }

    private mutating func judge(_ file: FileHandle, named source: String) {
        var progress = Progress(of: file, named: source)
        var input = InputJudge(source: source, options: options)
        var isAtEnd = false
        while !isAtEnd {
            isAtEnd = input.judgeMore(of: file)
            let findings = input.takeFindings()
            if !findings.isEmpty || isAtEnd { progress.clear() }
            for finding in findings { tell(finding) }
            progress.show(input.size)
        }
        progress.clear()
    }

    private mutating func tell(_ finding: Finding) {
        totals.count(finding)
        if case .error(let error) = finding {
            // What was found before stands before it, also where both streams are one terminal.
            output.flush()
            complain("\(printable(error.source)): \(error.message)")
            guard reportsErrors else { return }
        }
        output.write(report.text(for: finding))
        if flushesEachFinding { output.flush() }
    }
}
