extension PatternTable {
    /// Frames that are where they should be, but whose payload is at fault.
    static let payload: [Pattern] = [
        Pattern(
            name: "deflate-stripped", title: "compressed messages, and an agreement that was lost on the way",
            signs:
                "A server sets RSV1 and the payload is raw DEFLATE; the request offered it, and the response does not agree.",
            suspect: .between,
            checks: [
                "Compare Sec-WebSocket-Extensions in the 101 response on both sides of every proxy.",
                "Let the proxy pass the header on unchanged, or take it out of the request as well.",
                "See whether the server itself writes the header, if no proxy is to blame.",
            ], match: DeflateNotAgreed.stripped),
        Pattern(
            name: "deflate-not-agreed", title: "compressed messages without an agreement",
            signs: "RSV1 is set and the payload is raw DEFLATE, although permessage-deflate was not agreed.",
            suspect: .sender,
            checks: [
                "Compare Sec-WebSocket-Extensions in the request and in the 101 response.",
                "If the handshake is not in the input, say that it was agreed (--deflate).",
            ], match: DeflateNotAgreed.unasked),
        Pattern(
            name: "double-framing", title: "a frame inside a frame",
            signs: "The payload of a text frame is itself a whole frame.",
            suspect: .sender,
            checks: [
                "Give the library the message without a header: it makes the frame.",
                "If a gateway passes frames on, make sure that it sends their payloads.",
            ], match: DoubleFraming.inside, subject: .text),
        Pattern(
            name: "close-code-is-masking-key", title: "a Close whose payload was never written",
            signs: "The close code equals the first two bytes of the masking key: the payload is zeros.",
            suspect: .sender,
            checks: ["Write the code into the payload before it is masked, or send the Close with no payload."],
            match: CloseCodes.maskingKey),
        Pattern(
            name: "close-code-never-set", title: "a Close with a code of zero",
            signs: "The payload of a Close is 00 00 when it is unmasked.",
            suspect: .sender,
            checks: [
                "Send a Close without payload where there is no code to send.",
                "Look at how a Close without a code is answered.",
            ], match: CloseCodes.neverSet),
        Pattern(
            name: "close-code-in-one-byte", title: "a close code without its high byte",
            signs:
                "The payload of a Close is the low byte of a legal code, alone or after a zero: E8, or 00 E8, for 1000.",
            suspect: .sender,
            checks: [
                "Write the code as two bytes, the high one first: 1000 is 03 E8.",
                "Look for a shift by 16 instead of 8.",
            ], match: CloseCodes.inOneByte),
        Pattern(
            name: "close-code-as-text", title: "a close code that was encoded as text",
            signs: "The low byte of the code has become two bytes of UTF-8: 03 C3 A8 for 1000.",
            suspect: .sender,
            checks: [
                "Encode the reason alone as UTF-8, and put the two bytes of the code before it.",
                "Send control frames around the code that encodes text messages.",
            ], match: CloseCodes.asText),
        Pattern(
            name: "little-endian-close-code", title: "a close code in little-endian order",
            signs: "With its two bytes swapped the close code is a legal one: E8 03 for 1000.",
            suspect: .sender,
            checks: ["Write the code with the high byte first: 1000 is 03 E8."], match: CloseCodes.littleEndian),
        Pattern(
            name: "32-bit-close-code", title: "a close code of 32 bits",
            signs: "Two zero bytes before a legal close code: 00 00 03 E8 for 1000.",
            suspect: .sender,
            checks: ["Write the code as two bytes."], match: CloseCodes.thirtyTwoBits),
        Pattern(
            name: "close-code-as-digits", title: "a close code in decimal digits",
            signs: "The payload of a Close begins with a legal code in four characters: \"1000\".",
            suspect: .sender,
            checks: ["Write the code as two bytes, the high one first: 1000 is 03 E8."], match: CloseCodes.digits),
        Pattern(
            name: "close-code-missing", title: "a close reason without a code",
            signs: "The payload of a Close is text from its first byte on.",
            suspect: .sender,
            checks: ["Write a code of two bytes before the reason, or send no payload at all."],
            match: CloseCodes.missing),
        Pattern(
            name: "utf-16-text", title: "text in UTF-16",
            signs: "Every second byte of a text message is zero, or it begins with a byte order mark (FF FE, FE FF).",
            suspect: .sender,
            checks: ["Encode texts as UTF-8 before they are sent."], match: UTF16Text.found, subject: .text),
        Pattern(
            name: "binary-as-text", title: "binary data in a text message",
            signs: "A text message begins as a known binary format does, or is full of control characters.",
            suspect: .sender,
            checks: [
                "Send it as binary (opcode 2).",
                "If it was meant to be text, see whether it was compressed or encrypted before.",
            ], match: NotText.binary, subject: .text),
        Pattern(
            name: "surrogates-in-utf-8", title: "surrogates that were encoded one by one (CESU-8, modified UTF-8)",
            signs: "ED A0...AF xx is followed by ED B0...BF xx; or NUL is written as C0 80.",
            suspect: .sender,
            checks: [
                "Use the platform's real UTF-8 encoder; in Java not writeUTF, GetStringUTFChars or NewStringUTF.",
                "If the text comes from a database, check that its encoding is not CESU-8 (Oracle UTF8, MySQL utf8).",
            ], match: NotText.surrogatePairs, subject: .text),
        Pattern(
            name: "lone-surrogate", title: "half of a character",
            signs: "A lone surrogate in the text: ED A0...BF xx.",
            suspect: .sender,
            checks: [
                "Cut texts between characters, not between UTF-16 units.",
                "Use an encoder that replaces lone surrogates, or refuses them.",
            ], match: NotText.loneSurrogate, subject: .text),
        Pattern(
            name: "text-cut-between-messages", title: "a text that was cut inside a character",
            signs: "A text message ends inside a character, and the next one begins with the rest of it.",
            suspect: .sender,
            checks: [
                "Send the pieces of a text as fragments of one message, or cut between characters.",
                "Look for a buffer of a fixed size between the text and the socket.",
            ], match: NotText.cutBetweenMessages),
        Pattern(
            name: "cut-at-character-count", title: "a text that was cut at its number of characters",
            signs: "A text message ends inside a character and is not finished; texts of ASCII alone are whole.",
            suspect: .sender,
            checks: [
                "Encode the text as UTF-8 first, and send as many bytes as the result has.",
                "Look for a length that is taken of the string, and used for its bytes.",
            ], match: NotText.cutAtCharacterCount, subject: .text),
        Pattern(
            name: "legacy-charset", title: "text in a legacy encoding such as GBK or Windows-1251",
            signs:
                "The bytes above 7F make sense as GBK, Shift-JIS, EUC-KR, Windows-1251 or the like, and none as UTF-8.",
            suspect: .sender,
            checks: [
                "Encode texts as UTF-8 before they are sent; look for a default encoding of the platform.",
                "Check the encoding of the source file, terminal or database that the text comes from.",
            ], match: LegacyCharset.found, subject: .text),
        Pattern(
            name: "latin-1-text", title: "text in Latin-1 or Windows-1252",
            signs: "Single bytes above 7F stand for letters inside words of ASCII.",
            suspect: .sender,
            checks: [
                "Encode texts as UTF-8 before they are sent; look for a default encoding of the platform.",
                "Check the encoding of the file or database that the text comes from.",
            ], match: NotText.latin1, subject: .text),
    ]
}
