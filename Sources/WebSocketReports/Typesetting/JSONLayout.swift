/// Lays out JSON in lines. Values stay as they are written; only the spaces between them change.
enum JSONLayout {
    /// The deepest nesting that is laid out; deeper text stays as it is.
    private static let deepest = 64

    /// Returns the lines; nil if the text is not a JSON object or array (RFC 8259), judging by its brackets and
    /// strings.
    static func lines(of text: String) -> [String]? {
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.first(where: { !isSpace($0) }), first == "{" || first == "[" else { return nil }
        var lines: [String] = []
        var line = ""
        var closers: [Unicode.Scalar] = []
        var index = 0
        var hasEnded = false
        func breakLine() {
            lines.append(line)
            line = String(repeating: "  ", count: closers.count)
        }
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            if isSpace(scalar) { continue }
            guard !hasEnded else { return nil }
            switch scalar {
            case "{", "[":
                guard closers.count < deepest else { return nil }
                line.unicodeScalars.append(scalar)
                closers.append(scalar == "{" ? "}" : "]")
                while index < scalars.count, isSpace(scalars[index]) { index += 1 }
                if index < scalars.count, scalars[index] == closers.last {
                    line.unicodeScalars.append(closers.removeLast())
                    index += 1
                    hasEnded = closers.isEmpty
                } else {
                    breakLine()
                }
            case "}", "]":
                guard closers.popLast() == scalar else { return nil }
                breakLine()
                line.unicodeScalars.append(scalar)
                hasEnded = closers.isEmpty
            case ",":
                line += ","
                breakLine()
            case ":": line += ": "
            case "\"":
                guard let end = endOfString(from: index, in: scalars) else { return nil }
                line += "\""
                line.unicodeScalars.append(contentsOf: scalars[index..<end])
                index = end
            default: line.unicodeScalars.append(scalar)
            }
        }
        guard hasEnded else { return nil }
        return lines + [line]
    }

    private static func endOfString(from start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        var index = start
        while index < scalars.count {
            switch scalars[index] {
            case "\\": index += 2
            case "\"": return index + 1
            default: index += 1
            }
        }
        return nil
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\n" || scalar == "\r" || scalar == "\t"
    }
}
