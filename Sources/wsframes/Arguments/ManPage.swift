/// The manual page, generated from the table of commands.
enum ManPage {
    static var text: String {
        var page = """
            .TH WSFRAMES 1 "" "\(Help.version)" "User Commands"
            .SH NAME
            wsframes \\- judge WebSocket conversations in packet captures and dumps
            .SH SYNOPSIS
            .B wsframes
            .I COMMAND
            [OPTION...] [ARGUMENT...]
            .SH DESCRIPTION
            Finds every WebSocket conversation in a packet capture, judges both directions against RFC 6455 and RFC 7692,
            and says what is wrong, where, who is at fault, what happened, and how each conversation ended.
            .SH COMMANDS

            """
        for command in CommandTable.commands {
            page +=
                ".SS \(escaped(command.name))\n\(escaped(command.summary.prefix(1).uppercased() + command.summary.dropFirst())).\n"
            let arguments = command.arguments.isEmpty ? "" : " " + command.arguments
            page += ".PP\n.B wsframes \(escaped(command.name))\n[OPTION...]\(escaped(arguments))\n"
            for option in command.options where option.name != "--help" {
                page += ".TP\n.B \(escaped(option.usage))\n\(escaped(option.help))\n"
            }
            guard !command.details.isEmpty else { continue }
            page +=
                ".PP\n.nf\n"
                + command.details.split(separator: "\n", omittingEmptySubsequences: false)
                .map { escaped(String($0)) + "\n" }.joined() + ".fi\n"
        }
        return page + """
            .SH EXIT STATUS
            0: nothing is violated. 1: violations; with \\-\\-strict, notices too. 2: wrong usage. 3: an input that cannot be read, or
            is not what it claims; the others are still judged. 4: nothing was judged in any input.
            .SH ENVIRONMENT
            .TP
            .B NO_COLOR
            no colour, unless \\-\\-color says otherwise
            .TP
            .B SSLKEYLOGFILE
            the key log that \\-\\-keylog env stands for
            .SH EXAMPLES
            .nf
            wsframes validate capture.pcapng
            wsframes inspect \\-\\-messages \\-\\-conversation 3 capture.pcapng
            wsframes explain 1002 1011
            .fi

            """
    }

    /// Returns a line of text with everything escaped that troff would interpret.
    private static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case ".", "'": result += result.isEmpty ? "\\&" + String(character) : String(character)
            default: result.append(character)
            }
        }
        return result
    }
}
