/// Base64 (RFC 4648 §4), on one or several lines, possibly without padding at the end. Several texts that end with
/// padding are joined. All of it may be in quotes, as a string of JSON or of a program.
struct Base64Text: BytewiseForm {
    private var bits: UInt32 = 0
    private var count = 0
    private var padding = 0
    /// Whether anything but white space has arrived.
    private var hasBegun = false
    /// The quotes that end the text; nil if it is in none.
    private var quote: UInt8?
    private var isOver = false

    /// Returns whether a text looks like it: no blanks in its lines, letters of both cases and digits or signs among
    /// them, or padding at its end, and it decodes to what begins a stream.
    static func isText(_ text: Span<UInt8>) -> Bool {
        var form = Base64Text()
        var bytes: [UInt8] = []
        var kinds: Set<Int> = []
        for index in text.indices {
            let byte = text[index]
            if byte == ASCII.space || byte == ASCII.tab { return false }
            switch byte {
            case 0x41...0x5A: kinds.insert(0)
            case 0x61...0x7A: kinds.insert(1)
            case 0x30...0x39, 0x2B, ASCII.slash: kinds.insert(2)
            case ASCII.equals: kinds.insert(3)
            default: break
            }
            do throws(TextError) {
                try form.read(byte, at: TextPosition(), into: &bytes)
            } catch {
                return false
            }
        }
        guard bytes.count >= 5, let first = bytes.first, kinds.count >= 3 else { return false }
        // FIN or not, RSV1 or not, and a defined opcode.
        return first & 0x30 == 0 && [0, 1, 2, 8, 9, 10].contains(first & 0x0F)
            || bytes.starts(with: "GET ".utf8) || bytes.starts(with: "HTTP/1.".utf8)
    }

    mutating func read(_ byte: UInt8, at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        if byte.isWhiteSpace { return }
        defer { hasBegun = true }
        if !hasBegun, byte == ASCII.quote || byte == ASCII.doubleQuote {
            quote = byte
            return
        }
        guard !isOver else { throw TextError(position, "\(byte.shown) after the quotes") }
        if byte == quote {
            isOver = true
            return
        }
        if byte == ASCII.equals {
            guard count + padding >= 2, padding < 2 else { throw TextError(position, "'=' where no padding can be") }
            padding += 1
            if count + padding == 4 { end(into: &bytes) }
            return
        }
        guard padding == 0, let value = Self.value(of: byte) else {
            throw TextError(position, "\(byte.shown) is not a character of Base64")
        }
        bits = bits << 6 | value
        count += 1
        if count == 4 { end(into: &bytes) }
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        guard quote == nil || isOver else { throw TextError(position, "the text ends inside quotes") }
        guard count != 1 else { throw TextError(position, "the text ends inside a byte") }
        end(into: &bytes)
    }

    private mutating func end(into bytes: inout [UInt8]) {
        let all = bits << UInt32(6 * (4 - count))
        for place in 0..<max(count - 1, 0) { bytes.append(UInt8(truncatingIfNeeded: all >> UInt32(16 - 8 * place))) }
        (bits, count, padding) = (0, 0, 0)
    }

    /// Returns the value of a character, 0…63.
    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case 0x2B: 62
        case ASCII.slash: 63
        default: nil
        }
    }
}
