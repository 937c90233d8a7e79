/// The position of a text within a character: all that has to be kept between two reads.
///
/// The states are those of table 3-7 of the Unicode Standard, "Well-Formed UTF-8 Byte Sequences": after some lead
/// bytes the next byte may only be in a part of 80…BF, which excludes overlong forms, surrogates and everything above
/// U+10FFFF. Each state is represented by a lead byte with the same continuation, which is all that the kernels need,
/// since they judge each byte by those before it.
struct UTF8Progress: Sendable, Hashable {
    /// A lead byte after which the text could be in this state; 0 between two characters.
    let pendingLead: UInt8

    /// Between two characters.
    static let boundary = UTF8Progress(pendingLead: 0)
    /// One more byte, 80…BF.
    static let oneMore = UTF8Progress(pendingLead: 0xC2)
    /// Two more bytes, 80…BF.
    static let twoMore = UTF8Progress(pendingLead: 0xE1)
    /// Three more bytes, 80…BF.
    static let threeMore = UTF8Progress(pendingLead: 0xF1)
    /// After E0: A0…BF, then one more. (Below would be overlong.)
    static let afterE0 = UTF8Progress(pendingLead: 0xE0)
    /// After ED: 80…9F, then one more. (Above would be a surrogate.)
    static let afterED = UTF8Progress(pendingLead: 0xED)
    /// After F0: 90…BF, then two more. (Below would be overlong.)
    static let afterF0 = UTF8Progress(pendingLead: 0xF0)
    /// After F4: 80…8F, then two more. (Above would be over U+10FFFF.)
    static let afterF4 = UTF8Progress(pendingLead: 0xF4)

    /// Consumes the next byte of the text; returns false if it is not well-formed UTF-8 there.
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
