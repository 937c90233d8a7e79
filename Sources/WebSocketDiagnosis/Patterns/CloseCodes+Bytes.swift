internal import WebSocketFrames

// Close codes with a missing byte, or with too many bytes (RFC 6455 §5.5.1).

extension CloseCodes {
    /// 1000 as 00 E8, or as E8 alone: only the low byte of the code was written.
    static func inOneByte(_ context: ViolationContext) -> Match? {
        guard let frame = context.frame, context.isWhole(frame), context.isInStep else { return nil }
        let payload = frame.payload(in: context.bytes)
        let low: UInt8
        switch context.rule {
        case .invalidCloseCode:
            guard payload.count >= 2, payload[0] == 0 else { return nil }
            let reason = payload.dropFirst(2)
            guard reason.isEmpty || CleanText.holds(reason) else { return nil }
            low = payload[1]
        case .truncatedCloseCode:
            guard payload.count == 1 else { return nil }
            low = payload[0]
        default: return nil
        }
        let code = CloseCode(rawValue: 0x0300 | UInt16(low))
        guard (1000...1014).contains(code.rawValue), code.isAllowedOnWire else { return nil }
        return Match(
            certainty: .likely,
            message:
                "the payload of the Close at \(context.place(context.start)) begins with "
                + "\(Wording.hex(payload.prefix(2))): that is the low byte of \(code.rawValue) "
                + "(\(Wording.hex([0x03, low]))), whose high byte was lost.")
    }

    /// 1000 as 03 C3 A8: its bytes were treated as characters and encoded.
    static func asText(_ context: ViolationContext) -> Match? {
        guard context.rule == .invalidCloseCode || context.rule == .closeReasonNotUTF8, let frame = context.frame,
            context.isWhole(frame), context.isInStep
        else { return nil }
        let payload = frame.payload(in: context.bytes)
        guard payload.count >= 3, payload[0] < 0x80, payload[1] == 0xC2 || payload[1] == 0xC3,
            payload[2] & 0xC0 == 0x80
        else { return nil }
        let low = (payload[1] & 0x03) << 6 | payload[2] & 0x3F
        let code = CloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(low))
        let reason = payload.dropFirst(3)
        guard code.isAllowedOnWire, reason.isEmpty || CleanText.holds(reason) else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the payload of the Close at \(context.place(context.start)) begins with "
                + "\(Wording.hex(payload.prefix(3))): that is the code \(code.rawValue) (\(Wording.hex([payload[0], low]))) "
                + "after its bytes were taken for characters and encoded as UTF-8.")
    }

    /// 0, in two bytes of a payload that was never written to.
    static func neverSet(_ context: ViolationContext) -> Match? {
        guard context.rule == .invalidCloseCode, let frame = context.frame, context.isWhole(frame), context.isInStep,
            frame.payload(in: context.bytes) == [0, 0]
        else { return nil }
        return Match(
            certainty: .likely,
            message:
                "the payload of the Close at \(context.place(context.start)) is 00 00: room was made for a code, and none "
                + "was written, as happens when a Close without a code is answered.")
    }
}
