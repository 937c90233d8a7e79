/// Escapes without quotes around them, `\x81\x05`, as in shell scripts. White space between two is dropped.
struct EscapedBytes: BytewiseForm {
    private enum State {
        case between, comment, backslash, letter
        case digit(UInt8)
    }

    private var state = State.between

    mutating func read(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        switch state {
        case .between:
            if byte == ASCII.backslash {
                state = .backslash
            } else if byte == ASCII.hash {
                state = .comment
            } else if !byte.isWhiteSpace {
                throw TextError(
                    position,
                    "\(byte.shown) where \\x and two digits must come; text between escapes needs quotes: b'…'"
                )
            }
        case .comment:
            if byte == ASCII.lineFeed { state = .between }
        case .backslash:
            guard byte == ASCII.x else { throw TextError(position, "\(byte.shown) where the x of \\x must come") }
            state = .letter
        case .letter:
            state = .digit(try HexDigits.valueAfterBackslashX(byte, at: position))
        case .digit(let first):
            bytes.append(first << 4 | (try HexDigits.valueAfterBackslashX(byte, at: position)))
            state = .between
        }
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        switch state {
        case .between, .comment: return
        default: throw TextError(position, "the text ends inside \\x and two digits")
        }
    }
}
