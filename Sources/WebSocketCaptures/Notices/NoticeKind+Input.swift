// Notices about an input as a whole.

extension NoticeKind {
    /// The kinds of this subject, in the order in which they are listed.
    static let input: [NoticeKind] = [
        .emptyInput, .noWebsocket, .tls, .http2, .possibleWebSocket, .ipFragments, .cutHeaders, .unknownLink,
        .unreadLayer, .reorderCeiling, .undecidedCeiling, .connectionCeiling,
    ]

    /// `empty-input`: the input is empty.
    public static let emptyInput = NoticeKind(
        "empty-input", .input, "the input is empty",
        means: "There is not one byte in it, so nothing could be judged.",
        checks: ["See whether the program that should have written it had finished, and was allowed to write."])

    /// `no-websocket`: no WebSocket conversation was found.
    public static let noWebsocket = NoticeKind(
        "no-websocket", .input, "no WebSocket conversation was found",
        means: """
            The capture or the export can be read, and none of its TCP connections is taken for a WebSocket \
            conversation: no handshake was found, and no bytes that can only be frames.
            """,
        checks: [
            "If the conversation began before the capture did, give its port: --websocket-port N.",
            "If the connection is encrypted, the notice tls says how to get at its frames.",
            "Check that the capture was made on the right interface, and that its filter lets the port pass.",
        ])

    /// `tls`: TLS connections that cannot be decrypted.
    public static let tls = NoticeKind(
        "tls", .input, "TLS connections that cannot be read",
        means: """
            What they carry cannot be seen without the session's keys and the beginning of the connection, by which the \
            keys are found. It may be WebSocket (wss:), and it may be anything else. The notice says which they are, and \
            why each could not be read.
            """,
        checks: [
            "Have the keys logged while you capture: the notice says how, for browsers, curl, Node.js and Python.",
            "Give the file with the keys: --keylog keys.log.",
            "Or capture after the place where TLS ends, such as between the proxy and the server.",
        ])

    /// `http2`: HTTP/2 connections that could not be read to their end.
    public static let http2 = NoticeKind(
        "http2", .input, "HTTP/2 connections that could not be read to their end",
        means: """
            WebSocket conversations on streams of HTTP/2 are read (RFC 8441). Here a frame or a header block is damaged, \
            or larger than any should be, and nothing after it can be read; or a connection asked for more than 1,024 \
            conversations at a time, and those beyond are not followed.
            """,
        checks: [
            "See whether the capture dropped packets: tcpdump counts them when it ends.",
            "Capture after the proxy: towards the server most of them speak HTTP/1.1.",
        ])

    /// `ip-fragments`: fragments of IP packets are missing.
    public static let ipFragments = NoticeKind(
        "ip-fragments", .input, "fragments of IP packets are missing or contradict each other",
        means: """
            Parts of IP packets are put together, and these could not be: others are missing, or contradict them. The bytes \
            in them are missing from their streams, which are judged up to there.
            """,
        checks: [
            "Capture at an endpoint rather than on the path.",
            "See why TCP segments are larger than the path's MTU: a tunnel, or an MTU that is set wrong.",
        ])

    /// `possible-websocket`: connections may be WebSocket, but began before the capture.
    public static let possibleWebSocket = NoticeKind(
        "possible-websocket", .input, "connections may be WebSocket, and began before the capture",
        means: """
            What was captured of them looks like frames, and is not enough to be sure: so they are not judged. The notice \
            names the servers' ports.
            """,
        checks: [
            "If WebSocket is spoken on one of these ports, say so: --websocket-port N.",
            "Capture from the handshake on.",
        ])

    /// `unread-layer`: packets are in a tunnel or a layer that is not read.
    public static let unreadLayer = NoticeKind(
        "unread-layer", .input, "packets are in a tunnel or a layer that is not read",
        means: "It is known by its name, and what it carries is not looked into. WebSocket conversations may be in it.",
        checks: [
            "Capture after the place where the tunnel ends, or decrypt what is encrypted first.",
            "Or take the layer off: Wireshark dissects many, and exports the packets inside.",
            "For QUIC: turn HTTP/3 off in the client while you capture (Chromium: --disable-quic), so that it uses TCP.",
        ])

    /// `cut-headers`: packets were cut off inside their headers.
    public static let cutHeaders = NoticeKind(
        "cut-headers", .input, "packets were cut inside their headers",
        means: "The capture kept so few bytes of each packet that not even the TCP header is whole.",
        checks: ["Capture again and keep whole packets: tcpdump -s 0."])

    /// `unknown-link`: packets of a link layer that is not read.
    public static let unknownLink = NoticeKind(
        "unknown-link", .input, "packets of a link layer that is not read",
        means: """
            Ethernet (with VLAN tags too), Linux cooked captures (SLL, SLL2), BSD loopback and raw IP are read, and some \
            others; these packets are skipped.
            """,
        checks: [
            "Capture on an interface of one of these kinds; with tcpdump, -i any gives Linux cooked.",
            "Export the conversation as text with tshark -q -z follow,tcp,raw,N, and give that.",
        ])

    /// `reorder-ceiling`: more bytes arrived out of order than are kept.
    public static let reorderCeiling = NoticeKind(
        "reorder-ceiling", .input, "more bytes arrived out of order than are kept",
        means: """
            Bytes after a missing one are kept until it comes, up to 8 MiB for each direction and 64 MiB in all. \
            Here that was not enough: the directions concerned are not judged after that place.
            """,
        checks: [
            "See whether the capture dropped packets: tcpdump counts them when it ends.",
            "Cut the file down to the connection in question: tcpdump -r all.pcap -w one.pcap 'tcp port 50000'.",
        ])

    /// `undecided-ceiling`: too many connections were still undecided.
    public static let undecidedCeiling = NoticeKind(
        "undecided-ceiling", .input, "too many connections were not decided yet",
        means: """
            Until it is known whether a connection is WebSocket, its first bytes are held: 64 MiB for all \
            connections together. Beyond that, the ones that hold the most are decided by what is there, or given up.
            """,
        checks: ["Cut the file down to the port in question: tcpdump -r all.pcap -w some.pcap 'tcp port 8080'."])

    /// `connection-ceiling`: more connections were open at once than can be followed.
    public static let connectionCeiling = NoticeKind(
        "connection-ceiling", .input, "more connections were open than are followed at a time",
        means: """
            65,536 connections are followed at a time. Of more, the ones that have been quiet the longest are given \
            up: what they carry afterwards is judged as if the capture began there.
            """,
        checks: ["Cut the file down to the port in question: tcpdump -r all.pcap -w some.pcap 'tcp port 8080'."])

}
