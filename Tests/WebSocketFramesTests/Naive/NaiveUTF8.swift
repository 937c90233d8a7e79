/// UTF-8 judged slowly, from its definition: a sequence is well-formed if it is the encoding of some Unicode scalar value,
/// and a beginning is sound if some scalar value's encoding begins with it.
enum NaiveUTF8 {
    enum Finding: Equatable {
        /// Every character is complete.
        case whole
        /// The last character is incomplete, and could still be completed.
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

    /// The length of a character, from the bit pattern of its lead byte.
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
        // The missing bits may have any value: this is the range of scalar values that leaves.
        let open = UInt32(6 * (size - beginning.count))
        let first = value << open
        let last = first | ((1 << open) - 1)
        // Those that take exactly `size` bytes and are not surrogates.
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
