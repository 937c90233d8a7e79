// The second half of the table of rules: lengths, limits, and payloads.

extension Rule {
    var payloadEntry: RuleEntry {
        switch self {
        case .truncatedCloseCode:
            RuleEntry(
                name: "truncated-close-code", field: .byte1, section: "RFC 6455 §5.5.1", closeCode: .protocolError,
                brokenWhen: "a Close whose payload is 1 byte",
                sentence: """
                    If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer (in network \
                    byte order) representing a status code with value /code/ defined in Section 7.4.
                    """,
                meaning: """
                    A Close has no payload at all, or a code of two bytes and perhaps a reason after it.
                    """,
                causes: """
                    The code was written as one byte.
                    The code was left out, and the reason is one character.
                    """,
                checks: """
                    Look at how the sender writes the code: two bytes, the high one first (1000 is 03 E8).
                    """)
        case .lengthOverflow:
            RuleEntry(
                name: "length-overflow", field: .extendedLength, section: "RFC 6455 §5.2", closeCode: .protocolError,
                brokenWhen: "the top bit of the 64-bit length is set",
                sentence: """
                    the following 8 bytes interpreted as a 64-bit unsigned integer (the most significant bit MUST be 0) \
                    are the payload length.
                    """,
                meaning: """
                    No payload has 2⁶³ bytes. The end of such a frame cannot be found, nor anything after it.
                    """,
                causes: """
                    The length was written in little-endian order, or as a negative number.
                    These bytes are not a length: the sender and the receiver are out of step.
                    """,
                checks: """
                    Look at how the sender writes the 8 bytes: unsigned, the highest first.
                    Check that the frame before this one declares its true length.
                    """)
        case .nonMinimalLength:
            RuleEntry(
                name: "non-minimal-length", field: .extendedLength, section: "RFC 6455 §5.2", closeCode: .protocolError,
                brokenWhen: "a shorter form would hold the length",
                sentence: """
                    Note that in all cases, the minimal number of bytes MUST be used to encode the length, for example, \
                    the length of a 124-byte-long string can't be encoded as the sequence 126, 0, 124.
                    """,
                meaning: """
                    A length up to 125 is in byte 1, up to 65,535 in 2 further bytes, and only a longer one in 8.
                    """,
                causes: """
                    The sender always uses one of the long forms.
                    The sender compares with the wrong limit: 126 and 65,536 are the first that need the longer form.
                    The sender reserved room for the header before it knew the length.
                    """,
                checks: """
                    Send payloads of 125, 126, 65,535 and 65,536 bytes, and look at byte 1.
                    """)
        case .frameTooBig:
            RuleEntry(
                name: "frame-too-big", field: .length, section: "RFC 6455 §7.4.1, §10.4", closeCode: .messageTooBig,
                brokenWhen: "a data frame's declared length is over the caller's limit",
                sentence: """
                    1009 indicates that an endpoint is terminating the connection because it has received a message \
                    that is too big for it to process.
                    """,
                meaning: """
                    The frame is legal; this receiver has a limit and the frame says that it will not fit. It is \
                    refused before a byte of it is stored.
                    """,
                causes: """
                    The message is larger than the receiver was set up for.
                    The length is not what the sender meant: bytes swapped, or not a header at all.
                    """,
                checks: """
                    Compare the declared length with the receiver's limit: raise the limit, or send less at once.
                    """)
        case .messageTooBig:
            RuleEntry(
                name: "message-too-big", field: .length, section: "RFC 6455 §7.4.1, §10.4", closeCode: .messageTooBig,
                brokenWhen: "a message's declared lengths so far add up to over the caller's limit",
                sentence: """
                    1009 indicates that an endpoint is terminating the connection because it has received a message \
                    that is too big for it to process.
                    """,
                meaning: """
                    Every frame by itself is legal; together the message's frames are over this receiver's limit.
                    """,
                causes: """
                    The message is larger than the receiver was set up for.
                    The sender streams without an end: it never sets FIN.
                    """,
                checks: """
                    Raise the receiver's limit, or send several messages.
                    See whether the sender ever ends its messages.
                    """)
        case .invalidCloseCode:
            RuleEntry(
                name: "invalid-close-code", field: .closeCode, section: "RFC 6455 §7.4 and the IANA registry",
                closeCode: .protocolError,
                brokenWhen: "not 1000–1003, 1007–1014 or 3000–4999",
                sentence: """
                    1005 is a reserved value and MUST NOT be set as a status code in a Close control frame by an endpoint.
                    """,
                meaning: """
                    1004, 1005, 1006 and 1015 must never be sent, 0–999 and 5000 upwards are not used, and the rest up \
                    to 2999 is kept for the protocol.
                    """,
                causes: """
                    The sender forwards a code that its library reported: 1005 only ever stands for a missing code, \
                    1006 for a missing Close.
                    The code's bytes are in little-endian order: 1000 then arrives as 59395 (0xE803).
                    The code was left out, and the first two bytes of the reason are read as one.
                    """,
                checks: """
                    Map 1005, 1006 and 1015 to a code that may be sent (1000 or 1011) before closing the other side.
                    Use 3000–3999 for a registered library, 4000–4999 for codes of your own.
                    """)
        case .invalidDeflate:
            RuleEntry(
                name: "invalid-deflate", field: .compressedPayload, section: "RFC 7692 §7.2.2",
                closeCode: .invalidPayload,
                brokenWhen: """
                    a message sent with RSV1 does not inflate as it was agreed (judged where messages are inflated)
                    """,
                sentence: """
                    An endpoint uses the following algorithm to decompress a message. 1. Append 4 octets of 0x00 0x00 \
                    0xff 0xff to the tail end of the payload of the message. 2. Decompress the resulting data using \
                    DEFLATE.
                    """,
                meaning: """
                    RSV1 says that the message is raw DEFLATE, without the empty stored block at its end. Its window is as \
                    large as agreed, and is kept from message to message or not, as agreed. What does not inflate \
                    cannot be read; where the window is kept, nor can anything after it.
                    """,
                causes: """
                    The sender reaches back into earlier messages although its window was not to be taken over, or \
                    further than the window that was agreed.
                    The sender sets RSV1 on a message that is not compressed, or wraps it in zlib or gzip.
                    The sender leaves the 00 00 FF FF at the end, sends nothing for an empty message, or ends the \
                    message without a flush.
                    A message was dropped or changed on its way, and the window no longer fits.
                    """,
                checks: """
                    Compare the parameters in the 101 response with how the sender makes its compressor: window bits, \
                    and whether it is reset after each message.
                    Look at the message's first bytes: 78 01, 78 9C or 78 DA is zlib, 1F 8B gzip, 7B or 5B plain JSON.
                    Turn context takeover off: if messages inflate then, one of them was lost or never compressed.
                    """)
        case .closeReasonNotUTF8:
            RuleEntry(
                name: "close-reason-not-utf8", field: .closeReason, section: "RFC 6455 §5.5.1, §8.1",
                closeCode: .invalidPayload,
                brokenWhen: """
                    a byte is where well-formed UTF-8 cannot have it, or the reason ends inside a character
                    """,
                sentence: """
                    When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in \
                    fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.
                    """,
                meaning: """
                    The reason of a Close is text, and text is UTF-8.
                    """,
                causes: """
                    The reason was cut to 123 bytes inside a character.
                    The reason is in another encoding (Latin-1, UTF-16).
                    """,
                checks: """
                    Cut between characters, or send no reason: it is for logs, not for users.
                    """)
        default:
            RuleEntry(
                name: "text-not-utf8", field: .text, section: "RFC 6455 §5.6, §8.1", closeCode: .invalidPayload,
                brokenWhen: """
                    a byte is where well-formed UTF-8 cannot have it, or the message ends inside a character; in \
                    a message that is inflated, in what it inflates to
                    """,
                sentence: """
                    When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is not, in \
                    fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_.
                    """,
                meaning: """
                    A text message is UTF-8 from its first byte to its last, over all its fragments. A fragment may \
                    end inside a character, a message may not.
                    """,
                causes: """
                    Binary data is sent as text.
                    The text is in another encoding (Latin-1, UTF-16), or was cut inside a character.
                    Surrogates were encoded one by one (CESU-8).
                    The payload is compressed, but RSV1 says that it is not.
                    """,
                checks: """
                    Send it as binary (opcode 2) if it is not text.
                    Look at the bytes around the offset: do they make sense in another encoding?
                    Cut long texts between characters, or send fragments of one message.
                    """)
        }
    }
}
