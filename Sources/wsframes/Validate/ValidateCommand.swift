import WebSocketReports

/// `wsframes validate`: every input judged in order, findings to standard output, troubles to standard error.
struct ValidateCommand {
    private let options: ValidateOptions
    private let operands: [FilePath]
    private var report: any Report
    private var output = Output()
    private var totals = Totals()
    private let flushesEachFinding: Bool

    init(_ arguments: ParsedArguments) throws(UsageError) {
        options = try ValidateOptions(arguments)
        operands = arguments.operands
        guard !operands.isEmpty else {
            throw UsageError(
                message: "validate needs at least one FILE, or - for standard input",
                hint: "wsframes validate dump.bin")
        }
        if operands.filter({ $0.text == "-" }).count > 1 {
            throw UsageError(message: "standard input can be read only once", hint: "write - only once")
        }
        report =
            arguments.word("--format") == "jsonl"
            ? JSONLinesReport()
            : TextReport(usesColor: Terminal.usesColor(arguments), width: Terminal.width)
        flushesEachFinding = operands.contains { $0.text == "-" } || FileHandle.standardOutput.isTerminal
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
            guard report is JSONLinesReport else { return }
        }
        output.write(report.text(for: finding))
        if flushesEachFinding { output.flush() }
    }
}
