extension PatternTable {
    /// Frames whose headers are at fault, or that are not where they should be.
    static let framing: [Pattern] = [
        Pattern(
            name: "bytes-behind-handshake", title: "stray bytes between the handshake and the first frame",
            signs:
                "Some bytes that belong to no frame, a NUL for instance, are at the start of the stream; legal frames begin "
                + "right after them.",
            suspect: .sender,
            checks: [
                "Send exactly the bytes of the handshake: up to its empty line, and without the NUL that ends a C string.",
                "Look at the length that is passed to the call that writes the handshake.",
            ]),
        Pattern(
            name: "mask-bit-forgotten", title: "a client that masks and does not set the MASK bit",
            signs: "The payload of an unmasked frame turns to clean text when XORed with its first four bytes, and the "
                + "frame ends four bytes late.",
            suspect: .client,
            checks: [
                "Set the top bit of byte 1 (0x80) in the client's headers: the key and the masking are there already."
            ], match: Masking.bitForgotten),
        Pattern(
            name: "mask-key-missing", title: "the MASK bit without a masking key",
            signs: "Clean text of the declared length in place of the masking key.",
            suspect: .sender,
            checks: [
                "A client: write the four bytes of the key after the length, and mask the payload with them.",
                "A server: clear the top bit of byte 1; check that the length is not above 125 in the 7-bit form.",
            ], match: Masking.keyMissing),
        Pattern(
            name: "mask-not-applied", title: "a masking key in the header, and a payload that is not masked",
            signs: "The payload is clean text, or a legal close code, before unmasking, and nonsense after it.",
            suspect: .sender,
            checks: [
                "Make sure that the client XORs the payload with the key that it writes, in every path that sends.",
                "If something on the path rewrites frames, check that it keeps header and payload together.",
            ], match: Masking.notApplied),
        Pattern(
            name: "mask-out-of-phase", title: "a masking key that is not applied from its first byte on",
            signs:
                "The payload is clean text if the key is turned by one to three bytes: all of it, or what follows a piece "
                + "of a size that is not a multiple of 4.",
            suspect: .client,
            checks: [
                "Use byte i modulo 4 of the key for byte i of a frame's payload, counted from the start of every frame.",
                "Where a payload is masked in pieces, carry the position on; test with pieces of 1,021 bytes.",
            ], match: MisappliedKey.outOfPhase),
        Pattern(
            name: "mask-of-another-key", title: "a payload that is masked with a key other than its header's",
            signs:
                "The payload is clean text under another key: the header's in reverse, that of an earlier frame, or two of "
                + "them one after the other.",
            suspect: .client,
            checks: [
                "Compare the four bytes that are written into the header with those that the payload is XORed with.",
                "See whether a buffer that was masked in place is sent again, or to a second connection.",
                "If something on the path rewrites frames, check that it keeps key and payload together.",
            ], match: MisappliedKey.anotherKey),
        Pattern(
            name: "empty-frames-unmasked", title: "a client that does not mask frames without payload",
            signs: "Frames with payload are masked, and one without payload lacks MASK and the key.",
            suspect: .client,
            checks: [
                "Set MASK and write a key in every frame of a client: there is none for which it may be left out.",
                "Look for a condition on the payload's length around the code that masks.",
            ], match: Masking.emptyFramesBare),
        Pattern(
            name: "unmasked-control-frames", title: "a client that masks its messages and not its control frames",
            signs: "A ping, pong or Close without MASK between messages that are masked.",
            suspect: .client,
            checks: [
                "Send pings, pongs and Close through the same code that frames the messages.",
                "See whether something on the path adds keep-alive pings of its own.",
            ], match: Masking.controlFramesBare),
        Pattern(
            name: "client-frame-echoed", title: "a server that sends the client's own bytes back",
            signs: "A masked frame of the server is, byte for byte and with the same key, one that the client sent.",
            suspect: .server,
            checks: [
                "Take the payload out of the client's frame, unmask it, and send it in a frame of the server's own.",
                "Look for a proxy or a test server that echoes what it reads from the socket.",
            ], match: Masking.clientFrameEchoed),
        Pattern(
            name: "masking-server", title: "a server that masks its frames",
            signs: "Frames of the server are masked as a client's, and unmask to something sensible.",
            suspect: .server,
            checks: [
                "Check that the server builds its frames in the role of a server.",
                "See whether it passes on, or echoes, the client's bytes as they came.",
                "Make sure that this is the server's direction, and not the client's.",
            ], match: Masking.serverMasks),
        Pattern(
            name: "little-endian-length", title: "a length in little-endian order",
            signs: "With the bytes of its extended length swapped, the frame ends where legal frames begin.",
            suspect: .sender,
            checks: [
                "Write the 2 or 8 bytes of the length with the highest first (network order).",
                "Send payloads of 126, 300 and 65,536 bytes to see which of the two forms is at fault.",
            ]),
        Pattern(
            name: "32-bit-length", title: "a length of 32 bits",
            signs:
                "126 or 127 is followed by four bytes of length; read that way, the frame ends where legal frames begin.",
            suspect: .sender,
            checks: ["Write 2 bytes of length after 126 and 8 bytes after 127; there is no form of 4 bytes."]),
        Pattern(
            name: "16-bit-length-behind-127", title: "a length of 16 bits after 127",
            signs: "127 is followed by two bytes of length; read that way, the frame ends where legal frames begin.",
            suspect: .sender,
            checks: ["Announce a length of 2 bytes with 126; 127 stands for 8 bytes."]),
        Pattern(
            name: "wrong-length-form", title: "a length in a form other than byte 1 announces",
            signs:
                "Byte 1 has 0 or 126, and 2 or 8 bytes of length follow; read that way, the frame ends where legal "
                + "frames begin.",
            suspect: .sender,
            checks: [
                "Write 126 into byte 1 where 2 bytes of length follow, and 127 where 8 do.",
                "Send payloads of 126 and 65,536 bytes to see which branch is at fault.",
            ]),
        Pattern(
            name: "length-cut-to-16-bits", title: "a length over 65,535 in 16 bits",
            signs:
                "126 is followed by the lowest 16 bits of the payload's length; with multiples of 65,536 added, the frame "
                + "ends where legal frames begin.",
            suspect: .sender,
            checks: [
                "Write 127 and 8 bytes of length from 65,536 bytes on, or send such messages in fragments.",
                "Test with a payload of 65,536 bytes.",
            ]),
        Pattern(
            name: "length-in-one-byte", title: "a length over 125 written straight into byte 1",
            signs:
                "Byte 1 is the payload's whole length (126 to 255, the MASK bit taken in): read that way, the frame ends where "
                + "legal frames begin.",
            suspect: .sender,
            checks: [
                "Write 126 and 2 bytes of length from 126 bytes on, 127 and 8 bytes from 65,536 on.",
                "Test with payloads of 125, 126, 127 and 200 bytes.",
            ]),
        Pattern(
            name: "length-words-repeated", title: "a 64-bit length whose halves are the same",
            signs:
                "The high 32 bits of the length repeat the low ones; read as 32 bits, the frame ends where legal frames "
                + "begin.",
            suspect: .sender,
            checks: [
                "Make the length a 64-bit number before it is shifted, or divide: a shift of a 32-bit number by 32 shifts "
                    + "by 0 in JavaScript and Java, and is undefined in C.",
                "Test with a payload of 65,536 bytes.",
            ]),
        Pattern(
            name: "length-one-byte-early", title: "a 64-bit length that begins one byte early",
            signs:
                "The 8 bytes of the length begin at byte 1, which should be 127; read that way, the frame ends where legal "
                + "frames begin.",
            suspect: .sender,
            checks: [
                "Write 127 into byte 1 and the 8 bytes of the length from byte 2 on.",
                "Test with a payload of 65,536 bytes.",
            ]),
        Pattern(
            name: "oversized-header", title: "a header array that is longer than the header in it",
            signs:
                "There are a few bytes between a header and its payload, all zero or left from another header; without them "
                + "the frame ends where legal frames begin.",
            suspect: .sender,
            checks: [
                "Send only as many bytes of the header's array as the header has: 2, 4 or 10, and 4 more with MASK.",
                "Test with frames without payload, and with the last fragment of a message.",
            ]),
        Pattern(
            name: "length-counts-characters", title: "a length that counts characters instead of bytes",
            signs: "The text continues past the declared end, as many bytes as its characters outside of ASCII need.",
            suspect: .sender,
            checks: [
                "Encode the text as UTF-8 first, and take the length of the result.",
                "Test with a text that is not ASCII.",
            ]),
        Pattern(
            name: "concurrent-writers", title: "two writers that share the connection",
            signs: "A whole frame is in the middle of another one's payload; or messages begin inside one "
                + "another, and each of them is finished.",
            suspect: .sender,
            checks: [
                "Let one writer own the connection, or hold a lock for a whole message, not for a frame or a write.",
                "Look at what sends pings, and answers them: it needs the same lock.",
                "After a partial write, let no other writer write before the rest of it is out.",
            ], match: Fragments.concurrentWriters),
        Pattern(
            name: "buffer-overwritten", title: "a buffer that the next frame was written into before it was sent",
            signs:
                "From some byte on a payload is the next frame, header and all, and that frame occurs again where it "
                + "belongs.",
            suspect: .sender,
            checks: [
                "Leave a buffer alone until the write that was given it has completed.",
                "Look for one send buffer that all frames of the connection share.",
            ]),
        Pattern(
            name: "bytes-behind-payloads", title: "an extra byte after every payload",
            signs: "Each of several payloads is followed by a NUL or a line break that no length counts.",
            suspect: .sender,
            checks: [
                "Write exactly as many bytes as the header declares: the strlen of a string, not its size with the NUL.",
                "Look for println, puts or a logging function that writes to the connection.",
            ]),
        Pattern(
            name: "stray-line-break", title: "a line break between frames, or after the handshake",
            signs: "A carriage return and a line feed in place of a frame header; legal frames follow.",
            suspect: .sender,
            checks: [
                "Check that the handshake ends with exactly one empty line.",
                "Look for a write that ends its text with a line break, or for println where print is meant.",
            ], match: TunnelWrappings.strayLineBreaks),
        Pattern(
            name: "bytes-written-twice", title: "bytes that were written twice",
            signs: "The bytes at the violation repeat those before it, and frames are legal again after them.",
            suspect: .sender,
            checks: [
                "Look at what the sender does after a partial write: it must continue after the bytes that were accepted.",
                "Make sure that only one writer at a time writes to the connection.",
            ]),
        Pattern(
            name: "bytes-lost", title: "missing payload bytes",
            signs: "Legal frames begin inside the payload that the frame before declares.",
            suspect: .unknown,
            checks: [
                "Look at what the sender does when a write is partial, or fails, in the middle of a frame.",
                "Check that the declared length is that of the bytes which are sent, after encoding and compressing.",
                "In a capture, make sure that no packet is missing.",
            ]),
        Pattern(
            name: Calibration.general, title: "the two ends are out of step",
            signs: "Frames are legal again some bytes after the place where a header was expected.",
            suspect: .unknown,
            checks: [
                "Check that the frame before declares its whole length, and in bytes.",
                "Make sure that only one writer at a time writes to the connection, and a whole frame at once.",
                "See whether the bytes in between are known from somewhere: another message, a log, a proxy.",
            ]),
        Pattern(
            name: "opcode-repeated", title: "an opcode on every fragment",
            signs: "Messages consist of text or binary frames without FIN, and one with FIN; none is a continuation.",
            suspect: .sender,
            checks: ["Send every fragment but the first with opcode 0."], match: Fragments.opcodeRepeated),
        Pattern(
            name: "fin-never-set", title: "FIN is never set",
            signs: "All data frames begin a message, and none has FIN.",
            suspect: .sender,
            checks: ["Set FIN (0x80) in the first byte of a message's last frame, which is often its only one."],
            match: Fragments.finNeverSet),
        Pattern(
            name: "opcode-missing", title: "messages without an opcode",
            signs: "All data frames are continuations, from the first of the stream on.",
            suspect: .sender,
            checks: [
                "Put the message's type, 1 or 2, in the first byte of its first frame.",
                "In a capture that begins in the middle, look at an earlier one.",
            ], match: Fragments.opcodeMissing),
        Pattern(
            name: "fragments-out-of-order", title: "the fragments of a message in reverse order",
            signs: "A continuation with FIN comes first, and the frame with the message's opcode last.",
            suspect: .between,
            checks: [
                "Look for a queue of frames that is emptied from its newest end, in whatever passes frames on.",
                "Compare the order with what the peer of that hop sent.",
            ], match: FragmentOrder.lastFirst),
        Pattern(
            name: "fin-too-early", title: "FIN on the first fragment",
            signs: "Message after message begins with a frame that has FIN, and continuations follow.",
            suspect: .sender,
            checks: ["Set FIN on the last fragment of a message only."], match: Fragments.finTooEarly),
    ]
}
