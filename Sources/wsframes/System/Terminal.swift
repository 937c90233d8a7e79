/// What the terminal can do, and what the user wants of it.
enum Terminal {
    /// Colour on a terminal only; `NO_COLOR` (any value but an empty one) turns it off, `--color` decides over both.
    static func usesColor(_ arguments: ParsedArguments) -> Bool {
        switch arguments.word("--color") {
        case "always": return true
        case "never": return false
        default:
            let isUnwanted = System.environment("NO_COLOR").map { !$0.isEmpty } ?? false
            return !isUnwanted && System.environment("TERM") != "dumb" && FileHandle.standardOutput.isTerminal
        }
    }

    /// Columns for prose: the terminal's, between 60 and 100; 100 where there is no terminal.
    static var width: Int {
        guard FileHandle.standardOutput.isTerminal else { return 100 }
        return min(max(System.terminalWidth ?? 100, 60), 100)
    }
}
