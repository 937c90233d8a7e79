// Nothing from an input may control the terminal: whatever is not plainly visible is escaped.

enum Escaping {
    /// Returns a text in which every invisible character, and every one that could move, hide or reorder others, is
    /// written as `\x1B` or `\u{202E}`. What is left are visible characters and combining marks on them.
    static func visible(_ text: String) -> String {
        rewritten(text, where: isRewritten, append)
    }

    /// Returns the escaped text for use between quotes: `"` and `\` are escaped as well.
    static func quoted(_ text: String) -> String {
        let isSpecial = { isRewritten($0) || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
        let inner = rewritten(text, where: isSpecial) {
            if $0 == "\"" || $0 == "\\" { $1 += "\\" }
            append($0, to: &$1)
        }
        return "\"" + inner + "\""
    }

    /// Returns a text with some of its characters rewritten. All between them is copied in runs, since most texts hold none.
    ///
    /// - Parameters:
    ///   - isRewritten: says whether a byte of UTF-8 begins such a character.
    ///   - write: appends what stands for the character.
    static func rewritten(
        _ text: String, where isRewritten: (UInt8) -> Bool, _ write: (Unicode.Scalar, inout String) -> Void
    ) -> String {
        var result = ""
        var rest = text[...]
        while let index = rest.utf8.firstIndex(where: isRewritten) {
            result += rest[..<index]
            write(rest.unicodeScalars[index], &result)
            rest = rest[rest.unicodeScalars.index(after: index)...]
        }
        return result + rest
    }

    /// Returns whether a byte of UTF-8 is anything but a visible character of ASCII.
    private static func isRewritten(_ byte: UInt8) -> Bool { !(0x20...0x7E).contains(byte) }

    /// Returns the escape of a byte that is not text.
    static func byte(_ byte: UInt8) -> String { "\\x" + Numbers.hexDigits(byte) }

    private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case _ where isVisible(scalar, after: text): text.unicodeScalars.append(scalar)
        case _ where scalar.value < 0x100: text += byte(UInt8(truncatingIfNeeded: scalar.value))
        default: text += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }

    private static func isVisible(_ scalar: Unicode.Scalar, after text: String) -> Bool {
        if (0x20...0x7E).contains(scalar.value) { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        case .nonspacingMark, .enclosingMark, .spacingMark:
            // A mark needs a letter to combine with, and a pile of them would run into the neighbouring lines.
            guard !scalar.properties.isDefaultIgnorableCodePoint, let last = text.last else { return false }
            return last.isLetter && last.unicodeScalars.count < 4
        default:
            return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
