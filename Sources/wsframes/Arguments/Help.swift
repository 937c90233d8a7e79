enum Help {
    static let version = "wsframes 0.1.0"

    /// What `wsframes --help` prints.
    static var overview: String {
        var text = """
            Is this WebSocket byte stream legal, and if not, what is wrong and who is at fault?

            usage: wsframes COMMAND [OPTION…] [ARGUMENT…]


            """
        text += table(CommandTable.commands.map { ($0.name, $0.summary) })
        text += """

            wsframes COMMAND --help tells more, wsframes --version which version this is.
            First steps:  wsframes validate dump.bin
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
        let width = rows.map { $0.0.count }.max() ?? 0
        return rows.reduce(into: "") { text, row in
            text += "  " + row.0 + String(repeating: " ", count: width - row.0.count + 2) + row.1 + "\n"
        }
    }
}
