/// Texts that could control a terminal, break a line, or pass for something else.
enum HostileText {
    static let all = [
        "\u{1B}]0;owned\u{7}", "\u{1B}[2J\u{1B}[31mred", "two\r\nlines\n", "\u{9B}2J\u{85}\u{7F}\u{0}",
        "\u{202E}gnp.exe\u{2066}",
        "a\u{2028}b\u{2029}c\u{FEFF}\u{200B}\u{AD}", "z\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "\"quoted\" \\ 'x'",
        "/chat, permessage-deflate agreed", "漢字かな🙂🙂", String(repeating: "long ", count: 400), "",
    ]

    /// Whether a report may print it: nothing moves the cursor, hides or reorders text, or adds a line.
    static func isHarmless(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: false
            default: true
            }
        }
    }
}
