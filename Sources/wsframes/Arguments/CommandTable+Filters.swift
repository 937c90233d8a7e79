import WebSocketInspection

extension CommandTable {
    /// The options that select which findings are shown; they work alike in every command that judges, and in every
    /// format.
    static let filters = [
        OptionEntry(
            name: "--conversation", value: .number("N"),
            help: "only the conversation with this number, as every format counts them; may be given several times"),
        OptionEntry(name: "--connection", value: .number("N"), help: "another name for --conversation"),
        OptionEntry(
            name: "--host", value: .text("NAME"),
            help: "only conversations with this in their Host or in an address; may be given several times"),
        OptionEntry(
            name: "--port", value: .port,
            help: "only conversations with this port on either side; may be given several times"
        ),
        OptionEntry(
            name: "--path", value: .text("PATH"),
            help: "only conversations whose target begins with this; may be given several times"),
        OptionEntry(
            name: "--opcode", value: .choice(["text", "binary", "continuation", "close", "ping", "pong"]),
            help: "only frames and messages with this opcode, and what is wrong with them; may be given several times"),
        OptionEntry(
            name: "--from", value: .text("TIME"),
            help: "only what was captured then or later: 2026-11-23T08:05:34Z, 08:05:34 (UTC, on the day on which the "
                + "conversation was opened), or +2.5 (seconds after that)"),
        OptionEntry(name: "--to", value: .text("TIME"), help: "only what was captured then or earlier"),
        OptionEntry(
            name: "--contains", value: .text("TEXT"),
            help: "only messages that contain this, inflated if compressed, their frames, and what is wrong in their "
                + "conversations"
        ),
        OptionEntry(
            name: "--only", value: .choice(FilterSettings.Only.allCases.map(\.rawValue)),
            help:
                "only violations and their conversations, only notices and theirs, or only conversations without either"
        ),
        OptionEntry(
            name: "--scope", value: .choice(["all", "shown"]),
            help: "what the last line and the exit status count: all (the default), or only what is shown"),
        OptionEntry(
            name: "--redact", value: .none,
            help: "payloads, close reasons, queries, and long words of targets are replaced by their length"),
    ]
}
