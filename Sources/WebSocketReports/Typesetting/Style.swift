/// The style of a piece of a line on a terminal that shows colour.
enum Style: Sendable {
    case plain
    /// Headings and names.
    case strong
    /// What may be skipped at first reading: frames of tables, legends.
    case quiet
    /// What is wrong.
    case fault
    /// What is doubtful.
    case doubt
    /// What is legal.
    case good
    /// What the client sent.
    case client
    /// What the server sent.
    case server

    /// The number of the SGR control sequence; nil for plain text.
    private var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .quiet: "2"
        case .fault: "1;31"
        case .doubt: "1;33"
        case .good: "32"
        case .client: "36"
        case .server: "35"
        }
    }

    /// Returns the text between the sequences that switch the style on and off.
    func applied(to text: String) -> String {
        guard let code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

/// A line to be printed: its pieces, each with its style, and the number of columns they take.
struct StyledLine: Sendable {
    private var pieces: [(text: String, style: Style)] = []
    private(set) var width = 0

    init(_ text: String = "", _ style: Style = .plain) {
        append(text, style)
    }

    mutating func append(_ text: String, _ style: Style = .plain) {
        guard !text.isEmpty else { return }
        pieces.append((text, style))
        width += Columns.count(in: text)
    }

    mutating func append(_ line: StyledLine) {
        pieces += line.pieces
        width += line.width
    }

    /// Adds spaces until the line is `column` columns wide.
    mutating func pad(to column: Int) {
        append(Columns.spaces(column - width))
    }

    /// Returns as much of the line as fits, with `…` in the last column if it does not fit.
    func cut(to width: Int) -> StyledLine {
        guard self.width > width else { return self }
        var line = StyledLine()
        for (text, style) in pieces {
            let room = width - line.width
            guard Columns.count(in: text) >= room else {
                line.append(text, style)
                continue
            }
            line.append(Columns.cut(text, to: room, always: true), style)
            break
        }
        return line
    }

    func text(usesColor: Bool) -> String {
        pieces.reduce(into: "") { text, piece in
            text += usesColor ? piece.style.applied(to: piece.text) : piece.text
        }
    }
}

extension [StyledLine] {
    /// Returns the lines as they are printed, each with its newline and without trailing spaces.
    func text(usesColor: Bool) -> String {
        reduce(into: "") { text, line in
            text += line.text(usesColor: usesColor) + "\n"
        }
    }

    /// Returns the lines moved to the right; empty ones stay empty.
    func indented(by count: Int) -> [StyledLine] {
        map { line in
            guard line.width > 0 else { return line }
            var indented = StyledLine(Columns.spaces(count))
            indented.append(line)
            return indented
        }
    }
}
