internal import WebSocketFrames

enum DoubleFraming {
    /// The payload of a text frame is itself a whole frame.
    static func inside(_ scene: Scene) -> Match? {
        guard scene.rule == .textNotUTF8, let frame = scene.frame, scene.isWhole(frame), scene.isInStep,
            frame.header.opcode == .text
        else { return nil }
        let payload = frame.payload(in: scene.bytes)
        guard let inner = FramePlace(at: 0, in: payload), inner.end == payload.count else { return nil }
        let run = FrameRun(
            from: 0, in: payload, sender: nil, extensions: scene.evidence.extensions, reachesEnd: true)
        guard run.frames == 1, run.isExact, inner.header.payloadLength > 0 else { return nil }
        let text = inner.payload(in: payload)
        let isText = CleanText.holds(text)
        return Match(
            certainty: isText && text.count >= 4 ? .certain : .likely,
            message: "the payload of the frame at \(scene.place(scene.start)) is itself a whole frame: header "
                + "\(inner.header.hex), \(inner.header.opcode.name), \(Wording.count(text.count, "byte"))"
                + (isText ? ", \(Wording.quoted(text))." : "."))
    }
}
