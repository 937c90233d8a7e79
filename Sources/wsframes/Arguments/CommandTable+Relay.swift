extension CommandTable {
    static let relay = CommandEntry(
        name: "relay", arguments: "ws://HOST:PORT", summary: "pass live connections through, and judge both sides",
        options: [
            OptionEntry(
                name: "--listen", value: .text("HOST:PORT"),
                help: "where clients connect instead of to the server; :9000 for every address of this machine"),
            OptionEntry(
                name: "--write", value: .file, help: "also write what passes as a capture in pcapng, for other programs"
            ),
            OptionEntry(name: "--once", value: .none, help: "end with the first connection"),
            OptionEntry(name: "--insecure", value: .none, help: "wss: take any certificate"),
            OptionEntry(
                name: "--max-frame", value: .bytes,
                help: "longest payload of a data frame that is legal, in bytes; no limit by default"),
            OptionEntry(
                name: "--max-message", value: .bytes,
                help: "longest message that is legal, in bytes; no limit by default"),
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl"]),
                help: "text for people (the default), jsonl for programs"),
            strict, color, help,
        ],
        details: """
            Every byte is passed on as it came, before it is judged, also where it breaks a rule. What is
            shown is what wsframes inspect shows of a capture. Packets in it are those that the relay read,
            not those of the network. With wss:// the way to the server is TLS, the way from the client not.

            It runs until it is interrupted. Exit status: 0 nothing violated, 1 violations, 2 wrong usage, 3 it
            cannot listen, the server is not there, or the file cannot be written, 4 no WebSocket passed.
            """)
}
