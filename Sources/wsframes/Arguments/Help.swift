enum Help {
    static let version = "wsframes 0.1.0"

    /// No line is longer.
    private static let width = 100

    /// What `wsframes --help` prints.
    static var overview: String {
        var text = """
            Judges WebSocket conversations in packet captures and dumps: is every frame legal, and if not,
            what is wrong, where, who is at fault, and what happened?

            usage: wsframes COMMAND [OPTION…] [ARGUMENT…]


            """
        text += table(CommandTable.commands.map { ($0.name, $0.summary) })
        text += """

            wsframes COMMAND --help tells more, wsframes --version which version this is.
            First steps:  wsframes validate capture.pcapng
                          wsframes inspect capture.pcapng
                          wsframes explain 1002 1011

            """
        return text
    }

    /// What `wsframes COMMAND --help` prints.
    static func text(of command: CommandEntry) -> String {
        let arguments = command.arguments.isEmpty ? "" : " " + command.arguments
        var text = "wsframes \(command.name): \(command.summary)\n\n"
        text += "usage: wsframes \(command.name) [OPTION…]\(arguments)\n\n"
        text += table(command.options.map { ($0.usage, $0.help) })
        if !command.details.isEmpty { text += "\n" + command.details + "\n" }
        return text
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let column = (rows.map { $0.0.count }.max() ?? 0) + 4
        return rows.reduce(into: "") { text, row in
            for (index, line) in lines(of: row.1, width: width - column).enumerated() {
                let label = index == 0 ? "  " + row.0 : ""
                text += label + String(repeating: " ", count: column - label.count) + line + "\n"
            }
        }
    }

    private static func lines(of text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
