internal import WebSocketFrames

// Compressed messages although no extension was agreed (RFC 7692).

enum DeflateNotAgreed {
    /// A server sets RSV1, and the payload really is raw DEFLATE, although the response agreed on nothing; the
    /// request had offered it. The bytes do not show whether the agreement was removed on the way or never written.
    static func stripped(_ context: ViolationContext) -> Match? {
        guard context.evidence.offeredDeflate, context.sender != .client, let found = notAgreed(context) else {
            return nil
        }
        return Match(
            certainty: .likely,
            message: found.message
                + " The request offered permessage-deflate, and the response in this stream does not agree to it: "
                + "something on the path took that out, or the server compresses without having said so.")
    }

    /// The same, but it was not offered, or that is not known; or it is a client, which saw the response.
    static func unasked(_ context: ViolationContext) -> Match? {
        guard !context.evidence.offeredDeflate || context.sender == .client, let found = notAgreed(context) else {
            return nil
        }
        return Match(
            certainty: found.certainty,
            message: found.message
                + (context.evidence.offeredDeflate
                    ? " The request offered permessage-deflate, and the response does not agree to it." : ""))
    }

    private static func notAgreed(_ context: ViolationContext) -> (certainty: Diagnosis.Certainty, message: String)? {
        guard context.rule == .reservedBits, !context.evidence.extensions.includesPermessageDeflate,
            let frame = context.frame,
            frame.header.reservedBits == .rsv1, frame.header.opcode == .text || frame.header.opcode == .binary
        else { return nil }
        let isWhole = context.isWhole(frame)
        // A frame that misleads the parser is not a frame.
        guard isWhole ? context.isInStep || !context.reachesEnd : frame.header.payloadLength < 1 << 31 else {
            return nil
        }
        guard let text = inflated(frame, context) else { return nil }
        let isText = frame.header.opcode == .text
        let what = "the payload of the frame at \(context.place(context.start)) is raw DEFLATE, and RSV1 says so"
        guard isText else { return (.likely, what + ".") }
        return (text.count >= 4 ? .certain : .likely, what + ": it inflates to \(Wording.quoted(text)).")
    }

    /// Returns what a frame's payload inflates to: clean text, or for a binary frame any data of some length.
    private static func inflated(_ frame: LocatedFrame, _ context: ViolationContext) -> [UInt8]? {
        let isWhole = context.isWhole(frame)
        let payload = frame.payload(in: context.bytes)
        guard payload.count >= 4, frame.payloadStart >= 0 else { return nil }
        let isMessage = isWhole && frame.header.isFinal
        let output: [UInt8]
        let isCut: Bool
        switch Inflate.message(payload, isWhole: isMessage) {
        case .whole(let bytes): (output, isCut) = (bytes, !isMessage)
        case .begun(let bytes):
            // If it was cut off by the limit, it must have had more output.
            guard !isMessage || Inflate.isAtLimit(bytes), bytes.count >= 32 else { return nil }
            (output, isCut) = (bytes, true)
        case .broken: return nil
        }
        if frame.header.opcode == .text { return CleanText.holds(output, isCut: isCut) ? output : nil }
        return output.count >= 16 ? output : nil
    }
}
