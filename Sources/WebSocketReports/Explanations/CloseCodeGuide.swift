import WebSocketFrames

/// What is known about a close code besides its name and its possible senders (``CloseCode``).
struct CloseCodeEntry: Sendable {
    /// What the code means.
    let means: String
    /// Who is at fault, if anybody.
    let fault: String
    /// When it occurs.
    let appears: [String]
    /// What to do about it.
    let remedies: [String]
    /// What it is often confused with.
    var confusions: [String] = []
}

/// The one table of close codes: RFC 6455 §7.4 and the IANA registry.
enum CloseCodeGuide {
    static func entry(for code: CloseCode) -> CloseCodeEntry {
        switch code.rawValue {
        case 1002: protocolError
        case 1011: internalError
        case 1000...1010: standard(code.rawValue)
        case 1012...1015: registered(code.rawValue)
        case 3000, 3003, 3008: libraryCode(code.rawValue)
        default: range(code.rawValue)
        }
    }

    private static let protocolError = CloseCodeEntry(
        means: """
            The endpoint that sends 1002 says that its peer broke the protocol: some frame from the peer was one that \
            RFC 6455 forbids.
            """,
        fault: """
            The peer of the endpoint that sends it, if the code is right: whoever receives a 1002 has sent the broken \
            frame. If its bytes break no rule, the endpoint that sent the code is mistaken.
            """,
        appears: [
            "A header that makes no sense: a reserved bit or opcode, a wrong MASK bit, a length in the wrong form.",
            "Frames in the wrong order: a continuation without a message, a new message inside another, "
                + "data after Close.",
            "A control frame that is fragmented or longer than 125 bytes, or a Close with a code that may not be sent.",
            "Two writers on one connection, or HTTP text on it: then the bytes are no longer frames at all.",
        ],
        remedies: [
            "Look at the bytes that the receiver of the 1002 had sent just before, and judge them: the "
                + "first broken rule is the cause.",
            "If reserved-bits is broken, compare what both sides agreed on in Sec-WebSocket-Extensions.",
            "If the bytes are not frames, look for a second writer, a wrong length before them, and proxies on the path.",
        ],
        confusions: [
            "1011 means the opposite: the sender of the code failed, not its peer.",
            "1007 is for text that is not UTF-8, 1009 for what is too big, 1003 for data of a kind that the endpoint does "
                + "not take.",
        ])

    private static let internalError = CloseCodeEntry(
        means: """
            The endpoint that sends 1011, nearly always the server, says that it failed by itself: something unexpected \
            kept it from continuing. The code says nothing against the peer's frames.
            """,
        fault: "The endpoint that sends it. It is never the right answer to a broken frame.",
        appears: [
            "The server's handler threw an exception that nobody caught.",
            "Something after the server failed: a database, a queue, a file, memory.",
            "A keepalive ping got no pong in time: Python's websockets closes with 1011 and the reason "
                + "“keepalive ping timeout”.",
        ],
        remedies: [
            "Look at the log of the endpoint that sent it, at that moment. The bytes on the wire do not tell more.",
            "Read the close reason: some servers put the cause there.",
            "After a keepalive timeout, see what blocked the other side's event loop, or whether the network was gone.",
        ],
        confusions: [
            "1002 is for a frame that breaks the protocol. Some libraries report faults in the order of "
                + "frames as 1011, as if they had failed: judge the bytes to know.",
            "1006 is what an application sees when the server died without any Close.",
            "A server that restarts on purpose sends 1012 or 1001; one that is overloaded, 1013.",
        ])

    private static func range(_ code: UInt16) -> CloseCodeEntry {
        switch code {
        case 3000...3999:
            CloseCodeEntry(
                means: "A code of a library, a framework or an application, registered at IANA; the protocol "
                    + "gives it no meaning.",
                fault: "Whatever the software that registered it says.",
                appears: ["The software that uses it closes the connection."],
                remedies: [
                    "Look it up in the registry of WebSocket close codes, then in that software's "
                        + "documentation."
                ],
                confusions: ["Codes of your own that nobody registered belong to 4000–4999."])
        case 4000...4999:
            CloseCodeEntry(
                means: "A code that the two endpoints agreed on among themselves; the protocol gives it no meaning.",
                fault: "Whatever the application says.",
                appears: [
                    "The application closes the connection: often for a login that failed or ran out, or by "
                        + "its own rules."
                ],
                remedies: [
                    "Look for the number in the application's code or documentation; the close reason may "
                        + "tell more."
                ],
                confusions: ["The same number means something else in another application."])
        case 1016...2999:
            CloseCodeEntry(
                means: "Nothing yet: 1000–2999 belong to the protocol and its extensions, and this one is not "
                    + "assigned.",
                fault: "The endpoint that sends it.",
                appears: ["Software took a number of its own from the protocol's range."],
                remedies: ["Use 4000–4999 for codes of your own, 3000–3999 for registered ones."])
        case 0...999:
            CloseCodeEntry(
                means: "Nothing: codes below 1000 are not used.",
                fault: "The endpoint that sends it.",
                appears: [
                    "An HTTP status or an exit status is sent as a close code.",
                    "The code was left out, or its two bytes are in the wrong order.",
                ],
                remedies: ["Send 1000 for a normal end, or a code from 4000–4999."])
        default:
            CloseCodeEntry(
                means: "Nothing: codes end at 4999.",
                fault: "The endpoint that sends it.",
                appears: [
                    "The two bytes of the code are in the wrong order: 1000 then reads as 59395.",
                    "The code was left out, and the first two bytes of the reason are read as one.",
                ],
                remedies: [
                    "Write the code as two bytes, the high one first (1000 is 03 E8), and the reason after "
                        + "it."
                ])
        }
    }
}
