// The one table of rules: everything said about a rule elsewhere is generated from it.

extension Rule {
    /// The rule's entry in the table.
    public var entry: RuleEntry {
        switch self {
        case .reservedBits:
            RuleEntry(
                name: "reserved-bits", field: .byte0, section: "RFC 6455 §5.2", closeCode: .protocolError,
                brokenWhen: "an RSV bit is set that no agreed extension claims",
                sentence:
                    "RSV1, RSV2, RSV3: […] MUST be 0 unless an extension is negotiated that defines meanings for non-zero values.",
                meaning: """
                    RSV1, RSV2 and RSV3 belong to extensions. A receiver that did not agree to one cannot know what \
                    the sender meant by the bit, and so cannot read the payload.
                    """,
                causes: """
                    The sender compresses (RSV1) although permessage-deflate was not agreed in the handshake.
                    A proxy dropped Sec-WebSocket-Extensions from one side of the handshake only.
                    These bytes are not a frame header: text, or the middle of a payload, after the sender and the \
                    receiver got out of step.
                    """,
                checks: """
                    Compare Sec-WebSocket-Extensions in the request and in the 101 response, on both sides of every proxy.
                    If the bytes here read as text, find out who wrote text on the upgraded connection.
                    Check that the frame before this one declares its true length.
                    """)
        case .misplacedRSV1:
            RuleEntry(
                name: "misplaced-rsv1", field: .byte0, section: "RFC 7692 §6", closeCode: .protocolError,
                brokenWhen: "permessage-deflate is agreed and RSV1 is set on a continuation or a defined control frame",
                sentence: """
                    An endpoint MUST NOT set the "Per-Message Compressed" bit of control frames and non-first fragments \
                    of a data message.
                    """,
                meaning: """
                    permessage-deflate compresses messages, not frames: RSV1 on the first frame speaks for the whole \
                    message, and control frames are never compressed.
                    """,
                causes: """
                    The sender sets RSV1 on every fragment instead of on the first one.
                    The sender runs pings, pongs or Close through the compressing path.
                    """,
                checks: """
                    Look at how the sender builds continuation frames when compression is on.
                    Send the same message in one piece: if that works, the fragmenting code is at fault.
                    """)
        case .reservedOpcode:
            RuleEntry(
                name: "reserved-opcode", field: .byte0, section: "RFC 6455 §5.2", closeCode: .protocolError,
                brokenWhen: "opcode 3–7 or B–F",
                sentence:
                    "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_.",
                meaning: """
                    Opcodes 3 to 7 and B to F are reserved: no meaning is defined for them.
                    """,
                causes: """
                    These bytes are not a frame header: the sender and the receiver are out of step.
                    The sender builds the first byte from a wrong constant or a wrong bit order.
                    """,
                checks: """
                    Check that the frame before this one declares its true length, and that one writer at a time \
                    writes to the connection.
                    Look at the code that makes the first byte: FIN is 0x80, the opcode is the low four bits.
                    """)
        case .fragmentedControl:
            RuleEntry(
                name: "fragmented-control", field: .byte0, section: "RFC 6455 §5.4, §5.5", closeCode: .protocolError,
                brokenWhen: "a control frame without FIN",
                sentence: """
                    All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented.
                    """,
                meaning: """
                    Close, ping and pong may come between the fragments of a message, so they must be whole in \
                    themselves.
                    """,
                causes: """
                    The sender forgets FIN (0x80) when it builds a control frame.
                    The sender splits everything it writes into fragments, control frames as well.
                    """,
                checks: """
                    Look at the first byte of the sender's pings, pongs and Close: 0x89, 0x8A, 0x88.
                    """)
        case .dataAfterClose:
            RuleEntry(
                name: "data-after-close", field: .byte0, section: "RFC 6455 §5.5.1", closeCode: .protocolError,
                brokenWhen: "text, binary or continuation after this endpoint's Close",
                sentence: "The application MUST NOT send any more data frames after sending a Close frame.",
                meaning: """
                    A Close says that no data will follow. The peer may already have let go of what would handle it.
                    """,
                causes: """
                    Messages were still queued when the Close was written, or another thread continued writing.
                    The endpoint answered its peer's Close and its application was not informed.
                    """,
                checks: """
                    Let the Close go through the same queue as the messages, and shut the queue after it.
                    See who sent the first Close, and whether the application learns of it before it writes again.
                    """)
        case .unexpectedContinuation:
            RuleEntry(
                name: "unexpected-continuation", field: .byte0, section: "RFC 6455 §5.4", closeCode: .protocolError,
                brokenWhen: "a continuation, and no message is open",
                sentence: """
                    A fragmented message consists of a single frame with the FIN bit clear and an opcode other than 0, \
                    followed by zero or more frames with the FIN bit clear and the opcode set to 0, and terminated by a \
                    single frame with the FIN bit set and an opcode of 0.
                    """,
                meaning: """
                    A continuation (opcode 0) continues a message that a text or binary frame without FIN has begun. \
                    Here none has.
                    """,
                causes: """
                    The first fragment was sent with FIN set, so the message had already ended.
                    The sender sends opcode 0 for the first frame: the message's type was left out.
                    A frame was dropped by a proxy or by the sender's queue, or zeros are in place of a header.
                    """,
                checks: """
                    Look at the frame before: does it have FIN although more fragments follow?
                    Look at how the sender chooses the opcode of a first fragment.
                    """)
        case .interleavedMessage:
            RuleEntry(
                name: "interleaved-message", field: .byte0, section: "RFC 6455 §5.4", closeCode: .protocolError,
                brokenWhen: "text or binary while a message is open",
                sentence: """
                    The fragments of one message MUST NOT be interleaved between the fragments of another message \
                    unless an extension has been negotiated that can interpret the interleaving.
                    """,
                meaning: """
                    A message is open: only continuations and control frames may come before its last fragment.
                    """,
                causes: """
                    Two tasks or threads write messages to the same connection at once.
                    The sender repeats the opcode on every fragment instead of sending continuations (opcode 0).
                    The last fragment was sent without FIN, so the message never ended.
                    """,
                checks: """
                    Let one writer own the connection, or hold a lock for a whole message.
                    Look at opcode and FIN of the fragments before this frame.
                    """)
        case .unmaskedClientFrame:
            RuleEntry(
                name: "unmasked-client-frame", field: .byte1, section: "RFC 6455 §5.1", closeCode: .protocolError,
                brokenWhen: "the client sent MASK = 0",
                sentence: "The server MUST close the connection upon receiving a frame that is not masked.",
                meaning: """
                    A client masks every frame, control frames too, so that no one can choose the bytes that a proxy \
                    on the way sees.
                    """,
                causes: """
                    A home-made client, or a server library used as a client, does not mask.
                    The client masks messages and forgets pings, pongs or Close.
                    The roles are mixed up: the bytes were sent by the server.
                    """,
                checks: """
                    See which frames of the client lack the bit: all, or control frames only.
                    Make sure that this is the client's direction, and not the server's (--sender server).
                    """)
        case .maskedServerFrame:
            RuleEntry(
                name: "masked-server-frame", field: .byte1, section: "RFC 6455 §5.1", closeCode: .protocolError,
                brokenWhen: "the server sent MASK = 1",
                sentence: """
                    A server MUST NOT mask any frames that it sends to the client. A client MUST close a connection if \
                    it detects a masked frame.
                    """,
                meaning: """
                    Only clients mask. A masked frame from a server comes from software that plays the wrong role.
                    """,
                causes: """
                    The server sends through the code of a client, or echoes the client's bytes without unmasking them.
                    The roles are mixed up: the bytes were sent by the client.
                    """,
                checks: """
                    See whether the server forwards raw frames between two connections.
                    Make sure that this is the server's direction, and not the client's (--sender client).
                    """)
        case .oversizedControl:
            RuleEntry(
                name: "oversized-control", field: .byte1, section: "RFC 6455 §5.5", closeCode: .protocolError,
                brokenWhen: "a control frame whose 7-bit length is 126 or 127",
                sentence: """
                    All control frames MUST have a payload length of 125 bytes or less and MUST NOT be fragmented.
                    """,
                meaning: """
                    Control frames carry at most 125 bytes, so that every endpoint can hold one whole.
                    """,
                causes: """
                    The reason of a Close, or the data of a ping, is longer than 123 or 125 bytes.
                    An error message or a stack trace is sent as the close reason.
                    """,
                checks: """
                    Cut the reason to 123 bytes of UTF-8, between characters.
                    """)
        case .truncatedCloseCode, .lengthOverflow, .nonMinimalLength, .frameTooBig, .messageTooBig, .invalidCloseCode,
            .invalidDeflate, .closeReasonNotUTF8, .textNotUTF8:
            payloadEntry
        }
    }
}
