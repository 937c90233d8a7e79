extension NoticeKind {
    static let hops: [NoticeKind] = [hopsDiffer, hopsCeiling]

    /// `hops-differ`: the two hops of a proxy differ.
    public static let hopsDiffer = NoticeKind(
        "hops-differ", .hops, "the two hops of a proxy differ",
        means: """
            Two conversations are the two hops of one proxy, from the client to it and from it to the server, and what came \
            to the proxy is not what left it. Some differences are legal: a proxy may answer pings itself, or cut a \
            message into other frames. But neither endpoint meant that a message be lost, made up or changed, that a Close \
            be kept back, or that only a part of the handshake be passed on.
            """,
        checks: [
            "Look at the proxy between the two packets that the notice names: both endpoints may be right.",
            "For a handshake, see which Sec-WebSocket headers its configuration passes on, sets, or takes away.",
            "For messages, see what in it reads them: a filter, a plugin, a firewall, a limit of size.",
            "Where pings end at the proxy, have the application send messages to learn whether its peer is there.",
        ])

    /// `hops-ceiling`: too much was captured to search for both hops of a proxy.
    public static let hopsCeiling = NoticeKind(
        "hops-ceiling", .hops, "too much was captured to look for both hops of a proxy",
        means: """
            To find conversations that are the two hops of one proxy, a digest of each message is kept, up to a ceiling. \
            There were more, so no conversations were compared. All other findings are complete.
            """,
        checks: ["Give less at once: fewer files, or a part of the capture with the conversations in question."])
}
