import Testing

import WebSocketInspection
@testable import WebSocketReports

@Suite struct EscapingTests {
    @Test(arguments: [
        ("dump.bin", "dump.bin"),
        ("a b", "a b"),
        ("Grüße 漢字 🙂", "Grüße 漢字 🙂"),
        ("\u{1B}[31m", "\\x1B[31m"),
        ("a\nb\r\tc\u{0}", "a\\nb\\r\\tc\\x00"),
        ("\u{7F}\u{9B}31m", "\\x7F\\x9B31m"),
        ("\u{202E}gnp.\u{2066}", "\\u{202E}gnp.\\u{2066}"),
        ("\u{200B}\u{FEFF}\u{2028}\u{E0041}", "\\u{200B}\\u{FEFF}\\u{2028}\\u{E0041}"),
        ("\u{E000}\u{3164}", "\\u{E000}\\u{3164}"),
        ("\u{301}a\u{301}", "\\u{301}a\u{301}"),
        ("a\u{301}\u{301}\u{301}\u{301}\u{301}", "a\u{301}\u{301}\u{301}\\u{301}\\u{301}"),
        ("\\", "\\"),
    ])
    func onlyVisibleCharactersAreLeft(_ text: String, _ expected: String) {
        #expect(Array(Escaping.visible(text).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test func quotesAreEscapedBetweenQuotes() {
        #expect(Escaping.quoted("a\"b\\c\n") == #""a\"b\\c\n""#)
    }

    @Test func noScalarDrivesTheTerminal() {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = Escaping.visible("x" + String(scalar))
            let isSafe = text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
                default: true
                }
            }
            if !isSafe { Issue.record("U+\(String(value, radix: 16)) gets through") }
        }
    }
}
