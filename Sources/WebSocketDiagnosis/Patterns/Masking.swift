internal import WebSocketFrames

// Masking that was only partly done (RFC 6455 §5.1, §5.3).

enum Masking {
    /// Text of fewer bytes may be clean by chance.
    private static let textCount = 4

    /// MASK is not set, but a key precedes the payload, which is masked with it.
    static func bitForgotten(_ context: ViolationContext) -> Match? {
        guard context.rule == .unmaskedClientFrame, let frame = context.frame, !context.isInStep,
            frame.payloadStart + 4 <= context.bytes.count
        else { return nil }
        let length = frame.header.payloadLength
        let end = LocatedFrame.sum(frame.end, 4)
        guard length >= 4, end <= context.bytes.count else { return nil }
        let at = frame.payloadStart
        let key = MaskingKey(context.bytes[at], context.bytes[at + 1], context.bytes[at + 2], context.bytes[at + 3])
        let payload = context.bytes[(at + 4)..<end].enumerated().map { $1 ^ key[UInt64($0)] }
        let isText = frame.header.opcode == .text && CleanText.holds(payload)
        let nextFits = context.isEnd(end) || next(at: end, in: context)
        guard nextFits, isText || context.isEnd(end) else { return nil }
        let what =
            "the frame at \(context.place(context.start)) says that it is not masked, but its header is followed by a key "
            + "and \(Wording.count(length, "byte")) masked with it"
        guard isText else { return Match(certainty: .possible, message: what + ".") }
        return Match(
            certainty: .certain, message: what + ": they unmask to \(Wording.quoted(payload)).")
    }

    /// Returns whether a header may begin at an index, masked or with the bit forgotten again.
    private static func next(at index: Int, in context: ViolationContext) -> Bool {
        guard index < context.bytes.count else { return false }
        let byte = context.bytes[index]
        let opcode = Opcode(rawValue: byte)
        return ReservedBits(rawValue: byte).isEmpty && !opcode.isReserved && (!opcode.isControl || byte & 0x80 != 0)
    }

    /// MASK is set and there is a key, but the payload was not masked: unmasking it produces garbage.
    static func notApplied(_ context: ViolationContext) -> Match? {
        guard let frame = context.frame, frame.header.isMasked, frame.keyBytes != [0, 0, 0, 0] else { return nil }
        let raw = frame.rawPayload(in: context.bytes)
        let isCut = !context.isWhole(frame)
        guard frame.payloadStart >= 0, context.isInStep || isCut else { return nil }
        // A key that is also text may be the beginning of the payload, with the key missing.
        if !context.isInStep, CleanText.holds(frame.keyBytes + raw.prefix(4)) { return nil }
        switch context.rule {
        case .textNotUTF8:
            guard raw.count >= textCount, CleanText.holds(raw, isCut: isCut || !frame.header.isFinal),
                frame.header.opcode == .text
            else { return nil }
        case .invalidCloseCode, .closeReasonNotUTF8:
            let code = CloseCode(rawValue: UInt16(truncatingIfNeeded: raw.prefix(2).number()))
            guard raw.count >= 2, code.isAllowedOnWire, !isCut else { return nil }
            let reason = raw.dropFirst(2)
            // A sender of 1005 or 1100 means it; and a reason that is clean when unmasked was masked.
            let unmasked = frame.payload(in: context.bytes)
            if context.rule == .invalidCloseCode, (1000...4999).contains(context.violation?.value ?? 0) { return nil }
            if reason.count > 1, CleanText.holds(unmasked[2...]) { return nil }
            guard reason.isEmpty || CleanText.holds(reason), reason.count >= textCount || code.rawValue < 1015 else {
                return nil
            }
            let certainty: Diagnosis.Certainty = reason.count >= textCount ? .certain : .likely
            return Match(
                certainty: certainty,
                message: "the Close at \(context.place(context.start)) says that it is masked with "
                    + "\(Wording.hex(frame.keyBytes)), and its payload is clean without unmasking: code \(code.rawValue)"
                    + (reason.isEmpty ? "." : " and reason \(Wording.quoted(reason))."))
        default: return nil
        }
        return Match(
            certainty: raw.count >= 2 * textCount ? .certain : .likely,
            message: "the frame at \(context.place(context.start)) says that it is masked with "
                + "\(Wording.hex(frame.keyBytes)), and its payload is clean text without unmasking: \(Wording.quoted(raw))."
        )
    }

    /// MASK is set, but there is no key: the payload begins where the key should be.
    static func keyMissing(_ context: ViolationContext) -> Match? {
        guard let frame = context.frame, frame.header.isMasked, !context.isInStep, frame.payloadStart >= 4 else {
            return nil
        }
        switch context.rule {
        case nil, .textNotUTF8, .maskedServerFrame: break
        default: return nil
        }
        let start = frame.payloadStart - 4
        let end = frame.end - 4
        let length = Int(clamping: frame.header.payloadLength)
        guard frame.header.opcode == .text, length >= textCount, end <= context.bytes.count, start < end else {
            return nil
        }
        let raw = context.bytes[start..<end]
        guard CleanText.holds(raw) else { return nil }
        let landing = context.landing(at: end)
        guard landing.confirms || next(at: end, in: context) else { return nil }
        return Match(
            // A sender that wrote keys before seldom forgets one, and a few letters may be a coincidence.
            certainty: raw.count >= 2 * textCount || landing.confirms && context.isFirstFrame ? .certain : .likely,
            message:
                "the frame at \(context.place(context.start)) says that it is masked, but has no key: its "
                + "length is followed by \(Wording.count(length, "byte")) of clean text, \(Wording.quoted(raw)).")
    }

    /// A client masks only frames that have a payload.
    static func emptyFramesBare(_ context: ViolationContext) -> Match? {
        guard context.rule == .unmaskedClientFrame, let frame = context.frame, frame.header.payloadLength == 0,
            context.isInStep
        else { return nil }
        let later = laterFrames(frame, context)
        guard !later.contains(where: { !$0.isMasked && $0.payloadLength > 0 }) else { return nil }
        guard let before = context.before else { return emptyFirstFrame(frame, later, context) }
        guard before.header.isMasked, before.header.payloadLength > 0 else { return nil }
        // With a control frame, it may be the kind of frame and not its emptiness that makes it unmasked.
        let isSure = !frame.header.opcode.isControl || before.header.opcode.isControl
        return Match(
            certainty: isSure ? .certain : .likely,
            message:
                "the \(frame.header.opcode.name) frame at \(context.place(context.start)) has no payload and no mask, "
                + "and the \(before.header.opcode.name) frame before it, with "
                + "\(Wording.count(before.header.payloadLength, "byte")), is masked: the client leaves MASK and key out where "
                + "there is nothing to mask.")
    }

    /// The stream begins with such a frame, and the frames after it show that payloads are masked. If it is a control
    /// frame, masked messages alone prove less.
    private static func emptyFirstFrame(
        _ frame: LocatedFrame, _ later: [EncodedFrameHeader], _ context: ViolationContext
    ) -> Match? {
        let others = later.filter { $0.payloadLength > 0 && $0.opcode.isControl == frame.header.opcode.isControl }
        guard context.isFirstFrame, others.contains(where: \.isMasked), context.landing(at: frame.end).confirmsWell
        else {
            return nil
        }
        return Match(
            certainty: .likely,
            message:
                "the stream's first frame, \(frame.header.opcode.name), has no payload and no mask, and frames with "
                + "payload after it are masked: the client leaves MASK and key out where there is nothing to mask.")
    }

    /// Returns the headers of the frames after one, as far as they are known.
    private static func laterFrames(_ frame: LocatedFrame, _ context: ViolationContext) -> [EncodedFrameHeader] {
        var headers: [EncodedFrameHeader] = []
        var end = frame.end
        while headers.count < 64, let next = LocatedFrame(at: end, in: context.bytes) {
            headers.append(next.header)
            end = next.end
        }
        return headers
    }

    /// A server sends what it read, as it read it.
    static func clientFrameEchoed(_ context: ViolationContext) -> Match? {
        guard context.rule == .maskedServerFrame, let frame = context.frame, let peer = context.evidence.peer,
            context.start >= 0
        else { return nil }
        let own = context.bytes[context.start..<min(frame.end, context.bytes.count)]
        // The key alone is no coincidence, unless it is zeros.
        guard own.count >= 6, frame.keyBytes != [0, 0, 0, 0] else { return nil }
        guard let at = peer.bytes.firstIndex(of: own), let other = LocatedFrame(at: at, in: peer.bytes),
            other.header.isMasked
        else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the masked \(frame.header.opcode.name) frame at \(context.place(context.start)) is the one that the "
                + "client sent at offset \(Wording.grouped(peer.offset &+ UInt64(at))) of its own stream: the same "
                + "\(Wording.count(own.count, "byte")) with the same key \(Wording.hex(frame.keyBytes)). The server sends the "
                + "client's bytes back as they came.")
    }

    /// A client masks its messages, but not its pings, pongs or Close.
    static func controlFramesBare(_ context: ViolationContext) -> Match? {
        guard context.rule == .unmaskedClientFrame, let frame = context.frame, frame.header.opcode.isControl,
            context.isInStep, frame.header.payloadLength <= 125
        else { return nil }
        let later = laterFrames(frame, context)
        let others = later.filter { $0.opcode.isControl && $0.payloadLength > 0 }
        guard frame.header.payloadLength > 0 || others.contains(where: { !$0.isMasked }) else { return nil }
        let isWell = context.landing(at: frame.end).confirmsWell
        let name = frame.header.opcode == .close ? "Close" : frame.header.opcode.name
        let says = "the client masks its messages, but not its control frames."
        guard let before = context.before else {
            let messages = later.filter { !$0.opcode.isControl }
            guard context.isFirstFrame, isWell, !messages.isEmpty, messages.allSatisfy(\.isMasked),
                !others.contains(where: \.isMasked)
            else { return nil }
            return Match(
                certainty: .likely,
                message: "the \(name) at \(context.place(context.start)) is not masked, and the messages after it are: "
                    + says)
        }
        guard before.header.isMasked, !before.header.opcode.isControl else { return nil }
        return Match(
            certainty: isWell ? .certain : .likely,
            message: "the \(name) at \(context.place(context.start)) is not masked, and the "
                + "\(before.header.opcode.name) frame before it is: " + says)
    }

    /// A server masks as a client does, and does so correctly.
    static func serverMasks(_ context: ViolationContext) -> Match? {
        guard context.rule == .maskedServerFrame, let frame = context.frame, context.isInStep,
            let place = context.frameInStream
        else { return nil }
        if let match = someMasked(frame, context) { return match }
        let bytes = context.evidence.bytes
        guard place.end <= bytes.count else { return nil }
        let payload = place.payload(in: bytes)
        let run = FrameRun(
            from: place.start, in: bytes, sender: .client, extensions: context.evidence.extensions,
            reachesEnd: context.evidence.reachesEnd)
        guard run.frames > 0 else { return nil }
        let raw = place.rawPayload(in: bytes)
        let isText =
            frame.header.opcode == .text && payload.count >= textCount && CleanText.holds(payload)
            && !CleanText.holds(raw)
        guard isText || run.frames > 1, run.bits >= 11 else { return nil }
        let what = "the frame at \(context.place(context.start)) is masked as a client's frames are"
        let shows = isText ? ": its payload unmasks to \(Wording.quoted(payload))" : ""
        let more = run.frames > 1 ? ", and \(Wording.count(run.frames - 1, "frame")) after it as well" : ""
        return Match(
            certainty: run.frames > 1 && run.bits >= 22 ? .certain : .likely, message: what + more + shows + ".")
    }

    /// Only one kind of frame is masked: it is sent by other code than the others.
    private static func someMasked(_ frame: LocatedFrame, _ context: ViolationContext) -> Match? {
        guard frame.header.opcode.isControl, let before = context.before, !before.header.isMasked,
            frame.header.payloadLength <= 125
        else { return nil }
        let later = laterFrames(frame, context)
        guard later.allSatisfy({ !$0.isMasked || $0.opcode.isControl }), context.landing(at: frame.end).confirms else {
            return nil
        }
        guard later.contains(where: { !$0.isMasked }) else { return nil }
        return Match(
            certainty: .certain,
            message: "the \(frame.header.opcode.name) at \(context.place(context.start)) is masked, with the key "
                + "\(Wording.hex(frame.keyBytes)), and the frames around it are not: the server seems to make its "
                + "\(frame.header.opcode.name) frames with code that was written for a client.")
    }
}
