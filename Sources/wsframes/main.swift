import WebSocketFrames
import WebSocketReports

/// Runs the command that `arguments` name, and says how it ended.
func run(_ arguments: [FilePath]) throws(UsageError) -> ExitStatus {
    guard let name = arguments.first?.text else {
        throw UsageError(message: "no command was given", hint: "wsframes --help tells what there is")
    }
    switch name {
    case "--help", "-h", "help": return show(Help.overview)
    case "--version": return show(Help.version + "\n")
    default: break
    }
    guard let command = CommandTable.command(named: name) else {
        let isPath = System.kind(of: FilePath(name)) != nil
        throw UsageError(
            message: "there is no command \(quoted(name))",
            hint: suggestion(for: name, among: CommandTable.commands.map(\.name))
                ?? (isPath ? "wsframes validate \(printable(name))" : "wsframes --help lists them"))
    }
    let parsed = try ParsedArguments(Array(arguments.dropFirst()), of: command)
    if parsed.has("--help") { return show(Help.text(of: command)) }
    switch command.name {
    case "validate", "inspect":
        var judge = try JudgeCommand(command, parsed, showsFrames: command.name == "inspect")
        return judge.run()
    case "explain": return show(try explain(parsed))
    case "rules": return show(try rules(parsed))
    default: return show(try completions(parsed))
    }
}

/// Prints a text; where that is not possible, the fault is our own.
private func show(_ text: String) -> ExitStatus {
    var output = Output()
    output.write(text)
    output.flush()
    return output.hasFailed ? .unreadable : .clean
}

private func explain(_ arguments: ParsedArguments) throws(UsageError) -> String {
    if arguments.has("--list") || arguments.has("--names") {
        try expectNoOperands(arguments, of: arguments.has("--list") ? "explain --list" : "explain --names")
        return arguments.has("--names")
            ? ExplanationList.names.map { $0 + "\n" }.joined()
            : ExplanationList.text(usesColor: Terminal.usesColor(arguments), width: Terminal.width)
    }
    guard !arguments.operands.isEmpty else {
        throw UsageError(
            message: "explain needs a close code, a rule, a diagnosis or a notice",
            hint: "wsframes explain 1002 1011; wsframes explain --list lists all names")
    }
    let explanation = Explanation.text(
        of: arguments.operands.map(\.text), usesColor: Terminal.usesColor(arguments), width: Terminal.width)
    switch explanation {
    case .success(let text): return text
    case .failure(let unknown):
        throw UsageError(
            message: "\(quoted(unknown.topic)) is no close code, and no rule, diagnosis or notice has that name",
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
    default: return RuleList.text(usesColor: Terminal.usesColor(arguments), width: Terminal.width)
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
        message: "\(command) takes no argument, but got \(quoted(operand.text))", hint: "wsframes \(command) --help")
}

System.ignoreBrokenPipes()
do {
    System.exit(with: try run(System.arguments))
} catch {
    complain("\(error.message) (\(error.hint))")
    System.exit(with: .wrongUsage)
}
