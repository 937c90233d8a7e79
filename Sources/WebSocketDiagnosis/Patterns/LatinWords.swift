internal import WebSocketFrames

/// Bytes above 7F, interpreted as letters of a charset and judged by the words around them.
struct LatinWords {
    /// The number of them in plausible words.
    private(set) var letters = 0
    /// The number of them next to numbers, as signs of units are: `22 °C`, `12 €`.
    private(set) var measures = 0

    /// The number of the letters that are specific to this charset.
    private(set) var distinctive = 0
    /// The number of runs of bytes above 7F: a single one may be one malformed character of UTF-8.
    private(set) var rows = 0
    private let alphabet: LatinAlphabet

    /// Nil if some byte is implausible in a text in that charset, or as plausible in UTF-8.
    init?(_ bytes: [UInt8], in alphabet: LatinAlphabet) {
        self.alphabet = alphabet
        var others = 0
        for index in bytes.indices {
            guard bytes[index] >= 0x80 else {
                guard CleanText.isASCII(bytes[index]) else { return nil }
                continue
            }
            if index + 1 < bytes.count, CleanText.wellFormedCount(of: bytes[index..<(index + 2)]) == 2 { return nil }
            if alphabet.isLetter(bytes[index]), !isAlone(index, bytes) {
                switch word(around: index, bytes) {
                case .sensible:
                    letters += 1
                    if index == 0 || bytes[index - 1] < 0x80 { rows += 1 }
                    if alphabet.distinctive.contains(bytes[index]) { distinctive += 1 }
                case .short: others += 1
                case .senseless: return nil
                }
            } else if isMeasure(index, bytes) {
                measures += 1
            } else {
                guard alphabet.signs.contains(bytes[index]) || bytes[index] == Self.preposition else { return nil }
                others += 1
            }
        }
        guard others <= letters + measures, (letters + measures + others) * alphabet.density <= bytes.count + 3 else {
            return nil
        }
    }

    /// `à`, a word of its own.
    private static let preposition: UInt8 = 0xE0

    private func isAlone(_ index: Int, _ bytes: [UInt8]) -> Bool {
        (index == 0 || !alphabet.isLetter(bytes[index - 1]))
            && (index + 1 == bytes.count || !alphabet.isLetter(bytes[index + 1]))
    }

    /// What a word says about the letter in it.
    private enum Word {
        case sensible
        /// It has too little ASCII to decide.
        case short
        case senseless
    }

    /// Judges a word: a plausible one has two different letters of ASCII, few of the others in a row, and no capital
    /// after a small letter.
    private func word(around index: Int, _ bytes: [UInt8]) -> Word {
        let before = bytes[..<index].suffix(24).reversed().prefix { alphabet.isLetter($0) }.reversed()
        let word = Array(before) + bytes[index...].prefix(24).prefix { alphabet.isLetter($0) }
        let ascii = word.filter { CleanText.isLetter($0) }
        var row = 0
        for byte in word {
            row = byte >= 0x80 ? row + 1 : 0
            if row > alphabet.longestRow { return .senseless }
        }
        let rest = ascii.dropFirst()
        guard rest.allSatisfy({ $0 >= 0x61 }) || ascii.allSatisfy({ $0 < 0x61 }) else { return .senseless }
        if Set(ascii.map { $0 | 0x20 }).count >= 2 { return .sensible }
        return word.count <= 4 && !ascii.isEmpty ? .short : .senseless
    }

    /// Returns whether it is a degree sign, a currency sign, or that of a unit, next to a number.
    private func isMeasure(_ index: Int, _ bytes: [UInt8]) -> Bool {
        func byte(_ at: Int) -> UInt8 { bytes.indices.contains(at) ? bytes[at] : 0x20 }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        let isAfter = isDigit(byte(index - 1)) || (byte(index - 1) == 0x20 && isDigit(byte(index - 2)))
        let next = byte(index + 1)
        switch bytes[index] {
        case 0xB0: return isAfter && (next == 0x43 || next == 0x46 || !alphabet.isLetter(next) && next < 0x80)
        case 0x80: return isAfter && !alphabet.isLetter(next) && next < 0x80 || isDigit(next)
        case 0xA3: return isDigit(next)
        case 0xB5: return isAfter && [0x6D, 0x73, 0x67, 0x41, 0x56, 0x46, 0x6C].contains(next)
        default: return false
        }
    }
}
