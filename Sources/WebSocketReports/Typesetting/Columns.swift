/// How much room text takes on a terminal, and how prose is broken into lines.
enum Columns {
    /// The columns that a text takes: 0 for marks that stand on the character before, 2 for wide characters.
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

    /// So many spaces; none for a negative count.
    static func spaces(_ count: Int) -> String {
        String(repeating: " ", count: max(count, 0))
    }

    /// A text with spaces after it up to that width.
    static func padded(_ text: String, to width: Int) -> String {
        text + spaces(width - count(in: text))
    }

    /// A text as far as it fits, with `…` in the last column where it does not.
    ///
    /// - Parameter always: cut it also where it fits just so, since something follows.
    static func cut(_ text: String, to width: Int, always: Bool = false) -> String {
        guard always || count(in: text) > width else { return text }
        guard width > 0 else { return "" }
        var used = 0
        var kept = ""
        for scalar in text.unicodeScalars {
            used += self.width(of: scalar)
            // The last column is for the dots.
            guard used < width else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + "…"
    }

    /// A text centred in this many columns.
    static func centered(_ text: String, in width: Int) -> String {
        let free = max(width - count(in: text), 0)
        return spaces(free / 2) + text + spaces(free - free / 2)
    }

    /// Prose in lines of at most `width` columns, broken at spaces; a word that is longer is cut. Spaces inside a line
    /// stay as many as they are.
    ///
    /// - Parameter firstWidth: the room of the first line, where it differs.
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

    /// What may not be broken: words, and references as `RFC 6455 §5.2`.
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
