internal import WebSocketFrames

enum DoubleFraming {
    /// The payload of a text frame is itself a whole frame.
    static func inside(_ context: ViolationContext) -> Match? {
        guard context.rule == .textNotUTF8, let frame = context.frameInStream, context.isInStep,
            frame.header.opcode == .text
        else { return nil }
        let bytes = context.evidence.bytes
        guard frame.end <= bytes.count else { return nil }
        let payload = frame.payload(in: bytes)
        guard let inner = LocatedFrame(at: 0, in: payload), inner.end == payload.count else { return nil }
        let run = FrameRun(
            from: 0, in: payload, sender: nil, extensions: context.evidence.extensions, reachesEnd: true)
        guard run.frames == 1, run.isExact, inner.header.payloadLength > 0 else { return nil }
        let text = inner.payload(in: payload)
        let isText = CleanText.holds(text)
        // A lost frame of the same length as the next one leaves the same bytes: a sender that frames twice always
        // does.
        let isHabit = context.isFirstFrame || isTwice(LocatedFrame(at: frame.end, in: bytes), bytes)
        return Match(
            certainty: isText && text.count >= 4 && isHabit ? .certain : .likely,
            message: "the payload of the frame at \(context.place(context.start)) is itself a whole frame: header "
                + "\(inner.header.hex), \(inner.header.opcode.name), \(Wording.count(text.count, "byte"))"
                + (isText ? ", \(Wording.quoted(text))." : "."))
    }

    /// Returns whether a frame's payload is itself a whole frame.
    private static func isTwice(_ frame: LocatedFrame?, _ bytes: [UInt8]) -> Bool {
        guard let frame, frame.end <= bytes.count else { return false }
        let payload = frame.payload(in: bytes)
        return LocatedFrame(at: 0, in: payload)?.end == payload.count
    }
}
