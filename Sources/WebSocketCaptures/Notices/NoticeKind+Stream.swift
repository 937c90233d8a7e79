// What is doubtful about one stream, or what could not be judged of it.

extension NoticeKind {
    /// The kinds of this subject, in the order in which they are listed.
    static let stream: [NoticeKind] = [
        .startSkipped, .boundaryNotFound, .contradictingSegments, .straySegments, .brokenChecksum, .missingBytes,
        .notDecrypted, .deflateAssumed, .windowDoubtful, .implausibleLength, .suspiciousFrame, .constantMaskingKey,
        .unusualCloseCode,
    ]

    /// `start-skipped`: the first bytes were skipped.
    public static let startSkipped = NoticeKind(
        "start-skipped", .stream, "the first bytes were skipped",
        means: """
            The capture begins inside the conversation, or lacks bytes of it. The next frame boundary was found by \
            trying, and the bytes before it are not judged; nor is the rest of a message that was open.
            """,
        checks: ["Capture from the handshake on, if what was skipped could matter."])

    /// `boundary-not-found`: no frame boundary was found.
    public static let boundaryNotFound = NoticeKind(
        "boundary-not-found", .stream, "no frame boundary was found",
        means: """
            The capture begins inside the conversation, or lacks bytes of it, perhaps inside a long frame, and no \
            place was found after that where frames clearly begin. From there on this direction is not judged.
            """,
        checks: [
            "Capture from the handshake on.",
            "If the port was given by --websocket-port, make sure that it carries WebSocket and is not encrypted.",
        ])

    /// `contradicting-segments`: copies of the same bytes differ.
    public static let contradictingSegments = NoticeKind(
        "contradicting-segments", .stream, "copies of the same bytes differ",
        means: """
            TCP sends bytes again when they may be lost, and they are the same bytes. Here a later copy differs from the \
            earlier one: one of them is forged, was damaged on its way, or was changed by a device between the endpoints. \
            The earlier copy is judged. Which of them the peer received is not known, so nothing is said of how it took \
            what came from there on.
            """,
        checks: [
            "In Wireshark, tcp.analysis.retransmission shows the copies: compare their bytes and their TTL.",
            "Look for a device on the way that rewrites traffic, and whether the capture was merged from two places.",
        ])

    /// `stray-segments`: segments do not fit the connection.
    public static let straySegments = NoticeKind(
        "stray-segments", .stream, "segments do not fit the connection",
        means: """
            A receiver ignores them (RFC 9293 §3.10.7, RFC 5961), and so does this tool. They are: an RST that is not at the next expected \
            byte or a SYN with another initial sequence number while the connection continues, acknowledgments of bytes that \
            cannot have been sent, bytes far outside the receive window. They are forged, come late from an earlier \
            connection between the same ports, or packets before them are missing in the capture.
            """,
        checks: [
            "Look at the packet that is named: a TTL that differs from its neighbours' suggests another sender.",
            "If many packets are missing, capture again with a larger buffer (tcpdump -B).",
        ])

    /// `broken-checksum`: segments have a checksum that proves them broken.
    public static let brokenChecksum = NoticeKind(
        "broken-checksum", .stream, "segments have a checksum that proves them broken",
        means: """
            The checksum of a TCP segment covers all of it and the addresses (RFC 9293 §3.1). This endpoint's are right \
            elsewhere, so they are not left to its network card; those of some segments are wrong. A receiver drops such a \
            segment, and so it is ignored, and the copy that comes later is judged. Where the receiver acknowledges its bytes and no \
            other copy was captured, something between the endpoints and the capture has changed it: it is judged, and \
            nothing is said of how the receiver took what came from there on.
            """,
        checks: [
            "In Wireshark, set tcp.check_checksum and look at the packet that is named, and at its retransmission.",
            "Look for cables and devices that damage packets (ethtool -S counts them), or that rewrite them.",
        ])

    /// `missing-bytes`: bytes of the stream are missing.
    public static let missingBytes = NoticeKind(
        "missing-bytes", .stream, "bytes of the stream are missing",
        means: """
            No packet holds them, the snap length cut them off, or too much arrived out of order after them. Judging \
            continues with the next frame, where its place is known by the length of the one before or clear by its own \
            bytes. Whatever depends on what is missing is not claimed.
            """,
        checks: [
            "Capture whole packets: tcpdump -s 0.",
            "See whether the capture dropped packets: tcpdump counts them when it ends. A larger buffer helps (-B).",
            "Capture at the endpoint that received the bytes: there, what was acknowledged has also arrived.",
        ])

    /// `not-decrypted`: bytes of the stream cannot be decrypted.
    public static let notDecrypted = NoticeKind(
        "not-decrypted", .stream, "bytes of the stream cannot be decrypted",
        means: """
            TLS carries the stream, and from some record on its records do not open: one is damaged or missing, or its \
            key is not in the key log. Every record's tag is checked, and nothing is judged that was not opened. The \
            notice says why.
            """,
        checks: [
            "See whether the capture dropped packets: tcpdump counts them when it ends.",
            "Check that the key log was written by one end of this very connection, while it was captured.",
        ])

    /// `deflate-assumed`: RSV1 was assumed to be legal, without knowing whether it was.
    public static let deflateAssumed = NoticeKind(
        "deflate-assumed", .stream, "RSV1 was taken as legal, without knowing whether it was",
        means: """
            Whether permessage-deflate was agreed on is not in the input, and a message has RSV1 set. It is taken as \
            compressed, and its text is not judged.
            """,
        checks: [
            "Say what was agreed on, if you know it: --deflate or --no-deflate.",
            "Capture from the handshake on.",
        ])

    /// `window-doubtful`: the two ends may not have the same compression window.
    public static let windowDoubtful = NoticeKind(
        "window-doubtful", .stream, "the two ends may not keep the same compression window",
        means: """
            All compressed messages inflate, and yet something is wrong with them. With the window that was agreed \
            they inflate to what makes no sense, and with another to good text; or a window was agreed that few can make. \
            Whoever copies from a window that is not the sender's gets other bytes, and usually no error. The diagnosis with \
            the notice says which window fits.
            """,
        checks: [
            "Compare the window bits and no_context_takeover of the 101 response with what both ends were made with.",
            "See that messages which are sent without compression do not go through the compressor.",
        ])

    /// `implausible-length`: the stream ends inside a frame of an implausible length.
    public static let implausibleLength = NoticeKind(
        "implausible-length", .stream, "the stream ends inside a frame of an implausible length",
        means: """
            The frame declares 1 TiB or more. The length breaks no rule by itself, and the receiver waits for the rest \
            until the connection ends. Usually the header was written wrongly, or other bytes are in its place: the \
            diagnosis with the notice, if there is one, says how.
            """,
        checks: [
            "Compare the length with the size of the message that was sent.",
            "Look at how the sender writes the 8 bytes of a length after 127.",
        ])

    /// `constant-masking-key`: one masking key for all frames.
    public static let constantMaskingKey = NoticeKind(
        "constant-masking-key", .stream, "one masking key for all frames",
        means: """
            The client masks its frames with one and the same key, often zero. It must take a fresh one for each frame, \
            from an unpredictable source (RFC 6455 §5.3): otherwise a web page can choose the bytes that proxies \
            on the way see. No receiver has to check it, so nothing fails.
            """,
        checks: [
            "Take four random bytes for each frame, from the system's secure source.",
            "In a test, or where the peer is trusted and there is no proxy, it does no harm.",
        ])

    /// `suspicious-frame`: the stream ends inside a frame that may be something else.
    public static let suspiciousFrame = NoticeKind(
        "suspicious-frame", .stream, "the stream ends inside a frame that may be something else",
        means: """
            Bytes that stop inside a frame break no rule. But this header makes better sense when it is read in another \
            way: the diagnosis with the notice says how.
            """,
        checks: ["Read the diagnosis, and do as it says.", "If the dump was cut by hand, look at what follows."])

    /// `unusual-close-code`: a close code that this side has no reason to send.
    public static let unusualCloseCode = NoticeKind(
        "unusual-close-code", .stream, "a close code that this side has no reason to send",
        means: """
            1010 is for a client that misses an extension; 1012, 1013 and 1014 are for a server or a gateway. From \
            the other side they are legal, and mean nothing.
            """,
        checks: [
            "Look at what makes the sender close: often an error of the application, for which 4000 to 4999 are there.",
            "Make sure that the two directions were not mixed up.",
        ])

}
