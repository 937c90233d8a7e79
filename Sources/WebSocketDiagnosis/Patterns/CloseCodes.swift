internal import WebSocketFrames

// Close codes that were written differently from how they are read (RFC 6455 §5.5.1, §7.4).

enum CloseCodes {
    /// 1000 as E8 03.
    static func littleEndian(_ context: ViolationContext) -> Match? {
        guard let close = close(context) else { return nil }
        let swapped = CloseCode(rawValue: close.code.rawValue.byteSwapped)
        guard swapped.isAllowedOnWire else { return nil }
        let isWide = close.payload.count == 4 && close.payload[2...] == [0, 0]
        let reason = close.payload.dropFirst(2)
        let isRegistered = swapped.rawValue < 3000
        guard isRegistered || CleanText.holds(reason) else { return nil }
        let certainty: Diagnosis.Certainty = isRegistered ? .certain : reason.count >= 4 ? .likely : .possible
        return Match(
            certainty: certainty,
            message:
                "the Close at \(context.place(context.start)) begins with \(Wording.hex(close.payload.prefix(2))): in "
                + "little-endian order that is \(swapped.rawValue)\(isWide ? ", written as 32 bits" : "").")
    }

    /// 1000 as 00 00 03 E8.
    static func thirtyTwoBits(_ context: ViolationContext) -> Match? {
        guard let close = close(context), close.payload.count >= 4, close.payload[..<2] == [0, 0] else { return nil }
        let code = CloseCode(rawValue: UInt16(truncatingIfNeeded: close.payload[2..<4].number()))
        let reason = close.payload.dropFirst(4)
        guard code.isAllowedOnWire, reason.isEmpty || CleanText.holds(reason) else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the Close at \(context.place(context.start)) begins with \(Wording.hex(close.payload.prefix(4))): the "
                + "code \(code.rawValue), written as 32 bits instead of 16.")
    }

    /// `1000` as four characters.
    static func digits(_ context: ViolationContext) -> Match? {
        guard let close = close(context), close.payload.count >= 4,
            close.payload[..<4].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let code = CloseCode(rawValue: close.payload[..<4].reduce(0) { $0 * 10 + UInt16($1 - 0x30) })
        let rest = close.payload.dropFirst(4)
        guard code.isAllowedOnWire, !(0x30...0x39).contains(rest.first ?? 0), rest.isEmpty || CleanText.holds(rest)
        else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the Close at \(context.place(context.start)) begins with the four characters \"\(code.rawValue)\" "
                + "instead of the two bytes of that code.")
    }

    /// There is no code: the reason begins at once.
    static func missing(_ context: ViolationContext) -> Match? {
        guard let close = close(context), close.payload.prefix(2).allSatisfy({ (0x20...0x7E).contains($0) }),
            CleanText.holds(close.payload)
        else { return nil }
        let letters = close.payload.count { CleanText.isLetter($0) }
        // Nobody sends further frames after a Close: it may be another frame with the wrong opcode.
        let continues = context.frame.map { context.landing(at: $0.end).confirms && !context.isEnd($0.end) } ?? false
        guard letters >= 4 || close.payload.prefix(2).contains(where: { CleanText.isLetter($0) }) else { return nil }
        let isClear = letters >= 4 && !continues
        return Match(
            certainty: isClear ? .certain : letters >= 2 && close.payload.count > 2 ? .likely : .possible,
            message: "the Close at \(context.place(context.start)) has no code, only a reason: "
                + "\(Wording.quoted(close.payload)).")
    }

    /// The payload is zeros, or was never written: unmasked it equals the key.
    static func maskingKey(_ context: ViolationContext) -> Match? {
        guard let close = close(context), let frame = context.frame, frame.header.isMasked,
            frame.rawPayload(in: context.bytes).allSatisfy({ $0 == 0 }), frame.keyBytes.prefix(2) != [0, 0]
        else { return nil }
        return Match(
            certainty: .certain,
            message:
                "the code of the Close at \(context.place(context.start)) is \(close.code.rawValue), the first two "
                + "bytes of its masking key (\(Wording.hex(frame.keyBytes))): the payload on the wire is zeros, so no code "
                + "was ever written there.")
    }

    /// Returns a complete Close with an illegal code, after which framing is intact.
    private static func close(_ context: ViolationContext) -> (payload: [UInt8], code: CloseCode)? {
        guard context.rule == .invalidCloseCode, let frame = context.frame, context.isWhole(frame), context.isInStep,
            let value = context.violation?.value
        else { return nil }
        let payload = frame.payload(in: context.bytes)
        guard payload.count >= 2 else { return nil }
        return (payload, CloseCode(rawValue: value))
    }
}
