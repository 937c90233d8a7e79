// What the audit of an ending found to be wrong: it examines both directions.

extension NoticeKind {
    /// The kinds of this subject, in the order in which they are listed.
    static let ending: [NoticeKind] = [
        .wrongCloseCode, .violationUnnoticed, .unfounded1002, .unfounded1007, .serverFailed1011, .clientFailed1011,
        .closeUnanswered, .pingUnanswered, .pongPayloadDiffers, .noClose, .endInFrame, .endInMessage, .resetInFrame,
        .messageRefused1009,
        .noCloseNotify, .tlsAlert, .goAway,
    ]

    /// `wrong-close-code`: a violation was answered with the wrong close code.
    public static let wrongCloseCode = NoticeKind(
        "wrong-close-code", .ending, "a violation was answered with the wrong close code",
        means: """
            An endpoint noticed that its peer broke a rule, and closed with another code than that rule's own (RFC \
            6455 §7.4.1). Whoever reads the code looks in the wrong place: with 1011, at the endpoint that closed.
            """,
        checks: [
            "See which code the library of this endpoint gives for errors of the protocol: most have a setting for it.",
            "Look for a handler that catches all errors of the library and closes with one code.",
        ])

    /// `violation-unnoticed`: a violation went unnoticed.
    public static let violationUnnoticed = NoticeKind(
        "violation-unnoticed", .ending, "no notice was taken of a violation",
        means: """
            An endpoint continued, or closed normally, as if its peer had broken no rule. It must fail the \
            connection (RFC 6455 §7.1.7). Another receiver would have closed it.
            """,
        checks: [
            "Fix the sender first: the violation says what is wrong.",
            "Look for a strict mode of this endpoint's library.",
        ])

    /// `unfounded-1002`: closed with 1002, although nothing in the peer's frames is wrong.
    public static let unfounded1002 = NoticeKind(
        "unfounded-1002", .ending, "closed with 1002, and nothing in the peer's frames is wrong",
        means: """
            1002 says that the peer broke the protocol. Its frames are all there, and legal up to that place. So this \
            endpoint judges wrongly, or uses the code for errors of an application's protocol. The notice appears only \
            where all compressed messages were inflated.
            """,
        checks: [
            "Look at this endpoint's log at that moment, and at the close reason.",
            "For errors of an application's own protocol, use a code from 4000 to 4999.",
            "With permessage-deflate, compare the window bits and the context takeover that each side uses.",
        ])

    /// `unfounded-1007`: closed with 1007, although all text of the peer is UTF-8.
    public static let unfounded1007 = NoticeKind(
        "unfounded-1007", .ending, "closed with 1007, and all text of the peer is UTF-8",
        means: """
            1007 says that a payload does not fit its type. All of the peer's text is UTF-8 up to that place, and all of \
            its compressed messages inflate: the notice appears only where they were inflated.
            """,
        checks: [
            "Look at this endpoint's log: 1007 is often used for JSON that cannot be parsed.",
            "With permessage-deflate, compare the window bits and the context takeover that each side uses.",
        ])

    /// `server-failed-1011`: the server closed with 1011, a failure of its own.
    public static let serverFailed1011 = NoticeKind(
        "server-failed-1011", .ending, "the server closed with 1011, a failure of its own",
        means: """
            It closed with 1011, which says: I met something unexpected. The client's frames are legal up to there, \
            as far as they can be seen, so the capture does not show the cause.
            """,
        checks: [
            "Look at the server's log at that moment: an uncaught exception is the usual cause.",
            "Read the close reason: \"keepalive ping timeout\" means that the client sent no pong in time.",
        ])

    /// `client-failed-1011`: the client closed with 1011, a failure of its own.
    public static let clientFailed1011 = NoticeKind(
        "client-failed-1011", .ending, "the client closed with 1011, a failure of its own",
        means: """
            It closed with 1011, which says: I met something unexpected. The server's frames are legal up to there, \
            as far as they can be seen, so the capture does not show the cause.
            """,
        checks: [
            "Look at the client's log at that moment: an uncaught exception is the usual cause.",
            "Read the close reason: \"keepalive ping timeout\" means that the server sent no pong in time.",
        ])

    /// `close-unanswered`: a Close was not answered.
    public static let closeUnanswered = NoticeKind(
        "close-unanswered", .ending, "a Close was not answered",
        means: """
            An endpoint that receives a Close must send one in return (RFC 6455 §5.5.1). Without it, the other side's \
            application may see 1006 instead of a clean end.
            """,
        checks: [
            "Look for code that closes the socket, or ends the process, as soon as a Close arrives.",
            "If this endpoint had stopped reading, look at what blocked it.",
        ])

    /// `ping-unanswered`: a ping was not answered.
    public static let pingUnanswered = NoticeKind(
        "ping-unanswered", .ending, "a ping was not answered",
        means: """
            A ping must be answered by a pong (RFC 6455 §5.5.2), unless a Close has come. There was time enough for \
            one.
            """,
        checks: [
            "If this endpoint sent other frames in the meantime, see whether its library answers pings by itself.",
            "If it sent nothing, look at what blocked it: a long computation, a full queue, a lost network.",
            "See whether something on the path swallows control frames.",
        ])

    /// `pong-payload-differs`: a pong does not carry the ping's payload.
    public static let pongPayloadDiffers = NoticeKind(
        "pong-payload-differs", .ending, "a pong does not carry the ping's payload",
        means:
            "A pong must have the payload of the ping that it answers (RFC 6455 §5.5.3); else it answers nothing.",
        checks: ["Look at how this endpoint makes its pongs: it must send back the payload as it came."])

    /// `no-close`: the TCP connection was ended without a Close.
    public static let noClose = NoticeKind(
        "no-close", .ending, "the TCP connection was ended without a Close",
        means: """
            Neither side had sent a Close (RFC 6455 §7.1.5): applications see 1006. Or an endpoint left after its \
            peer's violation without saying why.
            """,
        checks: [
            "See who ended it, and when: after a round number of idle seconds it is usually a proxy's timeout.",
            "Look for a process that crashed, was killed or redeployed at that moment.",
            "Send pings more often than the shortest timeout on the path.",
        ])

    /// `end-in-frame`: the TCP connection was ended inside a frame.
    public static let endInFrame = NoticeKind(
        "end-in-frame", .ending, "the TCP connection was ended inside a frame",
        means: """
            The sender ended its direction (FIN) before the payload that it had declared was there. Its peer cannot \
            use that frame, and its application sees 1006.
            """,
        checks: [
            "See whether the sender closes the socket while data waits to be written.",
            "Check that the declared length is that of the bytes that are sent.",
        ])

    /// `end-in-message`: the TCP connection was ended inside a message.
    public static let endInMessage = NoticeKind(
        "end-in-message", .ending, "the TCP connection was ended inside a message",
        means: """
            The sender ended its direction (FIN) between two frames of a message. Its peer cannot use what came, and \
            its application sees 1006.
            """,
        checks: ["See what ended the sender's stream of data: an error of its source is a usual cause."])

    /// `reset-in-frame`: the TCP connection was reset inside a frame.
    public static let resetInFrame = NoticeKind(
        "reset-in-frame", .ending, "the TCP connection was reset inside a frame",
        means: """
            An endpoint tore the connection down (RST) while a frame was on its way. Bytes that were sent may never \
            have been read.
            """,
        checks: [
            "Look for a process that died, or closed a socket that still held bytes to be read.",
            "See whether a proxy or a firewall on the path resets connections, for their age, length or content.",
        ])

    /// `no-close-notify`: TCP was ended without TLS's close_notify.
    public static let noCloseNotify = NoticeKind(
        "no-close-notify", .ending, "TCP was ended without TLS's close_notify",
        means: """
            Before an endpoint ends TCP it must tell its peer by the alert close_notify that this is all it sent (RFC \
            8446 §6.1). Without it, truncation by somebody on the path cannot be ruled out.
            """,
        checks: [
            "After both Close frames it does little harm, and many programs do it.",
            "See whether a proxy or the operating system ended TCP in place of the program.",
        ])

    /// `tls-alert`: TLS sent an alert in the conversation.
    public static let tlsAlert = NoticeKind(
        "tls-alert", .ending, "TLS sent an alert in the conversation",
        means: """
            An endpoint's TLS, not its WebSocket code, had something to say. Unless it is only a warning, it ends the \
            connection (RFC 8446 §6.2), whatever was under way.
            """,
        checks: [
            "Look up the alert's name in RFC 8446 §6.2: bad_record_mac is damage on the path, or a bug.",
            "See the log of the endpoint that sent it.",
        ])

    /// `http2-goaway`: the HTTP/2 connection was given up in the conversation.
    public static let goAway = NoticeKind(
        "http2-goaway", .ending, "the HTTP/2 connection was given up in the conversation",
        means: """
            An endpoint, or a proxy in its place, sent GOAWAY while the conversation was open: no further streams are \
            taken, and those that are open end sooner or later (RFC 9113 §6.8).
            """,
        checks: [
            "See whether the server or the proxy was stopped or reloaded, or reached its limit of requests.",
            "If the code is not 0, see its log: the endpoint found an error in HTTP/2.",
        ])

    /// `message-refused-1009`: a message was refused as too big.
    public static let messageRefused1009 = NoticeKind(
        "message-refused-1009", .ending, "a message was refused as too big",
        means: """
            An endpoint closed with 1009 (RFC 6455 §7.4.1): its own limit, or that of a gateway before it. The notice says \
            which message that was, and the largest that was taken before.
            """,
        checks: [
            "Raise the limit at the endpoint that closed, and at every gateway that has one of its own.",
            "Or send less at once: where the limit is one of frames, fragments help.",
        ])
}
