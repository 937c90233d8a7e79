/// Conversion of hexadecimal digits to their values, one at a time or in runs.
enum HexDigits {
    /// Returns the value of a digit, 0…15, or 255 for any other byte.
    @inline(__always)
    static func value(of byte: UInt8) -> UInt8 {
        let decimal = byte &- 0x30
        if decimal < 10 { return decimal }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : 255
    }

    /// Returns the value of a digit of an escape such as `\x81`, 0…15; throws an error at `position` for any other byte.
    static func valueAfterBackslashX(_ byte: UInt8, at position: TextPosition) throws(TextError) -> UInt8 {
        let value = value(of: byte)
        guard value < 16 else {
            throw TextError(position, "\\x needs two hexadecimal digits, and \(byte.shown) is none")
        }
        return value
    }

    /// Decodes the run of digits that begins at `start`, in whole blocks of 16.
    ///
    /// - Returns: The number of characters decoded; half as many bytes have been appended.
    @inline(__always)
    static func appendRun(in text: Span<UInt8>, from start: Int, to bytes: inout [UInt8]) -> Int {
        // Checked before reserving capacity: most runs in spaced text are too short.
        guard text.count &- start >= 16, block(text, at: start) != nil else { return 0 }
        var index = start
        bytes.append(addingCapacity: (text.count &- start) / 2) { output in
            while text.count &- index >= 16, let word = block(text, at: index) {
                for byte in 0..<8 {
                    output.append(UInt8(truncatingIfNeeded: word >> UInt64(truncatingIfNeeded: byte &* 8)))
                }
                index &+= 16
            }
        }
        return index &- start
    }

    /// Returns sixteen digits as eight bytes, the first in the lowest bits; nil if one of them is not a digit.
    @inline(__always)
    private static func block(_ text: Span<UInt8>, at index: Int) -> UInt64? {
        let window = text.extracting(index..<(index &+ 16))
        guard let low = fourBytes(load8(window, at: 0)), let high = fourBytes(load8(window, at: 8)) else { return nil }
        return low | high << 32
    }

    /// Returns eight digits as four bytes, converted at once; nil if one of them is not a digit.
    ///
    /// No sum carries from one character into the next, since each character is less than 0x80.
    @inline(__always)
    private static func fourBytes(_ digits: UInt64) -> UInt64? {
        let high: UInt64 = 0x8080_8080_8080_8080
        guard digits & high == 0 else { return nil }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let folded = digits | ones &* 0x20
        let isDecimal = (digits &+ ones &* 0x50) & ~(digits &+ ones &* 0x46)  // not below '0', not above '9'
        let isLetter = (folded &+ ones &* 0x1F) & ~(folded &+ ones &* 0x19)  // not below 'a', not above 'f'
        guard (isDecimal | isLetter) & high == high else { return nil }
        let values = (digits & (ones &* 0x0F)) &+ ((digits >> 6) & ones) &* 9
        var pairs = (values << 4 | values >> 8) & 0x00FF_00FF_00FF_00FF
        pairs = (pairs | pairs >> 8) & 0x0000_FFFF_0000_FFFF
        return (pairs | pairs >> 16) & 0xFFFF_FFFF
    }

    /// Returns eight characters as one word, the first in the lowest bits; the compiler turns this into a single load.
    @inline(__always)
    private static func load8(_ text: Span<UInt8>, at index: Int) -> UInt64 {
        let low =
            UInt32(text[index]) | UInt32(text[index &+ 1]) << 8 | UInt32(text[index &+ 2]) << 16
            | UInt32(text[index &+ 3]) << 24
        let high =
            UInt32(text[index &+ 4]) | UInt32(text[index &+ 5]) << 8 | UInt32(text[index &+ 6]) << 16
            | UInt32(text[index &+ 7]) << 24
        return UInt64(low) | UInt64(high) << 32
    }
}
