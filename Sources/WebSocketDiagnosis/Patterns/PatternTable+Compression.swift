extension PatternTable {
    /// Messages that are not compressed as agreed (RFC 7692), or only claim to be compressed.
    static let compression: [Pattern] = [
        Pattern(
            name: "deflate-without-rsv1", title: "a compressed message that does not say so",
            signs: "RSV1 is not set on a text message, and its payload is raw DEFLATE that inflates to text.",
            suspect: .sender,
            checks: [
                "Set RSV1 on the first frame of every message that is compressed.",
                "See whether something on the path clears reserved bits that it does not know.",
            ], match: DeflateWithoutRSV1.found, subject: .compression),
        Pattern(
            name: "rsv1-on-plain-message", title: "a message that is not compressed, and says that it is",
            signs: "RSV1 is set on a message, and its payload is plain text without inflating.",
            suspect: .sender,
            checks: [
                "Set RSV1 only where the payload was compressed, not wherever permessage-deflate was agreed.",
                "Look at the code for messages that are too short to be worth compressing.",
            ], match: PlainWithRSV1.found, subject: .compression),
        Pattern(
            name: "deflate-empty-message", title: "an empty message with RSV1",
            signs: "RSV1 is set on a message without any payload.",
            suspect: .sender,
            checks: [
                "Send empty messages without RSV1, or compress them: to one byte 00.",
                "Look at what takes 00 00 FF FF off the end when there was nothing to compress.",
            ], match: EmptyWithRSV1.found, subject: .compression),
        Pattern(
            name: "zlib-wrapper", title: "zlib or gzip around the compressed messages",
            signs:
                "The payload of a message with RSV1 begins with a header of zlib (78 9C) or gzip (1F 8B 08), and what "
                + "follows inflates.",
            suspect: .sender,
            checks: [
                "Compress to raw DEFLATE: a negative windowBits for zlib (-15), deflateRaw in JavaScript, nowrap in Java.",
                "Flush each message with Z_SYNC_FLUSH, and leave 00 00 FF FF off its end.",
            ], match: ZlibWrapper.found, subject: .compression),
        Pattern(
            name: "compressed-twice", title: "a message that was compressed twice",
            signs: "A message with RSV1 inflates to DEFLATE, zlib or gzip, and that inflates to text.",
            suspect: .sender,
            checks: [
                "Give the library the message as it is where permessage-deflate is agreed: it compresses by itself.",
                "If the application compresses its messages, send them as binary.",
            ], match: CompressedTwice.found, subject: .compression),
        Pattern(
            name: "deflate-tail", title: "a compressed message that does not end as it must",
            signs:
                "00 00 FF FF was not left off the end of a message, or its last block is marked as the last one and no "
                + "byte 00 follows.",
            suspect: .sender,
            checks: [
                "Flush each message with Z_SYNC_FLUSH, and leave its last four bytes, 00 00 FF FF, off.",
                "Where a message is ended with Z_FINISH, add a byte 00 (RFC 7692, section 7.2.3.4).",
            ], match: DeflateTail.found, subject: .compression),
        Pattern(
            name: DeflateWindow.name, title: "a compression window that is not the one that was agreed",
            signs:
                "Messages inflate only with a larger window than was agreed, with one that is taken over from message to "
                + "message although it must not be, or with messages in it that were sent without compression.",
            suspect: .sender,
            checks: [
                "Compare the window bits and no_context_takeover of the 101 response with what the sender's compressor was "
                    + "made with.",
                "Reset the compressor after each message where no takeover was agreed.",
                "See that messages which are sent without compression do not go through the compressor.",
                "Avoid a window of 8 bits: zlib cannot compress with one, and takes 9 bits instead or refuses.",
            ], match: DeflateWindow.found, subject: .compression),
    ]
}
