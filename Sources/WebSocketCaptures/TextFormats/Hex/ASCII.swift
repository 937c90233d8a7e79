/// The characters of hex texts and HTTP heads, by name.
enum ASCII {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var doubleQuote: UInt8 { 0x22 }
    static var hash: UInt8 { 0x23 }
    static var quote: UInt8 { 0x27 }
    static var asterisk: UInt8 { 0x2A }
    static var comma: UInt8 { 0x2C }
    static var slash: UInt8 { 0x2F }
    static var zero: UInt8 { 0x30 }
    static var colon: UInt8 { 0x3A }
    static var semicolon: UInt8 { 0x3B }
    static var less: UInt8 { 0x3C }
    static var equals: UInt8 { 0x3D }
    static var greater: UInt8 { 0x3E }
    static var backslash: UInt8 { 0x5C }
    static var b: UInt8 { 0x62 }
    static var x: UInt8 { 0x78 }
    static var openBracket: UInt8 { 0x5B }
    static var closeBracket: UInt8 { 0x5D }
    static var openParenthesis: UInt8 { 0x28 }
    static var closeParenthesis: UInt8 { 0x29 }
    static var openBrace: UInt8 { 0x7B }
    static var bar: UInt8 { 0x7C }
    static var closeBrace: UInt8 { 0x7D }
}

extension UInt8 {
    /// Space, tab, line feed, vertical tab, form feed or carriage return.
    @inline(__always)
    var isWhiteSpace: Bool { self == ASCII.space || (self >= 0x09 && self <= 0x0D) }

    /// `0`…`9`
    @inline(__always)
    var isDecimalDigit: Bool { self &- ASCII.zero < 10 }

    /// `0`…`9`, `a`…`f`, `A`…`F`
    @inline(__always)
    var isHexDigit: Bool { HexDigits.value(of: self) < 16 }

    /// Whether it may be part of an identifier: letters, digits, `_`.
    var isWordByte: Bool { isDecimalDigit || (self | 0x20) &- 0x61 < 26 || self == 0x5F }

    var isOpener: Bool { self == ASCII.openBrace || self == ASCII.openBracket || self == ASCII.openParenthesis }
    var isCloser: Bool { self == ASCII.closeBrace || self == ASCII.closeBracket || self == ASCII.closeParenthesis }

    /// Upper case as lower case; everything else unchanged.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The character as messages show it: `'g'`, or `byte 0x1B` if it is not printable.
    var shown: String {
        switch self {
        case ASCII.lineFeed, ASCII.carriageReturn: "the end of the line"
        case ASCII.tab: "a tab"
        case ASCII.space: "a space"
        case 0x21...0x7E: "'\(Character(Unicode.Scalar(self)))'"
        default: "byte 0x" + (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true)
        }
    }
}

extension Span<UInt8> {
    /// Returns whether the bytes from `index` on begin with those of `text`.
    func has(_ text: String, at index: Int = 0) -> Bool {
        var at = index
        for byte in text.utf8 {
            guard at < count, self[at] == byte else { return false }
            at &+= 1
        }
        return true
    }

    /// Returns the first index from `start` on whose byte is `byte`, or `count`. Examines eight bytes at a time.
    func firstIndex(of byte: UInt8, from start: Int = 0) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        while count &- index >= 8 {
            let word = uint64(at: index, .little) ^ (UInt64(byte) &* ones)
            // The lowest byte that is zero has its top bit set, and none below it.
            let zeros = (word &- ones) & ~word & (ones << 7)
            if zeros != 0 { return index &+ zeros.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < count, self[index] != byte { index &+= 1 }
        return index
    }
}
