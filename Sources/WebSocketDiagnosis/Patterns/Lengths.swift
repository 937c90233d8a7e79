internal import WebSocketFrames

// Lengths that were written in another way than they are read (RFC 6455 §5.2). A reading is believed when the frame
// then ends where the stream ends, or where legal frames begin.

enum Lengths {
    static func littleEndian(_ context: ViolationContext) -> Match? {
        match(context, readings: [.littleEndian16, .littleEndian64]) { reading in
            "its \(reading.field) bytes of length are in little-endian order"
        }
    }

    static func thirtyTwoBits(_ context: ViolationContext) -> Match? {
        match(context, readings: [.wide126, .narrow127]) { reading in
            reading == .wide126
                ? "126 is followed by a length of 32 bits instead of 16"
                : "127 is followed by a length of 32 bits instead of 64"
        }
    }

    static func sixteenBits(_ context: ViolationContext) -> Match? {
        match(context, readings: [.short127]) { _ in "127 is followed by a length of 16 bits instead of 64" }
    }

    private static func match(_ context: ViolationContext, readings: [Reading], _ says: (Reading) -> String) -> Match? {
        for suspect in suspects(context) {
            for reading in readings {
                guard let other = OtherFrame(suspect, reading, in: context), let certainty = certainty(other, context)
                else {
                    continue
                }
                return Match(
                    certainty: certainty,
                    message: "the frame at \(context.place(suspect.start)) declares "
                        + "\(Wording.count(suspect.header.payloadLength, "byte")), but \(says(reading)): read so, it has "
                        + "\(Wording.count(other.length, "byte"))\(other.says(context)).")
            }
        }
        return nil
    }

    /// The frames whose length may be at fault: the offending one; or the one before it, where that led astray.
    private static func suspects(_ context: ViolationContext) -> [FramePlace] {
        guard !context.step.confirmsWell else { return [] }
        switch context.rule {
        case nil, .nonMinimalLength, .lengthOverflow, .frameTooBig, .messageTooBig, .textNotUTF8:
            return [context.frame].compactMap { $0 }
        default:
            return context.isAtHeader ? [context.before].compactMap { $0 } : []
        }
    }

    private static func certainty(_ other: OtherFrame, _ context: ViolationContext) -> Diagnosis.Certainty? {
        let landing = context.landing(at: other.end)
        if landing.confirms {
            return landing.confirmsWell || other.isCleanText(context) ? .certain : .likely
        }
        // Too long to see its end: the number must speak for itself, and text for it.
        guard case .outside = landing, other.end > context.bytes.count, other.reading == .littleEndian64,
            other.length >= 65_536, other.length < 1 << 31, other.isDeclaredAs > 1 << 40
        else { return nil }
        return other.isCleanText(context) ? .certain : .likely
    }
}

/// How else a length may have been written.
private enum Reading {
    case littleEndian16, littleEndian64, wide126, narrow127, short127

    /// What byte 1 must announce.
    var announcement: UInt8 { self == .littleEndian16 || self == .wide126 ? 126 : 127 }

    /// How many bytes the length then has.
    var field: Int {
        switch self {
        case .littleEndian16, .short127: 2
        case .wide126, .narrow127: 4
        case .littleEndian64: 8
        }
    }

    var isLittleEndian: Bool { self == .littleEndian16 || self == .littleEndian64 }
}

/// A frame as it would be if its length were read in another way.
private struct OtherFrame {
    let reading: Reading
    let length: UInt64
    let isDeclaredAs: UInt64
    let payloadStart: Int
    let end: Int
    private let isText: Bool
    private let key: MaskingKey?

    init?(_ frame: FramePlace, _ reading: Reading, in context: ViolationContext) {
        guard frame.start >= 0, frame.header[1] & 0x7F == reading.announcement else { return nil }
        let lengthStart = frame.start + 2
        let keyStart = lengthStart + reading.field
        payloadStart = keyStart + (frame.header.isMasked ? 4 : 0)
        guard payloadStart <= context.bytes.count else { return nil }
        length = context.bytes[lengthStart..<keyStart].number(littleEndian: reading.isLittleEndian)
        isDeclaredAs = frame.header.payloadLength
        // A length that the 7 bits would hold is no reason to write a long one.
        guard length >= 126, length != isDeclaredAs, length < 1 << 62 else { return nil }
        self.reading = reading
        end = FramePlace.sum(payloadStart, Int(clamping: length))
        isText = frame.header.opcode == .text && frame.header.reservedBits.isEmpty
        key =
            frame.header.isMasked
            ? MaskingKey(
                context.bytes[keyStart], context.bytes[keyStart + 1], context.bytes[keyStart + 2],
                context.bytes[keyStart + 3])
            : nil
    }

    func payload(_ context: ViolationContext) -> [UInt8] {
        let raw = context.bytes[payloadStart..<min(end, context.bytes.count)]
        guard let key else { return Array(raw) }
        return raw.enumerated().map { $1 ^ key[UInt64($0)] }
    }

    func isCleanText(_ context: ViolationContext) -> Bool {
        isText && end > payloadStart && CleanText.holds(payload(context), isCut: end > context.bytes.count)
    }

    func says(_ context: ViolationContext) -> String {
        if isCleanText(context) { return " of clean text" }
        return end <= context.bytes.count ? ", and frames are legal after it" : ""
    }
}
