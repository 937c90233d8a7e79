extension Base64 {
    /// Decodes a line, which may end with padding.
    ///
    /// - Returns: the index of the fault, or nil if there is none. All complete groups of four before it have been
    ///   appended.
    package static func decode(_ line: Span<UInt8>, from start: Int, into bytes: inout [UInt8]) -> Int? {
        var end = line.count
        while end > start, isWhiteSpace(line[end - 1]) { end -= 1 }
        var index = start
        while index < end {
            guard end - index >= 4 else { return broken(line, in: index..<end) ?? line.count }
            var padding = 0
            if index + 4 == end, line[end - 1] == pad { padding = line[end - 2] == pad ? 2 : 1 }
            if let at = broken(line, in: index..<(index + 4 - padding)) { return at }
            let word = (0..<4).reduce(UInt32(0)) { $0 << 6 | UInt32(value(of: line[index + $1]) & 0x3F) }
            bytes.append(UInt8(truncatingIfNeeded: word >> 16))
            if padding < 2 { bytes.append(UInt8(truncatingIfNeeded: word >> 8)) }
            if padding < 1 { bytes.append(UInt8(truncatingIfNeeded: word)) }
            index += 4
        }
        return nil
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func broken(_ line: Span<UInt8>, in range: Range<Int>) -> Int? {
        range.first { value(of: line[$0]) > 63 }
    }

    /// Returns the value of a character, 0…63; 255 for any other byte.
    private static func value(of byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte - 0x41
        case 0x61...0x7A: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: 255
        }
    }
}
