/// Bytes as decimal numbers in brackets or between commas: as Python, Rust, Go, Java and C# print them or have them
/// in a program, and Node.js in JSON. They may be signed, and on lines of their own. Several lists are joined.
///
///     [129, 5, 104, 101]
///     [129 5 104 101]
///     [-127, 5, 104, 101]
///     {"type":"Buffer","data":[129,5,104,101]}
///     Uint8Array(4) [ 129, 5, 104, 101 ]
///     let frame: [u8; 4] = [129, 5, 104, 101];
struct DecimalList: BytewiseForm {
    /// What may precede the first number, besides brackets and JSON.
    private static let declarations = [
        "Uint8Array(", "Int8Array(", "new Uint8Array(", "new Int8Array(", "Buffer(", "Buffer.from(", "vec![", "&[",
        "[]byte{", "[]uint8{", "[]int8{", "new byte[]", "new sbyte[]", "bytes([", "bytearray([", "array('B', [",
        "array('b', [", "<<",
    ]

    /// Whether what precedes an `=` is still being skipped.
    private var awaitsAssignment: Bool
    private var isInString = false
    /// Whether the first number has arrived.
    private var hasBegun = false
    private var previous: UInt8?
    private var number: Int?
    private var isNegative = false
    private var start = TextPosition()

    /// - Parameter isAssigned: whether the list follows an `=`.
    init(isAssigned: Bool = false) {
        awaitsAssignment = isAssigned
    }

    /// Returns whether a text begins with a declaration whose value is such a list.
    static func isAssigned(_ text: Span<UInt8>) -> Bool {
        let equals = text.firstIndex(of: ASCII.equals)
        guard equals < text.count, (0..<equals).allSatisfy({ ByteList.canDeclare(text[$0]) && text[$0] >= 0x20 }) else {
            return false
        }
        var start = equals + 1
        while start < text.count, text[start].isWhiteSpace { start += 1 }
        return start < text.count && !text[start].isDecimalDigit && isList(text.extracting(start...))
    }

    /// Returns whether a text begins with such a list: no number has a superfluous leading 0, which distinguishes it
    /// from hexadecimal digits.
    static func isList(_ text: Span<UInt8>) -> Bool {
        let isJSON = text.has("{") && (text.contains("\"Buffer\"") || text.contains("\"data\""))
        let isDeclared = isJSON || declarations.contains { text.has($0) }
        var index = 0
        var previous: UInt8?
        while index < text.count, !begins(text[index], after: previous) {
            guard isDeclared || text[index].isOpener || text[index].isWhiteSpace else { return false }
            if !text[index].isWhiteSpace { previous = text[index] }
            index += 1
        }
        let isBracketed = index > 0
        var numbers = 0
        var hasComma = false
        while index < text.count {
            let byte = text[index]
            if byte == ASCII.comma || byte.isWhiteSpace {
                // Without brackets a list is one line.
                if byte == ASCII.lineFeed, !isBracketed { break }
                hasComma = hasComma || byte == ASCII.comma
                index += 1
                continue
            }
            if numbers > 0, isBracketed, !byte.isDecimalDigit, byte != UInt8(ascii: "-") {
                // A length in brackets precedes a type: `[4]byte{…}`.
                let isLength = index + 1 < text.count && text[index + 1].isWordByte
                return byte.isCloser && !isLength || byte == ASCII.greater
            }
            let first = index
            if byte == UInt8(ascii: "-") { index += 1 }
            let digits = index
            guard let number = DecimalText.number(in: text, &index), number <= 255 else { return false }
            guard index - digits == 1 || text[digits] != ASCII.zero, first == digits || number <= 128 else {
                return false
            }
            numbers += 1
        }
        return isBracketed ? numbers > 0 : numbers > 1 && hasComma
    }

    /// Returns whether the first number begins with a byte: at the start, or after a bracket that does not contain a
    /// length.
    private static func begins(_ byte: UInt8, after previous: UInt8?) -> Bool {
        (byte.isDecimalDigit || byte == UInt8(ascii: "-"))
            && (previous == nil || previous == ASCII.openBracket || previous == ASCII.openBrace
                || previous == ASCII.less)
    }

    mutating func read(_ byte: UInt8, at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        if awaitsAssignment {
            awaitsAssignment = byte != ASCII.equals
            return
        }
        if isInString {
            isInString = byte != ASCII.doubleQuote
            return
        }
        if !hasBegun {
            hasBegun = Self.begins(byte, after: previous)
            if !byte.isWhiteSpace { previous = byte }
            isInString = byte == ASCII.doubleQuote
            guard hasBegun else { return }
        }
        if byte.isDecimalDigit {
            if number == nil, !isNegative { start = position }
            number = (number ?? 0) * 10 + Int(byte &- ASCII.zero)
            guard number ?? 0 <= (isNegative ? 128 : 255) else { throw TextError(start, "a number that is not a byte") }
            return
        }
        try endNumber(into: &bytes)
        switch byte {
        case UInt8(ascii: "-"):
            isNegative = true
            start = position
        case ASCII.doubleQuote: isInString = true
        case ASCII.comma, ASCII.colon, ASCII.openBracket, ASCII.openBrace: break
        case ASCII.greater, ASCII.semicolon: break
        case _ where byte.isWhiteSpace || byte.isCloser: break
        default: throw TextError(position, "\(byte.shown) where a number of 0 to 255 must come")
        }
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        if isInString { throw TextError(position, "the text ends inside quotes") }
        try endNumber(into: &bytes)
    }

    private mutating func endNumber(into bytes: inout [UInt8]) throws(TextError) {
        guard let number else {
            if isNegative { throw TextError(start, "'-' where a number must come") }
            return
        }
        bytes.append(UInt8(truncatingIfNeeded: isNegative ? -number : number))
        (self.number, isNegative) = (nil, false)
    }
}
