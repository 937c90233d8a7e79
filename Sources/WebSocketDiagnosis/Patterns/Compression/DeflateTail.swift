internal import PerMessageDeflate
internal import WebSocketFrames

/// A message that does not end as RFC 7692 §7.2.1 requires: flushed, and without 00 00 FF FF.
enum DeflateTail {
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    static func found(_ context: ViolationContext) -> Match? {
        guard context.violation?.deflateFault == .unfinished, let (message, messages) = context.compressedMessage,
            message.isWhole, let agreed = context.agreedReading
        else { return nil }
        let place = context.place(of: message)
        if message.payload.suffix(4).elementsEqual(tail) {
            var reading = agreed
            reading.part = { other in
                guard other.isCompressed else { return .plain }
                let isLong = other.payload.suffix(4).elementsEqual(tail)
                return .compressed(isLong ? other.payload.dropLast(4) : other.payload[...])
            }
            guard reading.outcome(of: messages, from: message.start).fits else { return nil }
            return Match(
                certainty: .certain,
                message:
                    "the compressed message at \(place) still ends with 00 00 FF FF, which must be left off: without "
                    + "these four bytes it inflates.")
        }
        // A complete DEFLATE stream, with a block that is marked as the last one.
        let stream = DeflateStream(message.payload[...])
        guard stream.fault == nil, stream.hasEnded, stream.rest.isEmpty else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the compressed message at \(place) ends with a block that is marked as the last one (BFINAL), and "
                + "nothing follows: a byte 00 must, so that 00 00 FF FF can be appended.")
    }
}
