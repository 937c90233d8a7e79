import WebSocketFrames
import WebSocketReports

/// The command line: arguments in, an exit status out; everything else goes through the console.
struct Program {
    let console: Console

    /// Runs the command that `arguments` name, and returns how it ended.
    func run(_ arguments: [FilePath]) -> ExitStatus {
        do throws(UsageError) {
            return try runCommand(arguments)
        } catch {
            console.complain("\(error.message) (\(error.hint))")
            return .wrongUsage
        }
    }

    private func runCommand(_ arguments: [FilePath]) throws(UsageError) -> ExitStatus {
        guard let name = arguments.first?.text else {
            console.show(Help.overview(width: console.width))
            return .wrongUsage
        }
        let rest = Array(arguments.dropFirst())
        switch name {
        case "--help", "-h": return show(Help.overview(width: console.width))
        case "help": return try help(rest)
        case "--version", "-v", "-V", "version": return show(Help.version + "\n")
        default: break
        }
        guard let command = CommandTable.command(named: name) else { throw unknownCommand(name) }
        let parsed = try ParsedArguments(rest, of: command)
        if parsed.has("--help") { return show(Help.text(of: command, width: console.width)) }
        switch command.name {
        case "validate", "inspect":
            var judge = try JudgeCommand(command, parsed, console, showsFrames: command.name == "inspect")
            return judge.run()
        case "probe": return try ProbeCommand(parsed, console).run()
        case "relay":
            var relay = try RelayCommand(parsed, console)
            return relay.run()
        case "explain": return show(try explain(parsed))
        case "manual":
            try expectNoOperands(parsed, of: "manual")
            return show(ManPage.text)
        case "schema":
            try expectNoOperands(parsed, of: "schema")
            return show(parsed.word("--format") == "docc" ? JSONLinesSchema.article() : JSONLinesSchema.schema())
        case "rules": return show(try rules(parsed))
        default: return show(try completions(parsed))
        }
    }

    private func help(_ names: [FilePath]) throws(UsageError) -> ExitStatus {
        guard let name = names.first?.text else { return show(Help.overview(width: console.width)) }
        guard let command = CommandTable.command(named: name) else { throw unknownCommand(name) }
        return show(Help.text(of: command, width: console.width))
    }

    private func unknownCommand(_ name: String) -> UsageError {
        if System.kind(of: FilePath(name)) != nil {
            return UsageError(
                message: "\(quoted(name)) is a file or a folder, not a command",
                hint: "wsframes validate \(printable(name))")
        }
        // A word that looks like a path was meant as one.
        if name.contains("/") || name.dropFirst().contains(".") {
            return UsageError(
                message: "\(quoted(name)): \(SystemError.noSuchFile.message)",
                hint: "wsframes validate FILE judges a file; wsframes --help lists the commands")
        }
        return UsageError(
            message: "there is no command \(quoted(name))",
            hint: suggestion(for: name, among: CommandTable.commands.map(\.name)) ?? "wsframes --help lists them")
    }

    /// Prints a text; if that is not possible, the fault is this program's.
    private func show(_ text: String) -> ExitStatus {
        console.write(text)
        console.flush()
        return console.hasFailed ? .unreadable : .clean
    }

    private func explain(_ arguments: ParsedArguments) throws(UsageError) -> String {
        if arguments.has("--list") || arguments.has("--names") {
            try expectNoOperands(arguments, of: arguments.has("--list") ? "explain --list" : "explain --names")
            return arguments.has("--names")
                ? ExplanationList.names.map { $0 + "\n" }.joined()
                : ExplanationList.text(usesColor: console.usesColor(arguments.word("--color")), width: console.width)
        }
        guard !arguments.operands.isEmpty else {
            throw UsageError(
                message: "explain needs a close code, a rule, a diagnosis or a notice",
                hint: "wsframes explain 1002 1011; wsframes explain --list lists all names")
        }
        let explanation = Explanation.text(
            of: arguments.operands.map(\.text), usesColor: console.usesColor(arguments.word("--color")),
            width: console.width)
        switch explanation {
        case .success(let text): return text
        case .failure(let unknown):
            throw UsageError(
                message: "\(quoted(unknown.topic)) is not a close code, and no rule, diagnosis or notice has that name",
                hint: unknown.nearest.map { "did you mean \($0)?" } ?? "wsframes explain --list lists all names")
        }
    }

    private func rules(_ arguments: ParsedArguments) throws(UsageError) -> String {
        try expectNoOperands(arguments, of: "rules")
        if arguments.has("--names") { return Rule.allCases.map { $0.name + "\n" }.joined() }
        switch arguments.word("--format") {
        case "jsonl": return RuleList.jsonLines()
        case "markdown": return RuleList.markdown()
        case "docc": return RuleList.article()
        default: return RuleList.text(usesColor: console.usesColor(arguments.word("--color")), width: console.width)
        }
    }

    private func completions(_ arguments: ParsedArguments) throws(UsageError) -> String {
        let shells = Completions.shells.joined(separator: ", ")
        guard arguments.operands.count == 1, let script = Completions.script(for: arguments.operands[0].text) else {
            throw UsageError(message: "completions needs one shell: \(shells)", hint: "wsframes completions bash")
        }
        return script
    }

    private func expectNoOperands(_ arguments: ParsedArguments, of command: String) throws(UsageError) {
        guard let operand = arguments.operands.first else { return }
        throw UsageError(
            message: "\(command) takes no argument, but got \(quoted(operand.text))", hint: "wsframes \(command) --help"
        )
    }
}
