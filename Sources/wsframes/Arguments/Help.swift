enum Help {
    static let version = "wsframes 0.1.0"

    /// The longest line, even on a wide screen.
    private static let maximumWidth = 100

    /// Returns what `wsframes --help` prints.
    static func overview(width: Int) -> String {
        let width = min(width, maximumWidth)
        let start = prose(
            """
            Judges WebSocket conversations in packet captures and dumps: is every frame legal, and if not,
            what is wrong, where, who is at fault, and what happened?

            usage: wsframes COMMAND [OPTION…] [ARGUMENT…]
            """, width)
        let end = prose(
            """
            wsframes COMMAND --help shows more, wsframes --version the version.

            First steps:  wsframes validate capture.pcapng
                          wsframes inspect capture.pcapng
                          wsframes explain 1002 1011
            """, width)
        let commands = table(CommandTable.commands.map { ($0.name, $0.summary) }, width)
        return start + "\n\n" + commands + "\n" + end + "\n"
    }

    /// Returns what `wsframes COMMAND --help` prints.
    static func text(of command: CommandEntry, width: Int) -> String {
        let width = min(width, maximumWidth)
        let arguments = command.arguments.isEmpty ? "" : " " + command.arguments
        var text = prose("wsframes \(command.name): \(command.summary)", width) + "\n\n"
        text += "usage: wsframes \(command.name) [OPTION…]\(arguments)\n\n"
        text += table(command.options.map { ($0.usage, $0.help) }, width)
        if !command.details.isEmpty { text += "\n" + prose(command.details, width) + "\n" }
        return text
    }

    /// Returns two columns; a label that would take too much of the width is on a line of its own.
    private static func table(_ rows: [(String, String)], _ width: Int) -> String {
        let column = min((rows.map { $0.0.count }.max() ?? 0) + 4, width / 3)
        return rows.reduce(into: "") { text, row in
            let label = "  " + row.0
            let fits = label.count + 2 <= column
            if !fits { text += label + "\n" }
            for (index, line) in lines(of: row.1, width: width - column).enumerated() {
                let start = index == 0 && fits ? label : ""
                text += start + String(repeating: " ", count: column - start.count) + line + "\n"
            }
        }
    }

    /// Returns paragraphs, rewrapped to the width; those with lines that are indented or set in columns are left
    /// unchanged.
    private static func prose(_ text: String, _ width: Int) -> String {
        var result: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false).split(
            separator: "", omittingEmptySubsequences: false)
        {
            let isSet = paragraph.contains { $0.hasPrefix(" ") || $0.contains("  ") }
            result.append(
                (isSet ? paragraph.map(String.init) : lines(of: paragraph.joined(separator: " "), width: width))
                    .joined(separator: "\n"))
        }
        return result.joined(separator: "\n\n")
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
