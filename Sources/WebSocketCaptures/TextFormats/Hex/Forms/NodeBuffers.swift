/// How Node.js prints a Buffer, `<Buffer 81 05 48>`. Several are joined.
struct NodeBuffers: BytewiseForm {
    private enum State {
        case outside, comment
        /// Inside `<Buffer`, of which this many characters have been read.
        case name(Int)
        /// Between two bytes.
        case inside
        case digit(UInt8)
        /// After a byte.
        case pair
    }

    private var state = State.outside

    mutating func read(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        switch state {
        case .outside: try takeOutside(byte, at: position)
        case .comment:
            if byte == ASCII.lineFeed { state = .outside }
        case .name(let count):
            guard byte == Self.opening[count] else {
                throw TextError(position, "\(byte.shown) where <Buffer must come")
            }
            state = count + 1 == Self.opening.count ? .pair : .name(count + 1)
        case .inside:
            let value = HexDigits.value(of: byte)
            if value < 16 {
                state = .digit(value)
            } else {
                try takeAfterPair(byte, at: position)
            }
        case .digit(let first):
            let value = HexDigits.value(of: byte)
            guard value < 16 else {
                throw TextError(
                    position.moved(by: -1),
                    "odd number of hexadecimal digits: a byte in a Buffer has two"
                )
            }
            bytes.append(first << 4 | value)
            state = .pair
        case .pair: try takeAfterPair(byte, at: position)
        }
    }

    private static let opening = Array("<Buffer".utf8)

    private mutating func takeOutside(_ byte: UInt8, at position: TextPosition) throws(TextError) {
        switch byte {
        case ASCII.less: state = .name(1)
        case ASCII.hash: state = .comment
        case _ where byte.isWhiteSpace, ASCII.comma, ASCII.semicolon: break
        case _ where byte.isOpener || byte.isCloser: break
        default: throw TextError(position, "\(byte.shown) where <Buffer …> must come")
        }
    }

    private mutating func takeAfterPair(_ byte: UInt8, at position: TextPosition) throws(TextError) {
        if byte.isWhiteSpace {
            state = .inside
        } else if byte == ASCII.greater {
            state = .outside
        } else if byte == 0x2E {
            throw TextError(position, "this Buffer was printed shortened: print it with .toString('hex')")
        } else {
            throw TextError(position, "\(byte.shown) where a byte of two hexadecimal digits or '>' must come")
        }
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        switch state {
        case .outside, .comment: return
        default: throw TextError(position, "the text ends inside <Buffer …>")
        }
    }
}
