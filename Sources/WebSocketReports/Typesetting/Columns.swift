/// The width of text on a terminal, and the wrapping of prose.
enum Columns {
    /// Returns the number of columns that a text takes: 0 for combining marks, 2 for wide characters.
    static func count(in text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        guard scalar.value >= 0x300 else { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }

    /// Returns this many spaces; none for a negative count.
    static func spaces(_ count: Int) -> String {
        String(repeating: " ", count: max(count, 0))
    }

    /// Returns a text padded with spaces to a width.
    static func padded(_ text: String, to width: Int) -> String {
        text + spaces(width - count(in: text))
    }

    /// Returns as much of a text as fits, with `…` in the last column if it does not fit.
    ///
    /// - Parameter always: whether to cut even if the text fits exactly, because something follows.
    static func cut(_ text: String, to width: Int, always: Bool = false) -> String {
        guard always || count(in: text) > width else { return text }
        guard width > 0 else { return "" }
        var used = 0
        var kept = ""
        for scalar in text.unicodeScalars {
            used += self.width(of: scalar)
            // The last column is reserved for the dots.
            guard used < width else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "…"
    }

    /// Returns a text centred in this many columns.
    static func centered(_ text: String, in width: Int) -> String {
        let free = max(width - count(in: text), 0)
        return spaces(free / 2) + text + spaces(free - free / 2)
    }

    /// Returns prose in lines of at most `width` columns, broken at spaces; a longer word is cut. The number of
    /// spaces inside a line does not change.
    ///
    /// - Parameter firstWidth: the width of the first line, if it differs.
    static func wrapped(_ prose: String, width: Int, firstWidth: Int? = nil) -> [String] {
        let width = max(width, 1)
        var lines: [String] = []
        var line = ""
        var used = 0
        var room: Int { lines.isEmpty ? max(firstWidth ?? width, 1) : width }
        // Most prose fits. (Spaces at its beginning would be dropped.)
        if !prose.hasPrefix(" "), count(in: prose) <= room { return [prose] }
        for word in words(of: prose) {
            let wordWidth = count(in: word)
            if used > 0, used + 1 + wordWidth <= room {
                line += " " + word
                used += 1 + wordWidth
                continue
            }
            if used > 0 {
                lines.append(line)
                (line, used) = ("", 0)
            }
            guard wordWidth > room else {
                (line, used) = (word, wordWidth)
                continue
            }
            for character in word {
                let characterWidth = count(in: String(character))
                if used > 0, used + characterWidth > room {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                line.append(character)
                used += characterWidth
            }
        }
        if used > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }

    private static func isReference(_ word: String) -> Bool {
        word.hasPrefix("RFC ") || word.hasPrefix("(RFC ")
    }

    /// Returns the parts that may not be broken: words, and references such as `RFC 6455 §5.2`.
    private static func words(of prose: String) -> [String] {
        var words: [String] = []
        for word in prose.split(separator: " ", omittingEmptySubsequences: false) {
            if let last = words.last, last == "RFC" || last == "(RFC" || (word.hasPrefix("§") && isReference(last)) {
                words[words.count - 1] += " " + word
            } else {
                words.append(String(word))
            }
        }
        return words
    }
}
