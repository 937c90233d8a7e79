/// The form of a text, recognised by its first lines that mean bytes.
struct HexFormatDetector: Sendable {
    /// Its usual name.
    let name: String
    /// Whether nothing else looks like it. Digits and letters alone may be anything.
    let isMark: Bool
    /// Returns whether the first lines of a text, and the first of them, are in this form.
    private let isSign: @Sendable (_ text: Span<UInt8>, _ line: Span<UInt8>) -> Bool
    /// Creates the reader for the form. The flag says that, judging by its start, the text may be the rows of an
    /// export.
    let reader: @Sendable (_ mayBeRows: Bool) -> any HexForm

    /// Every form, in the order in which they are tried.
    static let all =
        [
            HexFormatDetector("an offset dump", isSign: isOffsetDump) { _ in OffsetDump() },
            // Before the digits that its heading consists of.
            logged(.headed),
            plainDigits,
            HexFormatDetector("system calls", isSign: { text, _ in SystemCalls.areThere(text) }) { _ in SystemCalls() },
        ]
        + LoggedRows.Program.allCases.map(logged)
        + [0x3A, 0x2D, ASCII.comma].map { separator in
            HexFormatDetector("digits with a mark between", isMark: false, isSign: { isSeparated($1, by: separator) }) {
                _ in
                PlainDigits(separator: separator)
            }
        } + [
            HexFormatDetector("escaped bytes", isSign: { $1.has("\\x") }) { _ in EscapedBytes() },
            HexFormatDetector("Node.js Buffers", isSign: { text, _ in isNodeBuffer(text) }) { _ in NodeBuffers() },
            HexFormatDetector("a literal of bytes", isSign: { isBytesLiteral($1) }) { _ in BytesLiteral() },
            HexFormatDetector("a list of bytes", isSign: { text, _ in isByteList(text) }) { _ in ByteList() },
            HexFormatDetector(
                "decimal numbers in a program", isMark: false, isSign: { text, _ in DecimalList.isAssigned(text) }
            ) { _ in DecimalList(isAssigned: true) },
            HexFormatDetector("decimal numbers", isMark: false, isSign: { text, _ in DecimalList.isList(text) }) { _ in
                DecimalList()
            },
        ]
        + [
            HexFormatDetector("Base64", isMark: false, isSign: { text, _ in Base64Text.isText(text) }) { _ in
                Base64Text()
            }
        ]

    /// Digits separated by nothing but blanks.
    static let plainDigits = HexFormatDetector(
        "digits", isMark: false, isSign: { isSeparated($1, by: ASCII.space) }
    ) { PlainDigits(mayBeRows: $0) }

    private static func logged(_ program: LoggedRows.Program) -> HexFormatDetector {
        HexFormatDetector(
            "a log of \(program)", isSign: { text, _ in LoggedRows.program(of: text)?.program == program }
        ) {
            _ in LoggedDump(program)
        }
    }

    private init(
        _ name: String, isMark: Bool = true, isSign: @escaping @Sendable (Span<UInt8>, Span<UInt8>) -> Bool,
        reader: @escaping @Sendable (Bool) -> any HexForm
    ) {
        self.name = name
        self.isMark = isMark
        self.isSign = isSign
        self.reader = reader
    }

    /// Returns the form of a text.
    ///
    /// - Parameter text: its first lines, from the first character that is not white space; the last may be cut off.
    /// - Returns: nil if the first line is in no form.
    static func form(of text: Span<UInt8>) -> HexFormatDetector? {
        guard text.count > 0 else { return nil }
        let line = text.extracting(0..<text.firstIndex(of: ASCII.lineFeed))
        return all.first { $0.isSign(text, line) }
    }

    /// Returns whether the text begins with at least six hexadecimal digits, with or without white space between
    /// them, and not with letters alone (`faced`, `decade`).
    static func beginsWithBytes(_ text: Span<UInt8>) -> Bool {
        var (digits, run) = (0, 0)
        var hasDecimal = false
        for index in text.indices {
            if text[index].isWhiteSpace {
                // A decimal number, as printed by `od -t u1`.
                if run == 3 { return false }
                run = 0
                continue
            }
            guard text[index].isHexDigit, digits < 6 || run == 3 else { break }
            digits += 1
            run += 1
            hasDecimal = hasDecimal || text[index] <= UInt8(ascii: "9")
        }
        return digits >= 6 && hasDecimal
    }

    // MARK: Digits

    /// Returns whether there is nothing but digits and white space up to a comment.
    private static func isPlain(_ line: Span<UInt8>) -> Bool {
        (0..<line.firstIndex(of: ASCII.hash)).allSatisfy { line[$0].isHexDigit || line[$0].isWhiteSpace }
    }

    /// Returns whether there are digits and white space up to a comment; or pairs separated by the same sign,
    /// `81:05`. Groups of three are decimal numbers, as printed by `od -t u1`.
    private static func isSeparated(_ line: Span<UInt8>, by separator: UInt8) -> Bool {
        let hasMark = line.count > 2 && ":-,".utf8.contains(line[2])
        guard hasMark ? line[2] == separator : separator == ASCII.space else { return false }
        var run = 0
        for index in 0..<line.firstIndex(of: ASCII.hash) {
            let byte = line[index]
            if byte.isHexDigit {
                run += 1
                if hasMark, run > 2 { return false }
            } else if byte == separator || byte.isWhiteSpace {
                if hasMark ? run == 1 : run == 3 { return false }
                run = 0
            } else {
                return false
            }
        }
        return hasMark || run != 3
    }

    // MARK: Dumps

    private static func isOffsetDump(_ text: Span<UInt8>, line: Span<UInt8>) -> Bool {
        let digits = endOfDigits(line, from: 0)
        guard digits >= 4, digits <= 16, digits < line.count || digits == 7 else { return false }
        if digits < line.count, line[digits] == ASCII.colon { return isXXD(line, after: digits + 1) }
        guard digits == line.count || line[digits].isWhiteSpace else { return false }
        let isZero = (0..<digits).allSatisfy { line[$0] == ASCII.zero }
        // od prints seven digits, and for an empty input nothing else.
        if digits == 7, isZero { return true }
        guard let dumped = dumpedBytes(line, from: digits), dumped.count > 0 else { return false }
        // Without a column, bare digits look the same: `8102 4849`, and `8104 …` in the next line. An offset is then
        // a 0 of many digits, or has an odd number of them, and the next line continues where this one ended.
        return dumped.hasColumn
            || (digits == 7 || isZero && digits >= 6) && isNext(text, after: line, digits: digits, count: dumped.count)
    }

    /// Returns whether there is white space, and a group of whole bytes.
    private static func isXXD(_ line: Span<UInt8>, after index: Int) -> Bool {
        var start = index
        while start < line.count, line[start].isWhiteSpace { start += 1 }
        let digits = endOfDigits(line, from: start) - start
        return start > index && digits >= 2
    }

    /// Returns how many bytes the groups of a line are, all with the same number of digits; nil if they do not have
    /// that.
    private static func dumpedBytes(_ line: Span<UInt8>, from start: Int) -> (count: Int, hasColumn: Bool)? {
        var index = start
        var width = 0
        var count = 0
        while true {
            let gap = index
            while index < line.count, line[index].isWhiteSpace { index += 1 }
            guard index < line.count, line[index] != ASCII.hash else { return (count, false) }
            if line[index] == ASCII.bar || line[index] == ASCII.greater { return (count, true) }
            if count > 0, index - gap >= 3, !isPlain(line.extracting(index...)) { return (count, true) }
            let end = endOfDigits(line, from: index)
            guard end > index, end == line.count || line[end].isWhiteSpace else { return nil }
            if width == 0 { width = end - index }
            guard end - index == width, width == 2 || width == 4 || width == 6 || width == 8 else { return nil }
            count += width / 2
            index = end
        }
    }

    /// Returns whether the second line is `*`, or has the offset that is `count` bytes after the first line's.
    private static func isNext(_ text: Span<UInt8>, after line: Span<UInt8>, digits: Int, count: Int) -> Bool {
        var start = line.count
        while start < text.count {
            while start < text.count, text[start].isWhiteSpace { start += 1 }
            guard start < text.count, text[start] == ASCII.hash else { break }
            start = text.firstIndex(of: ASCII.lineFeed, from: start)
        }
        let next = text.extracting(start...)
        if next.has("*") { return next.count == 1 || next[1].isWhiteSpace }
        let end = endOfDigits(next, from: 0)
        guard end == digits, end == next.count || next[end].isWhiteSpace else { return false }
        for radix in digits == 7 ? [8, 10, 16] : [16] {
            let first = number(line.extracting(0..<digits), radix: radix)
            if let first, number(next.extracting(0..<end), radix: radix) == first + count { return true }
        }
        return false
    }

    private static func number(_ digits: Span<UInt8>, radix: Int) -> Int? {
        guard digits.count <= 12 else { return nil }
        var number = 0
        for index in digits.indices {
            let digit = Int(HexDigits.value(of: digits[index]))
            guard digit < radix else { return nil }
            number = number * radix + digit
        }
        return number
    }

    private static func endOfDigits(_ line: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < line.count, line[index].isHexDigit { index += 1 }
        return index
    }
}
