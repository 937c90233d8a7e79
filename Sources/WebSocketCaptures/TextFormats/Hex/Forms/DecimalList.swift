/// Bytes as decimal numbers in brackets or between commas: what Python, Rust, Go and Java print of them, and Node.js in
/// JSON. Java's may be negative. Several lists are joined.
///
///     [129, 5, 104, 101]
///     [129 5 104 101]
///     [-127, 5, 104, 101]
///     {"type":"Buffer","data":[129,5,104,101]}
struct DecimalList: BytewiseForm {
    private var isInString = false
    private var number: Int?
    private var isNegative = false
    private var start = TextPosition()

    /// Whether a line begins with such a list: no number begins with a 0 that it does not need, so it is not of
    /// hexadecimal digits.
    static func isList(_ line: Span<UInt8>) -> Bool {
        var index = line.has("{") ? line.firstIndex(of: ASCII.openBracket) : 0
        if index > 0 {
            guard line.contains("\"Buffer\"") || line.contains("\"data\"") else { return false }
        }
        let isBracketed = index < line.count && line[index] == ASCII.openBracket
        if isBracketed { index += 1 }
        var numbers = 0
        var hasComma = false
        while index < line.count {
            let byte = line[index]
            if byte == ASCII.comma || byte.isWhiteSpace {
                hasComma = hasComma || byte == ASCII.comma
                index += 1
                continue
            }
            if byte == ASCII.closeBracket { break }
            let first = index
            if byte == UInt8(ascii: "-") { index += 1 }
            let digits = index
            guard let number = DecimalText.number(in: line, &index), number <= 255 else { return false }
            guard index - digits == 1 || line[digits] != ASCII.zero, first == digits || number <= 128 else {
                return false
            }
            numbers += 1
        }
        return isBracketed ? numbers > 0 : numbers > 1 && hasComma
    }

    mutating func take(_ byte: UInt8, at position: TextPosition, into bytes: inout [UInt8]) throws(HexTextError) {
        if isInString {
            isInString = byte != ASCII.doubleQuote
            return
        }
        if byte.isDecimalDigit {
            if number == nil, !isNegative { start = position }
            number = (number ?? 0) * 10 + Int(byte &- ASCII.zero)
            guard number ?? 0 <= (isNegative ? 128 : 255) else { throw HexTextError(start, "a number that is no byte") }
            return
        }
        try endNumber(into: &bytes)
        switch byte {
        case UInt8(ascii: "-"):
            isNegative = true
            start = position
        case ASCII.doubleQuote: isInString = true
        case ASCII.comma, ASCII.colon, ASCII.openBracket, ASCII.closeBracket, ASCII.openBrace, ASCII.closeBrace: break
        case _ where byte.isWhiteSpace: break
        default: throw HexTextError(position, "\(byte.shown) where a number of 0 to 255 must come")
        }
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(HexTextError) {
        if isInString { throw HexTextError(position, "the text ends inside quotes") }
        try endNumber(into: &bytes)
    }

    private mutating func endNumber(into bytes: inout [UInt8]) throws(HexTextError) {
        guard let number else {
            if isNegative { throw HexTextError(start, "'-' where a number must come") }
            return
        }
        bytes.append(UInt8(truncatingIfNeeded: isNegative ? -number : number))
        (self.number, isNegative) = (nil, false)
    }
}
