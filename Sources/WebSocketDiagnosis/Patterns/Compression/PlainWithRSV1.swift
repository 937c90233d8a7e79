internal import WebSocketFrames

/// RSV1 on a message that is not compressed (RFC 7692 §6).
enum PlainWithRSV1 {
    static func found(_ context: ViolationContext) -> Match? {
        guard let (message, messages) = context.compressedMessage, message.payload.count >= 4,
            CleanText.holds(message.payload, isCut: !message.isWhole)
        else { return nil }
        var (compressed, plain) = (0, 0)
        messages.visit { other in
            guard other.isCompressed, other.isWhole else { return true }
            compressed += 1
            if CleanText.holds(other.payload) { plain += 1 }
            return true
        }
        let others =
            plain == compressed
            ? (plain > 1 ? "; so is that of all \(plain) messages with RSV1" : "")
            : "; \(Wording.count(compressed - plain, "other message")) with RSV1 \(compressed - plain == 1 ? "is" : "are") "
                + "not plain text"
        let count = message.payload.count
        return Match(
            certainty: count >= 12 || plain > 2 ? .certain : count >= 6 ? .likely : .possible,
            message:
                "RSV1 says that the message at \(context.place(of: message)) is compressed, and its payload is plain "
                + "text, \(Wording.quoted(message.payload))\(others).")
    }
}
