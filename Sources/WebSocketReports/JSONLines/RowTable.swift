import WebSocketCaptures
import WebSocketDiagnosis
import WebSocketFrames

/// The rows of JSON lines and their keys: the schema and the page about them are generated from this table, and tests
/// check every row against it.
struct RowTable {
    /// One key of a row.
    struct Key {
        enum Kind {
            case string, count, flag, strings
            /// One of a few words.
            case word([String])
            case diagnosis
            /// Objects of their own, one or a list of them.
            case object, objects
        }

        let name: String
        let kind: Kind
        var mayBeNull = false
        /// Whether the key may be missing from a row of the type.
        var isOptional = false
        let meaning: String
    }

    let type: String
    let meaning: String
    let keys: [Key]

    static let all = [violation, notice, error, stream, conversation, frame, message, hops]

    private static func key(
        _ name: String, _ kind: Key.Kind, null: Bool = false, optional: Bool = false, _ meaning: String
    ) -> Key {
        Key(name: name, kind: kind, mayBeNull: null, isOptional: optional, meaning: meaning)
    }

    private static let source = key("source", .string, "the input, as it was given")
    private static let connection = key(
        "connection", .count, null: true,
        "the conversation's number in the input, from 0; null if it is about the whole input")
    private static let sender = key("sender", .word(["client", "server", "unknown"]), "who sent the stream")
    private static let ofStream = [source, connection, sender]
    private static let place = [
        key("packet", .count, optional: true, "in captures: the packet's number, from 1"),
        key("time", .string, null: true, optional: true, "in captures: when it was captured, UTC, ISO 8601"),
    ]
    private static let diagnosis = key(
        "diagnosis", .diagnosis, optional: true,
        "what happened, where that is known: `name`, `certainty` (\(words(of: Diagnosis.Certainty.self))), `suspect` "
            + "(\(words(of: Diagnosis.Suspect.self))), `message`, `checks`")

    static let certainties = Diagnosis.Certainty.allCases.map(\.rawValue)
    static let suspects = Diagnosis.Suspect.allCases.map(\.rawValue)

    private static func words<Word: CaseIterable & RawRepresentable<String>>(of _: Word.Type) -> String {
        Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    }

    private static let violation = RowTable(
        type: "violation", meaning: "a rule is broken",
        keys: ofStream + [
            key("frame", .count, "the frame's number in the stream, from 0"),
            key("frameOffset", .count, "the frame's first byte, counted from the start of the stream"),
            key("offset", .count, "the offending field's first byte, likewise"),
            key("length", .count, "the field's length in bytes; 0 where something is missing after the frame"),
            key("rule", .word(Rule.allCases.map(\.name)), "the rule's name; `wsframes explain` says more"),
            key("section", .string, "where the rule is stated, such as `RFC 6455 §5.2`"),
            key("closeCode", .count, "the code that the receiver must close with"),
            key("header", .string, "the header's bytes as far as they were judged, in hex"),
            key(
                "messageOffset", .count, optional: true,
                "in a message that was inflated: the offending byte, counted in what it inflates to"),
            key("message", .string, "what is wrong, as a clause"),
            key("inputOffset", .count, "the offset counted from the start of a dump, its handshake included"),
        ] + place + [diagnosis])

    private static let notice = RowTable(
        type: "notice", meaning: "something is doubtful and breaks no rule",
        keys: ofStream + [
            key("notice", .string, "its name; `wsframes explain` says more"),
            key("message", .string, "one to three sentences"),
        ] + place + [diagnosis])

    private static let error = RowTable(
        type: "error", meaning: "an input cannot be read, or not to its end, or is not what it claims",
        keys: [source, key("message", .string, "why")])

    private static let endpoints = [
        key("client", .string, null: true, optional: true, "in captures: the client's address and port"),
        key("server", .string, null: true, optional: true, "in captures: the server's address and port"),
    ]
    private static let opening = key(
        "opening", .word(["upgrade", "HTTP/2", "middle", "refused"]), optional: true,
        "in captures: by a handshake; by an extended CONNECT (RFC 8441); found in the middle; refused by the server")
    private static let extensions = key(
        "extensions", .strings, null: true, optional: true,
        "in captures: what was agreed on; null if no response was seen")

    private static let stream = RowTable(
        type: "stream", meaning: "the state of a stream at its end; after all that was found in it",
        keys: ofStream + [
            key(
                "state", .word(StreamState.allCases.map(\.name)),
                "whether it may end there: `complete`; inside a frame or a message; or a rule is broken"),
            key("frames", .count, "frames that were complete before the first violation"),
            key("messages", .count, "messages, likewise; control frames do not count"),
            key("bytes", .count, "the stream's length, judged or not, without what is missing"),
            key("closed", .flag, "a whole, legal Close was among the frames"),
            key(
                "closeCode", .count, null: true, "the code that the receiver must close with; null if no rule is broken"
            ),
            key(
                "sentCloseCode", .count, null: true,
                "the code in the stream's own Close, also after a violation; null if there is none"),
            key("sentCloseReason", .string, null: true, "the reason in it, likewise"),
            key("address", .string, null: true, optional: true, "in captures: the sender's address and port"),
            key("peerAddress", .string, null: true, optional: true, "in captures: the receiver's"),
        ] + endpoints + [
            opening,
            key("method", .string, null: true, optional: true, "in captures: the request's method"),
            key("target", .string, null: true, optional: true, "in captures: the request's target"),
            key("subprotocol", .string, null: true, optional: true, "in captures: the subprotocol that was agreed on"),
            extensions,
            key(
                "ending", .word(Ending.Kind.allCases.map(\.rawValue)), null: true, optional: true,
                "in captures: how the conversation ended"),
            key(
                "endingIsRight", .flag, null: true, optional: true,
                "in captures: whether that was right; null if that cannot be known"),
            key("host", .string, null: true, optional: true, "in captures: the request's Host"),
            key(
                "missingBytes", .count, optional: true,
                "bytes of the stream that the input lacks, as far as their number is known; only where some are missing"
            ),
        ])

    private static let conversation = RowTable(
        type: "conversation", meaning: "a conversation of a capture begins (`inspect` only)",
        keys: [
            source, connection, opening,
            key(
                "skippedByClient", .count, optional: true,
                "found in the middle: bytes of the client before its first frame"),
            key(
                "skippedByServer", .count, optional: true,
                "found in the middle: bytes of the server before its first frame"),
            key("status", .count, optional: true, "refused: the HTTP status"),
        ] + endpoints + [
            key("method", .string, null: true, "the request's method"),
            key("target", .string, null: true, "the request's target"),
            key("host", .string, null: true, "the request's Host"),
            key("subprotocol", .string, null: true, "the subprotocol that was agreed on"),
            key("offeredDeflate", .flag, "the client offered permessage-deflate"),
            extensions,
        ] + place)

    private static let hops = RowTable(
        type: "hops", meaning: "two conversations are both hops of one proxy; after the rows of all inputs",
        keys: [
            source, connection,
            key("otherSource", .string, "the input of the hop between the proxy and the server"),
            key("otherConnection", .count, null: true, "the number of that conversation"),
            key("evidence", .string, "what shows that they are"),
            key(
                "client", .object,
                "of the client's messages: `sameMessages`, and `medianDelay` and `longestDelay` in nanoseconds"),
            key("server", .object, "of the server's messages, likewise"),
            key("facts", .strings, "sentences"),
            key("differences", .objects, "`kind`, `sender`, `count`, `packet`, `otherPacket`"),
        ])

    private static let frame = RowTable(
        type: "frame", meaning: "a frame (`inspect` without `--messages`)",
        keys: ofStream + [
            key("frame", .count, "its number in the stream, from 0"),
            key("offset", .count, "its first byte, counted from the start of the stream"),
        ] + place + [
            key("fin", .flag, "FIN"),
            key("rsv", .count, "RSV1 to RSV3 as a number: RSV1 is 4"),
            key("opcode", .string, "its name"),
            key("opcodeValue", .count, "its number"),
            key("masked", .flag, null: true, "MASK; null if byte 1 has not arrived"),
            key("length", .count, null: true, "the payload's length; null if it has not arrived"),
            key("headerLength", .count, "bytes of the header that have arrived"),
            key("header", .string, "those bytes, in hex"),
            key("payload", .string, "the payload's first bytes, 125 at most, unmasked, in hex"),
            key(
                "inflatedLength", .count, optional: true,
                "the last frame of a message that was inflated: how many bytes the message has then"),
            key("inflated", .string, optional: true, "the first bytes of that, in hex"),
            key("text", .string, optional: true, "what is shown of the payload, or of the inflated message, as text"),
            key("whole", .flag, optional: true, "false if the stream ends inside the frame, or lacks bytes of it"),
            key("payloadCut", .flag, optional: true, "true if the payload has more bytes than the row"),
        ])

    private static let message = RowTable(
        type: "message", meaning: "a message (`inspect --messages`)",
        keys: ofStream + [
            key("message", .count, "its number in the stream, from 0"),
            key("opcode", .word(["text", "binary"]), "that of its first frame"),
            key("firstFrame", .count, "the number of its first frame"),
            key("lastFrame", .count, "the number of its last frame"),
        ] + place + [
            key("compressed", .flag, "RSV1 was set"),
            key("inflated", .flag, "what the row holds is what it inflates to"),
            key("length", .count, "its length in bytes, inflated where it is"),
            key("text", .string, optional: true, "its text: 1,000 bytes at most without `--full`"),
            key("base64", .string, optional: true, "its bytes, if it is not text"),
            key("payloadCut", .flag, optional: true, "true if it has more bytes than the row"),
            key("file", .string, optional: true, "in the index of `--extract`: the file that holds it"),
        ])
}
