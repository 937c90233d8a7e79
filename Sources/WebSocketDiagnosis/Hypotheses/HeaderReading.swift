internal import WebSocketFrames

/// How a header may have been meant if it makes no sense as it is: each reading predicts exactly where the payload
/// begins and ends (RFC 6455 §5.2).
enum HeaderReading: Int, CaseIterable {
    case littleEndian16, littleEndian64
    case wide126, wide127, littleEndianWide127, short127
    case wordsRepeated, oneByteEarly, oneByteEarlyAndShort
    case unannounced16, unannounced64, long126
    case inOneByte
    case keyWithoutBit, bitWithoutKey

    /// The pattern it belongs to.
    var name: String {
        switch self {
        case .littleEndian16, .littleEndian64: "little-endian-length"
        case .wide126, .wide127, .littleEndianWide127: "32-bit-length"
        case .short127: "16-bit-length-behind-127"
        case .wordsRepeated: "length-words-repeated"
        case .oneByteEarly, .oneByteEarlyAndShort: "length-one-byte-early"
        case .unannounced16, .unannounced64, .long126: "wrong-length-form"
        case .inOneByte: "length-in-one-byte"
        case .keyWithoutBit: "mask-bit-forgotten"
        case .bitWithoutKey: "mask-key-missing"
        }
    }

    /// A frame as it results from this reading of its header.
    struct Frame {
        /// The header's first two bytes, unchanged.
        let header: EncodedFrameHeader
        let start: Int
        let payloadStart: Int
        let length: UInt64
        /// The index after the payload. Saturates.
        let end: Int
        let key: MaskingKey?
    }

    /// Reads the header at an index this way; nil if it cannot be meant this way, or if it is the ordinary reading.
    func frame(at start: Int, in chains: FrameChains) -> Frame? {
        let bytes = chains.bytes
        guard start >= 0, start + 2 <= bytes.count, LocatedFrame.canBegin[Int(bytes[start])] else { return nil }
        let byte1 = bytes[start + 1]
        let short = byte1 & 0x7F
        var isMasked = chains.isMasked
        guard let field = field(short) else { return nil }
        let lengthEnd = start + field.upperBound
        guard lengthEnd <= bytes.count else { return nil }
        // MASK must be as it has to be for this sender, except in the readings about MASK itself.
        var length = bytes[(start + field.lowerBound)..<lengthEnd].number(littleEndian: isLittleEndian)
        switch self {
        case .inOneByte:
            length = isMasked ? (short >= 126 ? UInt64(short) : UInt64(byte1)) : UInt64(byte1)
            guard isMasked == (byte1 & 0x80 != 0) || !isMasked, length >= 126 else { return nil }
        case .wordsRepeated:
            guard length >> 32 == length & 0xFFFF_FFFF, length >> 32 < 1 << 31 else { return nil }
            length &= 0xFFFF_FFFF
        case .oneByteEarly, .oneByteEarlyAndShort:
            guard byte1 & 0x7F == 0 else { return nil }
            // The bit before it is MASK.
            length &= ~(1 << 63)
        case .keyWithoutBit:
            guard byte1 & 0x80 == 0, chains.isMasked else { return nil }
            if short < 126 { length = UInt64(short) }
        case .bitWithoutKey:
            guard byte1 & 0x80 != 0 else { return nil }
            if short < 126 { length = UInt64(short) }
            isMasked = false
        case .littleEndian16, .littleEndian64, .wide126, .wide127, .littleEndianWide127, .short127, .unannounced16,
            .unannounced64, .long126:
            guard isMasked == (byte1 & 0x80 != 0) else { return nil }
        }
        if self != .keyWithoutBit, self != .bitWithoutKey, length < 126 { return nil }
        guard length < 1 << 62 else { return nil }
        let payloadStart = lengthEnd + gap + (isMasked ? 4 : 0)
        guard payloadStart <= bytes.count else { return nil }
        let keyStart = payloadStart - 4
        let key =
            isMasked
            ? MaskingKey(bytes[keyStart], bytes[keyStart + 1], bytes[keyStart + 2], bytes[keyStart + 3]) : nil
        var header = EncodedFrameHeader()
        header.append(bytes[start])
        header.append(byte1)
        return Frame(
            header: header, start: start, payloadStart: payloadStart, length: length,
            end: LocatedFrame.sum(payloadStart, Int(clamping: length)), key: key)
    }

    /// Returns the range of its length, from the frame's start; nil if byte 1 announces another form.
    private func field(_ short: UInt8) -> Range<Int>? {
        switch self {
        case .littleEndian16: short == 126 ? 2..<4 : nil
        case .wide126: short == 126 ? 2..<6 : nil
        case .littleEndian64, .wordsRepeated: short == 127 ? 2..<10 : nil
        case .unannounced16: short == 0 ? 2..<4 : nil
        case .unannounced64: short == 0 ? 2..<10 : nil
        case .long126: short == 126 ? 2..<10 : nil
        case .wide127, .littleEndianWide127: short == 127 ? 2..<6 : nil
        case .short127: short == 127 ? 2..<4 : nil
        case .oneByteEarly, .oneByteEarlyAndShort: 1..<9
        case .inOneByte: 1..<2
        case .keyWithoutBit, .bitWithoutKey: short == 126 ? 2..<4 : short == 127 ? 2..<10 : 1..<2
        }
    }

    private var isLittleEndian: Bool {
        self == .littleEndian16 || self == .littleEndian64 || self == .littleEndianWide127
    }

    /// The number of bytes between the length and what follows it: the last byte of a header of ten that was filled
    /// one byte early.
    private var gap: Int { self == .oneByteEarly ? 1 : 0 }

    /// What the reading says about a frame: `its two bytes of length are in little-endian order`.
    var claim: String {
        switch self {
        case .littleEndian16: "its 2 bytes of length are in little-endian order"
        case .littleEndian64: "its 8 bytes of length are in little-endian order"
        case .wide126: "126 is followed by a length of 32 bits instead of 16"
        case .wide127: "127 is followed by a length of 32 bits instead of 64"
        case .littleEndianWide127: "127 is followed by a length of 32 bits, in little-endian order, instead of 64"
        case .short127: "127 is followed by a length of 16 bits instead of 64"
        case .wordsRepeated: "the high 32 bits of its length repeat the low ones"
        case .oneByteEarly, .oneByteEarlyAndShort:
            "the 8 bytes of its length begin one byte early, in byte 1, where 127 should be"
        case .unannounced16: "byte 1 announces no further bytes of length, and 2 follow (126 was never written)"
        case .unannounced64: "byte 1 announces no further bytes of length, and 8 follow (127 was never written)"
        case .long126: "126 is followed by a length of 64 bits instead of 16"
        case .inOneByte: "the length was written into byte 1, which holds no more than 125"
        case .keyWithoutBit: "a masking key follows the length although MASK is not set"
        case .bitWithoutKey: "MASK is set and no masking key follows"
        }
    }

    /// -log₂ of how often somebody writes such a header.
    var cost: Int {
        switch self {
        case .littleEndian16, .littleEndian64, .wide127, .inOneByte: 3
        case .wide126, .short127, .wordsRepeated, .oneByteEarly, .oneByteEarlyAndShort: 4
        case .unannounced16, .unannounced64, .long126: 5
        case .littleEndianWide127: 6
        case .keyWithoutBit, .bitWithoutKey: 4
        }
    }

    /// Returns the bits by which the header's own bytes support the reading: how unlikely they are by chance.
    func evidence(_ frame: Frame, declared: UInt64) -> Int {
        switch self {
        case .wordsRepeated: 24
        // A sender that writes 8 bytes of length has a reason to.
        case .littleEndian64: declared > 1 << 40 && (65_536..<1 << 31).contains(frame.length) ? 24 : 0
        case .wide127, .littleEndianWide127, .short127: declared > 1 << 40 ? 6 : 0
        case .oneByteEarly, .oneByteEarlyAndShort: frame.length < 1 << 32 ? 16 : 0
        case .unannounced64: (65_536..<1 << 32).contains(frame.length) ? 16 : 0
        case .long126: frame.length < 1 << 32 ? 12 : 0
        default: 0
        }
    }
}
