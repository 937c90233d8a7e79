internal import WebSocketFrames

/// A single-byte charset with Latin letters: ASCII, and more above 7F.
struct LatinAlphabet {
    let name: String
    /// Its letters above 7F.
    private let letters: Set<UInt8>
    /// Letters that are symbols in Windows-1252, or hardly occur in its languages.
    let distinctive: Set<UInt8>
    /// Quotation marks, dashes and other symbols.
    let signs: Set<UInt8>
    /// At most one byte in this many is above 7F.
    let density: Int

    /// The most letters above 7F in a row: příště.
    var longestRow: Int { density == 2 ? 3 : 2 }

    func isLetter(_ byte: UInt8) -> Bool { CleanText.isLetter(byte) || letters.contains(byte) }

    /// Quotation marks, dashes and symbols that have the same code in all of them.
    private static let windowsSigns = Set<UInt8>(
        [0x80, 0x84, 0x85] + Array(0x91...0x97) + [0xA0, 0xA7, 0xA9, 0xAB, 0xAE, 0xB0, 0xB1, 0xB4, 0xB5, 0xB7, 0xBB])

    /// The usual letters of texts in western languages.
    static let western = LatinAlphabet(
        name: "Latin-1, Windows-1252",
        letters: Set(
            [0xC4, 0xC5, 0xC6, 0xC7, 0xC9, 0xD1, 0xD6, 0xD8, 0xDC, 0xDF] + Array(0xE0...0xEF) + Array(0xF1...0xF6)
                + Array(0xF8...0xFC)),
        distinctive: [], signs: windowsSigns.union([0xA1, 0xA3, 0xAA, 0xB2, 0xB3, 0xBA, 0xBD, 0xBF]), density: 3)

    /// Alphabets whose texts Latin-1 does not explain.
    static let others = [
        LatinAlphabet(
            name: "Windows-1254 (ISO 8859-9), the charset of Turkish",
            letters: [0xC7, 0xD0, 0xD6, 0xDC, 0xDD, 0xDE, 0xE2, 0xE7, 0xEE, 0xF0, 0xF6, 0xFB, 0xFC, 0xFD, 0xFE],
            distinctive: [0xD0, 0xDD, 0xDE, 0xF0, 0xFD, 0xFE], signs: windowsSigns, density: 2),
        LatinAlphabet(
            name: "Windows-1250, the charset of Central Europe",
            letters: Set(
                [0x8A, 0x8C, 0x8D, 0x8E, 0x8F, 0x9A, 0x9C, 0x9D, 0x9E, 0x9F, 0xA3, 0xA5, 0xAA, 0xAF, 0xB3, 0xB9, 0xBA]
                    + [0xBC, 0xBE, 0xBF] + Array(0xC0...0xD6) + Array(0xD8...0xF6) + Array(0xF8...0xFE)),
            distinctive: [0x8A, 0x8C, 0x8D, 0x8E, 0x8F, 0x9A, 0x9C, 0x9D, 0x9E, 0x9F, 0xB3, 0xB9, 0xBE, 0xBF],
            signs: windowsSigns, density: 2),
        LatinAlphabet(
            name: "ISO 8859-2, the charset of Central Europe",
            letters: Set(
                [0xA1, 0xA3, 0xA5, 0xA6, 0xA9, 0xAB, 0xAC, 0xAE, 0xAF, 0xB1, 0xB3, 0xB5, 0xB6, 0xB9, 0xBB, 0xBC, 0xBE]
                    + [0xBF] + Array(0xC0...0xD6) + Array(0xD8...0xF6) + Array(0xF8...0xFE)),
            distinctive: [0xA6, 0xA9, 0xAC, 0xAE, 0xB1, 0xB5, 0xB6, 0xB9, 0xBB, 0xBC, 0xBE], signs: [0xA0, 0xA7, 0xB0],
            density: 2),
    ]
}

extension LegacyCharset {
    /// Returns a charset with Latin letters, other than Latin-1, in which alone the words make sense.
    static func latin(_ bytes: [UInt8]) -> (name: String, certainty: Diagnosis.Certainty)? {
        guard LatinWords(bytes, in: .western) == nil else { return nil }
        let fitting = LatinAlphabet.others.compactMap { alphabet -> (name: String, distinctive: Int, letters: Int)? in
            LatinWords(bytes, in: alphabet).flatMap {
                $0.distinctive > 0 && $0.rows > 1 ? (alphabet.name, $0.distinctive, $0.letters) : nil
            }
        }
        guard let best = fitting.max(by: { $0.distinctive < $1.distinctive }), best.letters >= 3 else { return nil }
        let rivals = fitting.filter { $0.name != best.name && $0.distinctive * 2 >= best.distinctive }.map(\.name)
        return (
            ([best.name] + rivals).joined(separator: ", or "),
            best.distinctive > 1 && rivals.isEmpty ? .likely : .possible
        )
    }
}
