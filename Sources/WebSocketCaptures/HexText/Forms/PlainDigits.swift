/// Bare digits, `8105 48656c6c6f`: the fixtures' form, and what `xxd -p` prints.
///
/// Exactly what the fixture format says: every line is cut at its first `#`, white space is dropped, and what is left
/// is digits, two a byte. So a pair may even be split by a space or a line end.
struct PlainDigits: HexForm {
    /// What else may stand between two pairs: the colon of `81:05`; white space where nothing may.
    private let separator: UInt8
    private var isInComment = false
    /// The first digit of a pair whose second has not come, and where it stands.
    private var half: UInt8?
    private var halfPosition = TextPosition()

    init(separator: UInt8 = ASCII.space) {
        self.separator = separator
    }

    mutating func read(
        _ text: Span<UInt8>,
        at position: inout TextPosition,
        into bytes: inout [UInt8]
    ) throws(HexTextError) {
        var index = 0
        while index < text.count {
            if half == nil, !isInComment {
                let run = HexDigits.appendRun(in: text, from: index, to: &bytes)
                index &+= run
                position.column &+= run
                guard index < text.count else { return }
            }
            let byte = text[index]
            try take(byte, at: position, into: &bytes)
            position.pass(byte)
            index &+= 1
        }
    }

    @inline(__always)
    private mutating func take(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(HexTextError) {
        if isInComment {
            isInComment = byte != ASCII.lineFeed
            return
        }
        let value = HexDigits.value(of: byte)
        if value < 16 {
            if let first = half {
                bytes.append(first << 4 | value)
                half = nil
            } else {
                half = value
                halfPosition = position
            }
        } else if byte == ASCII.hash {
            isInComment = true
        } else if !byte.isWhiteSpace, byte != separator {
            throw HexTextError(position, Self.complaint(about: byte))
        }
    }

    private static func complaint(about byte: UInt8) -> String {
        byte == ASCII.asterisk
            ? "'*' stands for repeated lines, but nothing says how many: dump them with -v"
            : "\(byte.shown) is not a hexadecimal digit"
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(HexTextError) {
        guard half == nil else {
            throw HexTextError(halfPosition, "odd number of hexadecimal digits: this last one has no partner")
        }
    }
}
