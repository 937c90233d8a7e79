// Forms that are pieces of programs: what may precede the bytes makes them hard to recognise.
extension HexFormatDetector {
    /// Returns whether there is `<Buffer`, possibly in brackets.
    static func isNodeBuffer(_ text: Span<UInt8>) -> Bool {
        var index = 0
        while index < text.count, text[index].isOpener || text[index].isWhiteSpace { index += 1 }
        guard text.has("<Buffer", at: index) else { return false }
        let end = index + 7
        return end == text.count || text[end] == ASCII.greater || text[end].isWhiteSpace
    }

    /// Returns whether there are quotes after a `b`, preceded only by words and punctuation: `b'…'`, `data =
    /// bytearray(b"…")`; or quotes at the start whose text begins with an escape.
    static func isBytesLiteral(_ line: Span<UInt8>) -> Bool {
        var index = 0
        while index < line.count, line[index] != ASCII.quote, line[index] != ASCII.doubleQuote {
            let byte = line[index]
            guard byte.isWordByte || byte.isOpener || byte.isWhiteSpace || "=+.:".utf8.contains(byte) else {
                return false
            }
            index += 1
        }
        guard index < line.count else { return false }
        if index == 0 { return line.has("\\x", at: 1) }
        guard line[index - 1] | 0x20 == ASCII.b else { return false }
        guard index > 1 else { return true }
        return line[index - 2].isOpener || line[index - 2].isWhiteSpace || "=+".utf8.contains(line[index - 2])
    }

    /// `0x81`; the same in brackets, after a declaration; the empty array that `xxd -i` prints; or a C comment.
    static func isByteList(_ text: Span<UInt8>) -> Bool {
        if text.has("//") || text.has("/*") { return true }
        var index = 0
        var previous: UInt8 = 0
        var declares = false
        while index < text.count {
            let byte = text[index]
            if byte == ASCII.zero, previous == 0 || previous.isOpener {
                let isNumber = text.has("0x", at: index) || text.has("0X", at: index)
                let hasDigit = index + 2 < text.count && text[index + 2].isHexDigit
                return isNumber && hasDigit && (previous == 0 || text[0].isOpener || declares)
            }
            if byte == ASCII.slash, previous == ASCII.openBrace { return declares || text[0].isOpener }
            if byte == ASCII.openParenthesis, previous == ASCII.openBrace {
                // A cast, as in `{(byte) 0x81`.
                index = text.firstIndex(of: ASCII.closeParenthesis, from: index) + 1
                continue
            }
            guard ByteList.canDeclare(byte) else { return false }
            if byte == ASCII.closeBrace, previous == ASCII.openBrace { return declares }
            if byte == ASCII.equals || byte == ASCII.closeBracket && previous == ASCII.openBracket { declares = true }
            if !byte.isWhiteSpace { previous = byte }
            index += 1
        }
        return false
    }
}
