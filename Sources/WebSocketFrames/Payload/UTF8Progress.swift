/// Where in a character a text stands: all that must be remembered of it between two reads.
///
/// The states are those of table 3-7 of the Unicode Standard, "Well-Formed UTF-8 Byte Sequences": after some lead bytes
/// the next byte may only come from a part of 80…BF, which is what keeps out overlong forms, surrogates and everything
/// above U+10FFFF.
enum UTF8Progress: UInt8, Sendable, Hashable {
    /// Between two characters.
    case boundary
    /// One more byte, 80…BF.
    case oneMore
    /// Two more bytes, 80…BF.
    case twoMore
    /// Three more bytes, 80…BF.
    case threeMore
    /// After E0: A0…BF, then one more. (Below would be overlong.)
    case afterE0
    /// After ED: 80…9F, then one more. (Above would be a surrogate.)
    case afterED
    /// After F0: 90…BF, then two more. (Below would be overlong.)
    case afterF0
    /// After F4: 80…8F, then two more. (Above would be over U+10FFFF.)
    case afterF4

    /// How many more bytes the open character has.
    var missing: Int {
        switch self {
        case .boundary: 0
        case .oneMore: 1
        case .twoMore, .afterE0, .afterED: 2
        case .threeMore, .afterF0, .afterF4: 3
        }
    }

    /// Takes the next byte of the text; false where no well-formed UTF-8 could have it there.
    mutating func take(_ byte: UInt8) -> Bool {
        switch (self, byte) {
        case (.boundary, 0x00...0x7F): self = .boundary
        case (.boundary, 0xC2...0xDF): self = .oneMore
        case (.boundary, 0xE0): self = .afterE0
        case (.boundary, 0xED): self = .afterED
        case (.boundary, 0xE1...0xEF): self = .twoMore
        case (.boundary, 0xF0): self = .afterF0
        case (.boundary, 0xF1...0xF3): self = .threeMore
        case (.boundary, 0xF4): self = .afterF4
        case (.oneMore, 0x80...0xBF): self = .boundary
        case (.twoMore, 0x80...0xBF), (.afterE0, 0xA0...0xBF), (.afterED, 0x80...0x9F): self = .oneMore
        case (.threeMore, 0x80...0xBF), (.afterF0, 0x90...0xBF), (.afterF4, 0x80...0x8F): self = .twoMore
        default: return false
        }
        return true
    }
}
