/// Bytes written as numbers, `0x81, 0x05`, bare or as an array of C or a similar language: what `xxd -i` prints.
///
/// The list may be preceded by a declaration; between its numbers there may be commas, white space and comments
/// (`//`, `/* */`, `#`); it may be followed by whatever a program may contain, except a second list.
struct ByteList: BytewiseForm {
    private enum State {
        /// Before the list.
        case declaration
        /// Between two numbers.
        case between
        /// After the `0` of a number.
        case zero
        /// After its `0x`.
        case prefix
        case digit(UInt8)
        case number(UInt8)
        /// Inside the parentheses of a cast, `(byte) 0x81`.
        case cast
        /// After the list.
        case after
    }

    private enum Comment {
        case none
        /// After a `/` that may begin one.
        case slash
        case line
        case block
        /// In a block, after a `*` that may end it.
        case asterisk
    }

    private var state = State.declaration
    private var comment = Comment.none
    /// The last significant character of the declaration, 0 if there is none.
    private var previous: UInt8 = 0
    private var isInBraces = false

    mutating func read(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        switch comment {
        case .none:
            guard byte == ASCII.slash || byte == ASCII.hash else {
                return try takeCode(byte, at: position, into: &bytes)
            }
            // A comment separates two numbers like a space.
            try takeCode(ASCII.space, at: position, into: &bytes)
            comment = byte == ASCII.slash ? .slash : .line
        case .slash:
            guard byte == ASCII.slash || byte == ASCII.asterisk else {
                throw TextError(position, "\(byte.shown) after '/', which begins no comment")
            }
            comment = byte == ASCII.slash ? .line : .block
        case .line:
            if byte == ASCII.lineFeed { comment = .none }
        case .block:
            if byte == ASCII.asterisk { comment = .asterisk }
        case .asterisk:
            if byte == ASCII.slash {
                comment = .none
            } else if byte != ASCII.asterisk {
                comment = .block
            }
        }
    }

    private mutating func takeCode(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        let value = HexDigits.value(of: byte)
        switch state {
        case .declaration: try takeDeclaration(byte, at: position)
        case .between: try takeBetween(byte, at: position)
        case .zero:
            guard byte | 0x20 == ASCII.x else {
                throw TextError(position, "\(byte.shown) where the x of 0x must come")
            }
            state = .prefix
        case .prefix:
            guard value < 16 else {
                throw TextError(position, "0x needs hexadecimal digits, and \(byte.shown) is none")
            }
            state = .digit(value)
        case .digit(let first):
            if value < 16 {
                state = .number(first << 4 | value)
            } else {
                try endNumber(first, at: position, before: byte, into: &bytes)
            }
        case .number(let number):
            guard value >= 16 else {
                throw TextError(
                    position,
                    "more than two digits after 0x: write one byte each, 0x81, 0x05, or all digits without the 0x"
                )
            }
            try endNumber(number, at: position, before: byte, into: &bytes)
        case .cast:
            if byte == ASCII.closeParenthesis {
                state = .between
            } else if !byte.isWordByte, !byte.isWhiteSpace {
                throw TextError(position, "\(byte.shown) inside a cast")
            }
        case .after:
            if byte == ASCII.openBrace { throw TextError(position, "a second list: put one stream in each file") }
            guard byte.isWhiteSpace || (byte >= 0x21 && byte <= 0x7E) else {
                throw TextError(position, "\(byte.shown) after the list")
            }
        }
    }

    private mutating func endNumber(
        _ number: UInt8,
        at position: TextPosition,
        before byte: UInt8,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        bytes.append(number)
        state = .between
        try takeBetween(byte, at: position)
    }

    private mutating func takeBetween(_ byte: UInt8, at position: TextPosition) throws(TextError) {
        switch byte {
        case ASCII.zero: state = .zero
        case ASCII.comma: break
        case ASCII.openParenthesis: state = .cast
        case ASCII.semicolon where !isInBraces: state = .after
        case _ where byte.isCloser: state = .after
        case _ where byte.isWhiteSpace: break
        case _ where byte.isDecimalDigit:
            throw TextError(position, "\(byte.shown) begins a number without 0x: write bytes as 0x81")
        default: throw TextError(position, "\(byte.shown) where a byte such as 0x81 must come")
        }
    }

    private mutating func takeDeclaration(_ byte: UInt8, at position: TextPosition) throws(TextError) {
        if byte.isWhiteSpace { return }
        if byte == ASCII.zero, previous == 0 || previous.isOpener {
            isInBraces = previous != 0
            state = .zero
        } else if byte == ASCII.closeBrace, previous == ASCII.openBrace {
            state = .after
        } else if previous == ASCII.openBrace || (previous == 0 && byte.isDecimalDigit) {
            try takeBetween(byte, at: position)
        } else if !Self.canDeclare(byte) {
            throw TextError(position, "\(byte.shown) before the list of bytes")
        }
        previous = byte
    }

    /// Returns whether `byte` may come before the list.
    static func canDeclare(_ byte: UInt8) -> Bool {
        byte.isWordByte || byte.isOpener || byte.isCloser || byte.isWhiteSpace
            || "*&:;=<>.,!".utf8.contains(byte)
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        switch comment {
        case .slash: throw TextError(position, "the text ends after '/', which begins no comment")
        case .block, .asterisk: throw TextError(position, "the text ends inside a comment")
        case .none, .line: break
        }
        switch state {
        case .declaration: throw TextError(position, "the text ends before its list of bytes")
        case .cast: throw TextError(position, "the text ends inside a cast")
        case .zero, .prefix: throw TextError(position, "the text ends inside a number")
        case .digit(let number), .number(let number):
            bytes.append(number)
            state = .between
        case .between, .after: break
        }
        if case .between = state, isInBraces { throw TextError(position, "the text ends before the list is closed") }
    }
}
