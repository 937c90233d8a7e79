/// One line of a dump, read from left to right: its offset and its bytes, but not its characters.
struct DumpLine {
    /// What a line begins with.
    enum Opening {
        /// Blank, or a comment.
        case nothing
        case asterisk(TextPosition)
        /// The range of the digits of its offset.
        case offset(Range<Int>)
    }

    private let number: Int
    private var index = 0
    /// Whether the offset ended with a colon.
    private(set) var isXXD = false
    /// The number of digits of the first group of bytes, 0 if there is none.
    private var groupDigits = 0
    /// Whether every group so far has eight digits, all of them 0 or 1.
    private var isBinary = true

    /// Creates a reader of the line with this number.
    init(number: Int) {
        self.number = number
    }

    /// Returns the position of the byte at `index`.
    func position(_ index: Int) -> TextPosition {
        TextPosition(line: number, column: index + 1)
    }

    /// Reads up to the first byte.
    mutating func begin(_ text: Span<UInt8>) throws(TextError) -> Opening {
        skipWhiteSpace(text)
        let start = index
        guard index < text.count, text[index] != ASCII.hash else { return .nothing }
        if text[index] == ASCII.asterisk {
            index += 1
            skipWhiteSpace(text)
            guard index == text.count else { throw TextError(position(index), "\(text[index].shown) after '*'") }
            return .asterisk(position(start))
        }
        skipDigits(text)
        let digits = start..<index
        if !digits.isEmpty, index < text.count, text[index] == ASCII.colon {
            isXXD = true
            index += 1
        }
        guard !digits.isEmpty, index == text.count || text[index].isWhiteSpace else {
            throw TextError(position(index), "\(text[index].shown) where an offset must come")
        }
        return .offset(digits)
    }

    /// Reads the bytes, up to where the column of characters begins.
    mutating func readBytes(_ text: Span<UInt8>, into bytes: inout [UInt8]) throws(TextError) {
        // This many spaces after a group begin the column: one more than may separate two groups.
        let parting = isXXD ? 2 : 3
        while true {
            let end = index
            skipWhiteSpace(text)
            guard index < text.count, groupDigits == 0 || index - end < parting else {
                index = end
                return
            }
            if text[index] == ASCII.hash || !isXXD && (text[index] == ASCII.bar || text[index] == ASCII.greater) {
                return
            }
            try readGroup(text, into: &bytes)
        }
    }

    private mutating func readGroup(_ text: Span<UInt8>, into bytes: inout [UInt8]) throws(TextError) {
        let start = index
        skipDigits(text)
        let digits = index - start
        guard index == text.count || text[index].isWhiteSpace else {
            throw TextError(position(index), "\(text[index].shown) is not a hexadecimal digit")
        }
        guard digits % 2 == 0 || !isXXD && digits > 2 else {
            throw TextError(
                position(index - 1),
                "odd number of hexadecimal digits: this last one of its group has no partner"
            )
        }
        guard isXXD || digits == 2 else {
            throw TextError(
                position(start),
                "\(digits) digits are not a byte, and the byte order of words is unknown: dump with xxd or hexdump -C"
            )
        }
        if groupDigits == 0 { groupDigits = digits }
        for at in stride(from: start, to: index, by: 2) {
            bytes.append(HexDigits.value(of: text[at]) << 4 | HexDigits.value(of: text[at + 1]))
        }
        isBinary = isBinary && digits == 8 && (start..<index).allSatisfy { text[$0] & 0xFE == ASCII.zero }
    }

    /// Checks, by the column of characters, whether `xxd` was asked for bits or for little-endian words, which look
    /// like bytes but are not in order.
    func checkOrder(of bytes: [UInt8], in text: Span<UInt8>) throws(TextError) {
        var end = text.count
        if end > 0, text[end - 1] == ASCII.carriageReturn { end -= 1 }
        guard isXXD, !bytes.isEmpty, end - index > 2 else { return }
        if isBinary, end - index < bytes.count + 2 {
            throw TextError(position(0), "bits instead of hexadecimal digits: dump with xxd, without -b")
        }
        let width = groupDigits / 2
        guard width > 1, end - index >= bytes.count + 2 else { return }
        let column = end - bytes.count
        var isAsPrinted = true
        var isSwapped = true
        for (at, byte) in bytes.enumerated() {
            let shown = byte >= 0x20 && byte < 0x7F ? byte : 0x2E
            let group = at / width * width
            let swapped = group + (min(group + width, bytes.count) - 1 - at % width - group)
            if text[column + at] != shown { isAsPrinted = false }
            if text[column + swapped] != shown { isSwapped = false }
        }
        if isSwapped, !isAsPrinted {
            throw TextError(position(0), "little-endian words instead of bytes: dump with xxd, without -e")
        }
    }

    private mutating func skipWhiteSpace(_ text: Span<UInt8>) {
        while index < text.count, text[index].isWhiteSpace { index += 1 }
    }

    private mutating func skipDigits(_ text: Span<UInt8>) {
        while index < text.count, text[index].isHexDigit { index += 1 }
    }
}
