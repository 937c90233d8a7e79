/// Quoted text with escapes, `b'\x81\x05Hello\n'`: how Python prints bytes. Adjacent literals are joined, as in
/// Python, on one or several lines; words such as `data = bytearray(` may precede the first on a line.
struct BytesLiteral: BytewiseForm {
    private enum State {
        case outside, comment, literal, backslash, letter
        case hexDigit(UInt8)
        /// The number of octal digits read, and their value so far.
        case octal(UInt16, count: Int)
    }

    private var state = State.outside
    /// The quote that ends the literal.
    private var quote: UInt8 = 0
    /// The previous character, 0 at the start of a line.
    private var previous: UInt8 = 0
    /// The last character of the line that was not white space.
    private var significant: UInt8 = 0
    private var wordLength = 0
    /// The position of a line's first word, if no literal has followed it yet.
    private var word: TextPosition?
    private var lineHasLiteral = false

    mutating func read(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        switch state {
        case .outside: try takeOutside(byte, at: position)
        case .comment:
            if byte == ASCII.lineFeed {
                state = .outside
                try takeOutside(byte, at: position)
            }
        case .literal: try takeCharacter(byte, at: position, into: &bytes)
        case .backslash: try takeEscape(byte, at: position, into: &bytes)
        case .letter: state = .hexDigit(try HexDigits.valueAfterBackslashX(byte, at: position))
        case .hexDigit(let first):
            bytes.append(first << 4 | (try HexDigits.valueAfterBackslashX(byte, at: position)))
            state = .literal
        case .octal(let value, let count):
            if byte &- ASCII.zero < 8, count < 3 {
                let more = value << 3 | UInt16(byte &- ASCII.zero)
                guard more < 256 else { throw TextError(position, "an octal escape over \\377 is not a byte") }
                state = .octal(more, count: count + 1)
            } else {
                bytes.append(UInt8(truncatingIfNeeded: value))
                state = .literal
                try takeCharacter(byte, at: position, into: &bytes)
            }
        }
    }

    private mutating func takeCharacter(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        switch byte {
        case quote:
            state = .outside
            previous = byte
            significant = byte
        case ASCII.backslash: state = .backslash
        case ASCII.lineFeed, ASCII.carriageReturn: throw TextError(position, "the line ends inside quotes")
        case 0x80...: throw TextError(position, "\(byte.shown) inside quotes: bytes over 0x7F are written \\x80")
        default: bytes.append(byte)
        }
    }

    private mutating func takeEscape(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        state = .literal
        switch byte {
        case ASCII.x: state = .letter
        case 0x30...0x37: state = .octal(UInt16(byte &- ASCII.zero), count: 1)
        case ASCII.backslash, ASCII.quote, ASCII.doubleQuote: bytes.append(byte)
        case 0x61: bytes.append(0x07)  // \a
        case 0x62: bytes.append(0x08)  // \b
        case 0x66: bytes.append(0x0C)  // \f
        case 0x6E: bytes.append(0x0A)  // \n
        case 0x72: bytes.append(0x0D)  // \r
        case 0x74: bytes.append(0x09)  // \t
        case 0x76: bytes.append(0x0B)  // \v
        case ASCII.lineFeed: break
        case ASCII.carriageReturn: state = .backslash  // the line feed follows
        default: throw TextError(position, "\(byte.shown) after '\\', which is not an escape of bytes")
        }
    }

    private mutating func takeOutside(_ byte: UInt8, at position: TextPosition) throws(TextError) {
        switch byte {
        case ASCII.lineFeed: try endLine()
        case ASCII.hash: state = .comment
        case _ where byte.isWhiteSpace: wordLength = 0
        case ASCII.quote, ASCII.doubleQuote:
            guard wordLength == 0 || (wordLength == 1 && previous | 0x20 == ASCII.b) else {
                throw TextError(position, "only b is allowed before the quotes: b'…'")
            }
            state = .literal
            quote = byte
            word = nil
            wordLength = 0
            lineHasLiteral = true
        case _ where byte.isWordByte:
            // The b of a literal, or a word: the next characters decide.
            if word == nil { word = position }
            wordLength &+= 1
            guard !lineHasLiteral || (wordLength == 1 && byte | 0x20 == ASCII.b) else {
                throw TextError(position, "\(byte.shown) after a literal")
            }
        case _ where byte.isOpener || byte.isCloser || "=+,;:.<>\\".utf8.contains(byte): wordLength = 0
        default: throw TextError(position, "\(byte.shown) where b'…' must come")
        }
        previous = byte
        if !byte.isWhiteSpace, byte != ASCII.hash { significant = byte }
    }

    /// Ends a line. A line of words must have led to a literal, or lead to one in the next line.
    private mutating func endLine() throws(TextError) {
        let continues = significant.isOpener || "=+\\".utf8.contains(significant)
        if let word, !continues { throw TextError(word, "a word where b'…' must come") }
        word = nil
        wordLength = 0
        lineHasLiteral = false
        significant = 0
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        switch state {
        case .outside, .comment: try endLine()
        default: throw TextError(position, "the text ends inside quotes")
        }
    }
}
