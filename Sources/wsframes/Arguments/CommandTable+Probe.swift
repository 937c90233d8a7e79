extension CommandTable {
    static let probe = CommandEntry(
        name: "probe", arguments: "ws://HOST:PORT/PATH", summary: "ask a server or a client whether it is strict",
        options: [
            OptionEntry(
                name: "--listen", value: .text("HOST:PORT"),
                help: "probe clients that connect here, one case a connection, instead of a server"),
            OptionEntry(
                name: "--through", value: .text("URL"),
                help: "probe the proxy at this address, which passes on to --listen: both ends are played here"),
            OptionEntry(
                name: "--only", value: .text("NAME"),
                help: "cases with this in their name, a rule's among them, or of this section (5.5.1); "
                    + "may be given several times"),
            OptionEntry(name: "--list", value: .none, help: "print the names of the cases, and send nothing"),
            OptionEntry(
                name: "--header", value: .text("LINE"),
                help: "a header field for each request: 'Cookie: a=b'; may be given several times"),
            OptionEntry(
                name: "--subprotocol", value: .text("NAME"),
                help: "a subprotocol that each request offers; may be given several times"),
            OptionEntry(
                name: "--timeout", value: .number("SECONDS"),
                help: "how long silence is waited for before it is called that; 5 by default"),
            OptionEntry(name: "--jobs", value: .number("N"), help: "connections at a time; 64 by default"),
            OptionEntry(
                name: "--max-message", value: .bytes, help: "longest message that is sent, in bytes; 1 MiB by default"),
            OptionEntry(name: "--harsh", value: .none, help: "also what may disturb other users of the server"),
            OptionEntry(name: "--insecure", value: .none, help: "wss: take any certificate"),
            OptionEntry(
                name: "--evidence", value: .text("FOLDER"),
                help: "write what was sent and received, for each case that went wrong, as dumps for wsframes validate"),
            OptionEntry(
                name: "--cases", value: .text("FOLDER"),
                help: "the corpus; Fixtures here, beside the program or in share/wsframes by default"),
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl", "html", "junit"]),
                help: "text for people (the default), jsonl for programs, html for one page to send on, junit for CI"),
            color, help,
        ],
        details: """
            Plays every case of the corpus, each on a connection of its own, and judges the answer: a broken
            rule must be answered by a Close with the code that the rule demands; a legal stream must be
            taken; pings and Closes must be answered; a wrong handshake must be refused. Nothing is sent to
            any other address. The result of a case is one of

            strict      as the RFC says
            lax         accepts what must be refused
            refuses     refuses what must be accepted
            other code  closes, but with another code
            cut off     ends the connection without a Close
            late        closes only when more bytes have come than the rule needs, which is allowed
            hangs       neither closes nor answers
            dies        does not take the next connection
            skipped     not played, for a reason that is given

            Through a proxy, what each end sends is also compared with what comes out at the other. What breaks
            a rule must be passed on as it is, or refused by the proxy: one that repairs it is lax. Besides, it

            alters      drops, changes, cuts, merges, splits or adds something
            differs     does what RFC 6455 allows: other fragments, pongs of its own, delays

            Addresses: ws://, wss:// (with the system's OpenSSL), and ws+unix:/path/of/socket:/chat.

            Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage, 3 the server cannot be reached.
            """)
}
