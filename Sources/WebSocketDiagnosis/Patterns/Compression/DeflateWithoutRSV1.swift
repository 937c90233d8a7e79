internal import PerMessageDeflate
internal import WebSocketFrames

/// A compressed message whose first frame does not have RSV1 set (RFC 7692 §6).
enum DeflateWithoutRSV1 {
    static func found(_ context: ViolationContext) -> Match? {
        guard context.rule == .textNotUTF8, context.violation?.messageOffset == nil, context.isInStep,
            let messages = context.messages, let message = messages.message(at: context.startInStream),
            message.isText, !message.isCompressed, message.payload.count >= 4
        else { return nil }
        var reading = context.agreedReading ?? DeflateReading(context: .init())
        reading.part = { other in
            let isMeant = other.isCompressed || other.start == message.start
            return isMeant ? .compressed(other.payload[...]) : .plain
        }
        let alone = Inflate.message(message.payload, isWhole: message.isWhole)
        var text: [UInt8] = []
        var isAll = false
        switch alone {
        case .whole(let bytes) where CleanText.holds(bytes): (text, isAll) = (bytes, true)
        case .begun(let bytes)
        where (!message.isWhole || Inflate.isAtLimit(bytes)) && bytes.count >= 32
            && CleanText.holds(bytes, isCut: true):
            text = bytes
        default:
            // It may refer to the messages before it.
            let outcome = reading.outcome(of: messages, from: message.start)
            guard outcome.cleanTexts > 0, outcome.outputCount >= 16 else { return nil }
            (text, isAll) = (outcome.output, true)
        }
        guard text.count >= 4 else { return nil }
        let what = message.frames > 1 ? "the \(message.frames) fragments of the text message" : "the text frame"
        return Match(
            certainty: isAll && text.count >= 8 ? .certain : .likely,
            message:
                "the payload of \(what) at \(context.place(of: message)) is raw DEFLATE, and RSV1 does not say so: it "
                + "inflates to \(Wording.quoted(text)).")
    }
}
