internal import WebSocketFrames

// Masking that was done by halves (RFC 6455 §5.1, §5.3).

enum Masking {
    /// Text of fewer bytes than these may be clean by chance.
    private static let textCount = 4

    /// MASK is not set, and yet a key stands in front of the payload, which is masked with it.
    static func bitForgotten(_ scene: Scene) -> Match? {
        guard scene.rule == .unmaskedClientFrame, let frame = scene.frame, !scene.isInStep,
            frame.payloadStart + 4 <= scene.bytes.count
        else { return nil }
        let length = frame.header.payloadLength
        let end = FramePlace.sum(frame.end, 4)
        guard length >= 4, end <= scene.bytes.count else { return nil }
        let at = frame.payloadStart
        let key = MaskingKey(scene.bytes[at], scene.bytes[at + 1], scene.bytes[at + 2], scene.bytes[at + 3])
        let payload = scene.bytes[(at + 4)..<end].enumerated().map { $1 ^ key[UInt64($0)] }
        let isText = frame.header.opcode == .text && CleanText.holds(payload)
        let nextFits = scene.isEnd(end) || next(at: end, in: scene)
        guard nextFits, isText || scene.isEnd(end) else { return nil }
        let what =
            "the frame at \(scene.place(scene.start)) says that it is not masked, and behind its header stand a key "
            + "and \(Wording.count(length, "byte")) masked with it"
        guard isText else { return Match(certainty: .possible, message: what + ".") }
        return Match(
            certainty: .certain, message: what + ": they unmask to \(Wording.quoted(payload)).")
    }

    /// A header may stand at an index, masked or with the bit forgotten again.
    private static func next(at index: Int, in scene: Scene) -> Bool {
        guard index < scene.bytes.count else { return false }
        let byte = scene.bytes[index]
        let opcode = Opcode(rawValue: byte)
        return ReservedBits(rawValue: byte).isEmpty && !opcode.isReserved && (!opcode.isControl || byte & 0x80 != 0)
    }

    /// MASK is set and a key is there, but the payload was left as it was: it only turns to nonsense when unmasked.
    static func notApplied(_ scene: Scene) -> Match? {
        guard let frame = scene.frame, frame.header.isMasked, frame.keyBytes != [0, 0, 0, 0] else { return nil }
        let raw = frame.rawPayload(in: scene.bytes)
        let isCut = !scene.isWhole(frame)
        guard frame.payloadStart >= 0, scene.isInStep || isCut else { return nil }
        switch scene.rule {
        case .textNotUTF8:
            guard raw.count >= textCount, CleanText.holds(raw, isCut: isCut || !frame.header.isFinal),
                frame.header.opcode == .text
            else { return nil }
        case .invalidCloseCode, .closeReasonNotUTF8:
            let code = CloseCode(rawValue: UInt16(truncatingIfNeeded: raw.prefix(2).number()))
            guard raw.count >= 2, code.mayAppearOnWire, !isCut else { return nil }
            let reason = raw.dropFirst(2)
            // Somebody who sends 1005 or 1100 means it; and a reason that is clean when unmasked was masked.
            let unmasked = frame.payload(in: scene.bytes)
            if scene.rule == .invalidCloseCode, (1000...4999).contains(scene.violation?.value ?? 0) { return nil }
            if reason.count > 1, CleanText.holds(unmasked[2...]) { return nil }
            guard reason.isEmpty || CleanText.holds(reason), reason.count >= textCount || code.rawValue < 1015 else {
                return nil
            }
            let certainty: Diagnosis.Certainty = reason.count >= textCount ? .certain : .likely
            return Match(
                certainty: certainty,
                message: "the Close at \(scene.place(scene.start)) says that it is masked with "
                    + "\(Wording.hex(frame.keyBytes)), and its payload is clean as it stands: code \(code.rawValue)"
                    + (reason.isEmpty ? "." : " and reason \(Wording.quoted(reason))."))
        default: return nil
        }
        return Match(
            certainty: raw.count >= 2 * textCount ? .certain : .likely,
            message: "the frame at \(scene.place(scene.start)) says that it is masked with "
                + "\(Wording.hex(frame.keyBytes)), and its payload is clean text as it stands: \(Wording.quoted(raw)).")
    }

    /// MASK is set, and there is no key: the payload begins where the key should be.
    static func keyMissing(_ scene: Scene) -> Match? {
        guard let frame = scene.frame, frame.header.isMasked, !scene.isInStep, frame.payloadStart >= 4 else {
            return nil
        }
        switch scene.rule {
        case nil, .textNotUTF8, .maskedServerFrame: break
        default: return nil
        }
        let start = frame.payloadStart - 4
        let end = frame.end - 4
        let length = Int(clamping: frame.header.payloadLength)
        guard frame.header.opcode == .text, length >= textCount, end <= scene.bytes.count, start < end else {
            return nil
        }
        let raw = scene.bytes[start..<end]
        guard CleanText.holds(raw) else { return nil }
        let landing = scene.landing(at: end)
        guard landing.confirms || next(at: end, in: scene) else { return nil }
        return Match(
            certainty: raw.count >= 2 * textCount || landing.confirms ? .certain : .likely,
            message:
                "the frame at \(scene.place(scene.start)) says that it is masked, but has no key: right behind its "
                + "length stand \(Wording.count(length, "byte")) of clean text, \(Wording.quoted(raw)).")
    }

    /// A client whose messages are masked, and whose pings, pongs or Close are not.
    static func controlFramesBare(_ scene: Scene) -> Match? {
        guard scene.rule == .unmaskedClientFrame, let frame = scene.frame, frame.header.opcode.isControl,
            let before = scene.before, before.header.isMasked, !before.header.opcode.isControl, scene.isInStep,
            frame.header.payloadLength <= 125
        else { return nil }
        return Match(
            certainty: scene.landing(at: frame.end).confirmsWell ? .certain : .likely,
            message: "the \(frame.header.opcode.name) at \(scene.place(scene.start)) is not masked, and the "
                + "\(before.header.opcode.name) frame before it is: the client masks its messages and forgets its "
                + "control frames.")
    }

    /// A server that masks as a client does, and does it well.
    static func serverMasks(_ scene: Scene) -> Match? {
        guard scene.rule == .maskedServerFrame, let frame = scene.frame, scene.isWhole(frame), scene.isInStep else {
            return nil
        }
        let payload = frame.payload(in: scene.bytes)
        let run = FrameRun(
            from: scene.start, in: scene.bytes, sender: .client, extensions: scene.evidence.extensions,
            reachesEnd: scene.reachesEnd)
        guard run.frames > 0 else { return nil }
        let raw = frame.rawPayload(in: scene.bytes)
        let isText =
            frame.header.opcode == .text && payload.count >= textCount && CleanText.holds(payload)
            && !CleanText.holds(raw)
        guard isText || run.frames > 1, run.bits >= 11 else { return nil }
        let what = "the frame at \(scene.place(scene.start)) is masked as a client's frames are"
        let shows = isText ? ": its payload unmasks to \(Wording.quoted(payload))" : ""
        let more = run.frames > 1 ? ", and \(Wording.count(run.frames - 1, "frame")) behind it as well" : ""
        return Match(
            certainty: run.frames > 1 && run.bits >= 22 ? .certain : .likely, message: what + more + shows + ".")
    }
}
