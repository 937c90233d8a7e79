extension CommandTable {
    static let relay = CommandEntry(
        name: "relay", arguments: "ws://HOST:PORT", summary: "pass live connections through, and judge both sides",
        options: [
            OptionEntry(
                name: "--listen", value: .text("HOST:PORT"),
                help: "where clients connect instead of the server; :9000 is every address of this machine"),
            OptionEntry(
                name: "--write", value: .file, help: "also write what passes to a pcapng capture, for other programs"
            ),
            OptionEntry(name: "--once", value: .none, help: "stop after the first connection"),
            OptionEntry(name: "--insecure", value: .none, help: "wss: accept any certificate"),
            maxFrame, maxMessage,
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl"]),
                help: "text for people (the default), jsonl for programs"),
            strict, color, help,
        ],
        details: """
            Every byte is passed on unchanged before it is judged, even if it breaks a rule. The output is that
            of wsframes inspect for a capture. Its packets are the pieces that the relay read, not those of the
            network. With wss:// the connection to the server uses TLS, the connection from the client does not.

            It runs until it is interrupted. Exit status: 0 nothing violated, 1 violations, 2 wrong usage, 3 it
            cannot listen, cannot reach the server, or cannot write the file, 4 no WebSocket conversation passed.
            """)
}
