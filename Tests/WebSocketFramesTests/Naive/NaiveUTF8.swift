/// UTF-8 judged from its definition, slowly: a sequence is well-formed when it is how some Unicode scalar value is
/// encoded, and a beginning is sound when some scalar value's encoding begins so.
enum NaiveUTF8 {
    enum Finding: Equatable {
        /// Every character is whole.
        case whole
        /// The last character is not whole, and could still become so.
        case endsInside
        /// No well-formed text begins with the bytes up to and including this one.
        case bad(at: Int)
    }

    static func judge(_ bytes: [UInt8]) -> Finding {
        var start = 0
        while start < bytes.count {
            guard let size = size(lead: bytes[start]) else { return .bad(at: start) }
            for end in start..<(start + size) {
                if end == bytes.count { return .endsInside }
                if !someScalarBegins(with: Array(bytes[start...end]), size: size) { return .bad(at: end) }
            }
            start += size
        }
        return .whole
    }

    /// How many bytes a character has, by the bit pattern of its first one.
    private static func size(lead: UInt8) -> Int? {
        if lead & 0b1000_0000 == 0 { return 1 }
        if lead & 0b1110_0000 == 0b1100_0000 { return 2 }
        if lead & 0b1111_0000 == 0b1110_0000 { return 3 }
        if lead & 0b1111_1000 == 0b1111_0000 { return 4 }
        return nil
    }

    /// Whether there is a scalar value whose encoding has `size` bytes and begins with `beginning`.
    private static func someScalarBegins(with beginning: [UInt8], size: Int) -> Bool {
        var value: UInt32 = 0
        for (index, byte) in beginning.enumerated() {
            if index > 0 {
                guard byte & 0b1100_0000 == 0b1000_0000 else { return false }
                value = value << 6 | UInt32(byte & 0b0011_1111)
            } else {
                value = UInt32(byte) & [0x7F, 0x1F, 0x0F, 0x07][size - 1]
            }
        }
        // The bits that are still to come may be anything: which values are these?
        let open = UInt32(6 * (size - beginning.count))
        let first = value << open
        let last = first | ((1 << open) - 1)
        // Which of them need just `size` bytes, and are no surrogates?
        let fitting: [ClosedRange<UInt32>] =
            switch size {
            case 1: [0...0x7F]
            case 2: [0x80...0x7FF]
            case 3: [0x800...0xD7FF, 0xE000...0xFFFF]
            default: [0x1_0000...0x10_FFFF]
            }
        return fitting.contains { $0.overlaps(first...last) }
    }
}
