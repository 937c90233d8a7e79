// All commands and options: the parser, the help and the completions are generated from this table.

/// One option of a command.
struct OptionEntry: Sendable {
    enum Value: Sendable {
        /// The option takes no value.
        case none
        /// One of a few words.
        case choice([String])
        /// A number of bytes.
        case bytes
        /// Another number, with its name in the help.
        case number(String)
        /// A text, with its name in the help. The option may be given several times.
        case text(String)
        /// The path of a file. The option may be given several times.
        case file
        /// A TCP port. The option may be given several times.
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
        case .text(let word), .number(let word): name + " " + word
        case .file: name + " FILE"
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
    static let commands = [validate, inspect, probe, relay, explain, rules, schema, completions, manual]

    static func command(named name: String) -> CommandEntry? {
        commands.first { $0.name == name }
    }

    static let color = OptionEntry(
        name: "--color", value: .choice(["auto", "always", "never"]),
        help: "colour; auto (the default) means on a terminal only, and obeys NO_COLOR")
    static let help = OptionEntry(name: "--help", value: .none, help: "show this help")

    static let strict = OptionEntry(
        name: "--strict", value: .none, help: "notices count as violations do: exit status 1")

    static let maxFrame = OptionEntry(
        name: "--max-frame", value: .bytes,
        help: "longest legal payload of a data frame, in bytes; no limit by default")
    static let maxMessage = OptionEntry(
        name: "--max-message", value: .bytes, help: "longest legal message, in bytes; no limit by default")

    /// The options for how inputs are read and judged.
    private static let judging = [
        OptionEntry(
            name: "--sender", value: .choice(["client", "server", "auto"]),
            help:
                "who sent a one-way dump; auto (the default) finds out from its handshake or its first MASK bit. For "
                + "captures, only what that endpoint sent is shown"),
        OptionEntry(name: "--deflate", value: .none, help: "permessage-deflate was agreed"),
        OptionEntry(
            name: "--no-deflate", value: .none,
            help: "permessage-deflate was not agreed; without either option the handshake decides, if there is one"),
        maxFrame, maxMessage,
        OptionEntry(
            name: "--websocket-port", value: .port,
            help: "in captures: connections to this port are WebSocket, even if their handshake was not captured; "
                + "may be given several times"),
        OptionEntry(
            name: "--keylog", value: .file,
            help:
                "TLS secrets that decrypt wss:, as programs write them if SSLKEYLOGFILE is set (NSS format); env means "
                + "the file that SSLKEYLOGFILE names; may be given several times"),
        OptionEntry(
            name: "--input", value: .choice(["auto", "raw", "hex", "pcap"]),
            help: "form of the inputs; auto (the default) recognises it by content, pcap includes pcapng"),
        OptionEntry(
            name: "--all", value: .none, help: "continue after a violation if the frame's end is still known"),
        OptionEntry(
            name: "--join", value: .none,
            help:
                "all inputs are one capture that was written to several files (tcpdump -C, -G, ring buffers, or several "
                + "machines): packets are merged by time, and numbered in that order, as mergecap does"),
        OptionEntry(
            name: "--jobs", value: .number("N"),
            help:
                "how many files are judged at once; by default one for each processor. One large capture is read by one "
                + "processor and judged by another, unless N is 1. The output is the same"),
    ]

    static let validate = CommandEntry(
        name: "validate", arguments: "FILE… | -", summary: "judge packet captures, and dumps of what one endpoint sent",
        options: judging + filters + [
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl", "html", "junit", "github"]),
                help:
                    "text for people (the default), jsonl for programs, html for a page to pass on, junit for CI, github "
                    + "for annotations of GitHub Actions"),
            OptionEntry(name: "--brief", value: .none, help: "in text: one line for each finding"),
            OptionEntry(
                name: "--full", value: .none,
                help:
                    "in text: every finding and every conversation in full; otherwise only the first finding of a rule, "
                    + "and three lines for each further one"),
            strict, color, help,
        ],
        details: """
            A capture is a pcap or pcapng file, or what tshark and Wireshark export of a followed TCP stream.
            Every WebSocket conversation in it is found and judged: both directions, and how it ended. To make a
            capture: tcpdump -i any -s 0 -w capture.pcap 'tcp port 8080'

            TLS 1.2 and 1.3 are decrypted with --keylog FILE, or with the secrets inside a pcapng. Conversations
            are found in HTTP/1.1 and in HTTP/2 (RFC 8441); HTTP/3 is not read.

            A dump is the bytes that one endpoint sent, with or without its HTTP handshake: raw, or written as
            hex: bare or spaced, 0x81, \\x81, xxd, hexdump -C, od -Ax -tx1, <Buffer 81 …>, b'\\x81…', with #
            comments.

            A folder is walked in sorted order; hidden files and *.md in it are skipped.

            A violation breaks a rule; a notice is about something doubtful that breaks none. wsframes explain
            NAME says what a rule, a diagnosis or a notice means, and what to check.

            Exit status: 0 nothing violated, 1 violations, 2 wrong usage, 3 an input that cannot be read, 4 nothing
            was judged.
            """)

    static let inspect = CommandEntry(
        name: "inspect", arguments: "FILE… | -", summary: "show every frame, with what is wrong with it in place",
        options: judging + filters + [
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl", "html"]),
                help: "text for people (the default), jsonl for programs, html for a page to pass on"),
            OptionEntry(
                name: "--messages", value: .none,
                help: "whole messages instead of data frames: inflated, JSON laid out; the first lines of each"
            ),
            OptionEntry(name: "--full", value: .none, help: "with --messages: all lines of each message"),
            OptionEntry(
                name: "--extract", value: .text("FOLDER"),
                help: "write each message that is shown to a file in this folder, with an index.jsonl; no file is "
                    + "overwritten"),
            strict, color, help,
        ],
        details: """
            Inputs and exit status are those of wsframes validate. The frames of both directions are shown in
            the order in which they were captured.
            """)

    static let explain = CommandEntry(
        name: "explain", arguments: "CODE | NAME …",
        summary: "explain a close code, a rule, a diagnosis or a notice",
        options: [
            OptionEntry(name: "--list", value: .none, help: "list every name that can be explained"),
            OptionEntry(name: "--names", value: .none, help: "only the names, one on each line"),
            color, help,
        ],
        details: """
            Several topics are shown one below the other; two close codes side by side:

                wsframes explain 1002 1011
                wsframes explain reserved-bits http-response close-unanswered
            """)

    static let rules = CommandEntry(
        name: "rules", arguments: "", summary: "list every rule that is checked",
        options: [
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl", "markdown", "docc"]),
                help: "text for people (the default), jsonl for programs, the others for documents"),
            OptionEntry(name: "--names", value: .none, help: "only the names, one on each line"),
            color, help,
        ],
        details: "")

    static let schema = CommandEntry(
        name: "schema", arguments: "", summary: "describe the rows of --format jsonl",
        options: [
            OptionEntry(
                name: "--format", value: .choice(["json", "docc"]),
                help: "json for a JSON Schema (the default), docc for the article about them"),
            help,
        ],
        details: "")

    static let manual = CommandEntry(
        name: "manual", arguments: "", summary: "print the manual page, for man -l", options: [help], details: "")

    static let completions = CommandEntry(
        name: "completions", arguments: "bash | zsh | fish", summary: "print a completion script for a shell",
        options: [help],
        details: """
            bash:  source <(wsframes completions bash)
            zsh:   wsframes completions zsh > "${fpath[1]}/_wsframes"
            fish:  wsframes completions fish | source
            """)
}
