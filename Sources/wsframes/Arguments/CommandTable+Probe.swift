extension CommandTable {
    static let probe = CommandEntry(
        name: "probe", arguments: "ws://HOST:PORT/PATH", summary: "test whether a server, client or proxy is strict",
        options: [
            OptionEntry(
                name: "--listen", value: .text("HOST:PORT"),
                help: "probe clients that connect here, one case for each connection, instead of a server"),
            OptionEntry(
                name: "--through", value: .text("URL"),
                help: "probe the proxy at this address, which forwards to --listen: the probe is both of its ends"),
            OptionEntry(
                name: "--only", value: .text("NAME"),
                help: "only cases with this in their name (or a rule's name), or of this section (5.5.1); "
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
                help: "how long to wait for an answer before the result is hangs; 5 by default"),
            OptionEntry(name: "--jobs", value: .number("N"), help: "connections at once; 64 by default"),
            OptionEntry(
                name: "--max-message", value: .bytes, help: "longest message to send, in bytes; 1 MiB by default"),
            OptionEntry(
                name: "--harsh", value: .none, help: "also play cases that may disturb other users of the server"),
            OptionEntry(name: "--insecure", value: .none, help: "wss: accept any certificate"),
            OptionEntry(
                name: "--evidence", value: .text("FOLDER"),
                help: "for each case that went wrong, write what was sent and received as dumps for wsframes validate"),
            OptionEntry(
                name: "--cases", value: .text("FOLDER"),
                help: "the corpus; by default Fixtures in this folder, beside the program, or in share/wsframes"),
            OptionEntry(
                name: "--format", value: .choice(["text", "jsonl", "html", "junit"]),
                help: "text for people (the default), jsonl for programs, html for a page to pass on, junit for CI"),
            color, help,
        ],
        details: """
            Plays every case of the corpus, each on a connection of its own, and judges the answer: a broken
            rule must be answered with a Close that has the code which the rule demands; a legal stream must
            be accepted; pings and Closes must be answered; an invalid handshake must be refused. Nothing is
            sent to any other address. The result of a case is one of

            strict      as the RFC says
            lax         accepts what must be refused
            refuses     refuses what must be accepted
            other code  closes, but with another code
            cut off     ends the connection without a Close
            late        closes, but only after more bytes than the rule needs, which is allowed
            hangs       neither closes nor answers
            dies        does not accept the next connection
            skipped     not played, for the reason given

            Through a proxy, what each end sends is also compared with what arrives at the other. What breaks a
            rule must be passed on unchanged, or refused by the proxy: a proxy that repairs it is lax. It also

            alters      drops, changes, cuts, merges, splits or adds something
            differs     does what RFC 6455 allows: other fragments, pongs of its own, delays

            Addresses: ws://, wss:// (with the system's OpenSSL), and ws+unix:/path/of/socket:/chat.

            Exit status: 0 nothing is wrong, 1 something is wrong, 2 wrong usage, 3 the server cannot be reached.
            """)
}
