// Every command and option there is: parsing, help and completions are made from this table.

/// One option of a command.
struct OptionEntry: Sendable {
    enum Value: Sendable {
        /// The option stands alone.
        case none
        /// One of a few words.
        case choice([String])
        /// A number of bytes.
        case bytes
        /// A port of TCP. The option may be given several times.
        case port
    }

    let name: String
    let value: Value
    let help: String

    /// `--sender client|server|auto`, as help prints it.
    var usage: String {
        switch value {
        case .none: name
        case .choice(let words): name + " " + words.joined(separator: "|")
        case .bytes, .port: name + " N"
        }
    }
}

/// One command.
struct CommandEntry: Sendable {
    let name: String
    let arguments: String
    let summary: String
    let options: [OptionEntry]
    let details: String
}

enum CommandTable {
    static let commands = [validate, inspect, explain, rules, completions]

    static func command(named name: String) -> CommandEntry? {
        commands.first { $0.name == name }
    }

    private static let color = OptionEntry(
        name: "--color", value: .choice(["auto", "always", "never"]),
        help: "colour; auto (the default) is on a terminal only, and obeys NO_COLOR")
    private static let help = OptionEntry(name: "--help", value: .none, help: "show this help")

    private static let strict = OptionEntry(
        name: "--strict", value: .none, help: "notices count as violations do: exit status 1")

    /// How inputs are read and judged.
    private static let judging = [
        OptionEntry(
            name: "--sender", value: .choice(["client", "server", "auto"]),
            help: "who sent a one-way dump; auto (the default) reads it off the handshake or the first MASK bit"),
        OptionEntry(name: "--deflate", value: .none, help: "permessage-deflate was agreed"),
        OptionEntry(
            name: "--no-deflate", value: .none, help: "it was not; the default is what a handshake in the input says"),
        OptionEntry(
            name: "--max-frame", value: .bytes, help: "longest payload of a data frame; no limit by default"),
        OptionEntry(name: "--max-message", value: .bytes, help: "longest message; no limit by default"),
        OptionEntry(
            name: "--websocket-port", value: .port,
            help: "connections to this port are WebSocket, also where the capture does not hold their handshake"),
        OptionEntry(
            name: "--input", value: .choice(["auto", "raw", "hex", "pcap"]),
            help: "form of the input; auto (the default) tells by content"),
        OptionEntry(
            name: "--all", value: .none, help: "go on behind a violation where the frame's end is still known"),
    ]

    static let validate = CommandEntry(
        name: "validate", arguments: "FILE… | -", summary: "judge packet captures, and dumps of what one endpoint sent",
        options: judging + [
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl", "html", "junit"]),
                help: "text for people (the default), jsonl for programs, html a page to send, junit for CI"),
            strict, color, help,
        ],
        details: """
            A capture is a pcap or pcapng file, or what tshark and Wireshark export of a followed TCP stream: every
            conversation in it is found and judged, both directions. A dump is the bytes that one endpoint sent, as
            they were (raw) or written out as hex: bare or spaced, 0x81, \\x81, xxd, hexdump -C, od -Ax -tx1,
            <Buffer 81 …>, b'\\x81…', with # comments. It may begin with its HTTP handshake. A folder is walked in
            sorted order; hidden files and *.md in it are passed over.

            Exit status: 0 nothing violated, 1 violations, 2 wrong usage, 3 an input that cannot be read.
            """)

    static let inspect = CommandEntry(
        name: "inspect", arguments: "FILE… | -", summary: "show every frame, with what is wrong with it in place",
        options: judging + [
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl"]),
                help: "text for people (the default), jsonl for programs"),
            strict, color, help,
        ],
        details: """
            Inputs are those of wsframes validate. Both directions of a conversation stand in the order in which they were
            captured. The exit status is that of validate, too.
            """)

    static let explain = CommandEntry(
        name: "explain", arguments: "CODE | RULE …", summary: "tell what a close code or a rule means",
        options: [color, help],
        details: """
            Two topics stand side by side: wsframes explain 1002 1011
            """)

    static let rules = CommandEntry(
        name: "rules", arguments: "", summary: "list every rule that is checked",
        options: [
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl", "markdown", "docc"]), help: "text is the default"),
            OptionEntry(name: "--names", value: .none, help: "only the names, one a line"),
            color, help,
        ],
        details: "")

    static let completions = CommandEntry(
        name: "completions", arguments: "bash | zsh | fish", summary: "print a completion script for a shell",
        options: [help],
        details: """
            bash:  source <(wsframes completions bash)
            zsh:   wsframes completions zsh > "${fpath[1]}/_wsframes"
            fish:  wsframes completions fish | source
            """)
}
