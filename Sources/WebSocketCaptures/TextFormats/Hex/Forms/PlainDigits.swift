/// Bare digits, `8105 48656c6c6f`: the fixtures' form, and what `xxd -p` prints.
///
/// Exactly what the fixture format says: every line is cut at its first `#`, white space is dropped, and what is left
/// is digits, two for each byte. A pair may even be split by a space or a line end.
///
/// Only the rows of an export, some after a tab and some not, are not a stream of one side. ``InputDetector``
/// recognises them if both kinds are in the part of a text that it sees; after that, this does.
struct PlainDigits: HexForm {
    /// What else may separate two pairs: the colon of `81:05`; white space if nothing may.
    private let separator: UInt8
    private var isInComment = false
    /// The first digit of a pair whose second has not arrived, and its position.
    private var half: UInt8?
    private var halfPosition = TextPosition()
    private var rows: ExportRows?
    /// The number of characters of earlier pieces.
    private var passed = 0

    /// - Parameter mayBeRows: whether the text may be the rows of an export.
    init(separator: UInt8 = ASCII.space, mayBeRows: Bool = false) {
        self.separator = separator
        rows = mayBeRows ? ExportRows() : nil
    }

    mutating func read(
        _ text: Span<UInt8>,
        at position: inout TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
        var index = 0
        defer { passed &+= text.count }
        while index < text.count {
            if half == nil, !isInComment {
                if rows != nil, text[index].isHexDigit { try watch(text[index], at: position, passed: passed &+ index) }
                let run = HexDigits.appendRun(in: text, from: index, to: &bytes)
                index &+= run
                position.column &+= run
                guard index < text.count else { return }
            }
            let byte = text[index]
            if rows != nil { try watch(byte, at: position, passed: passed &+ index) }
            try read(byte, at: position, into: &bytes)
            position.pass(byte)
            index &+= 1
        }
    }

    private mutating func watch(_ byte: UInt8, at position: TextPosition, passed: Int) throws(TextError) {
        switch rows?.pass(byte, isInsidePair: half != nil) {
        case .exported:
            // A row's first characters, since the last row that was seen may have been cut off there.
            guard passed >= TextOpening.detectedCount - 16 else {
                rows = nil
                return
            }
            throw TextError(
                TextPosition(line: position.line, column: 1),
                """
                some lines begin with a tab and some do not, as where TShark prints both sides of a conversation: give it \
                with the lines at its head; or, if all of it is one side's, with a line '#: sender client' or '#: sender \
                server' in front
                """)
        case .somethingElse: rows = nil
        case .open, nil: break
        }
    }

    @inline(__always)
    private mutating func read(
        _ byte: UInt8,
        at position: TextPosition,
        into bytes: inout [UInt8]
    ) throws(TextError) {
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
            throw TextError(position, Self.complaint(about: byte))
        }
    }

    private static func complaint(about byte: UInt8) -> String {
        byte == ASCII.asterisk
            ? "'*' stands for repeated lines, but nothing says how many: dump them with -v"
            : "\(byte.shown) is not a hexadecimal digit"
    }

    mutating func finish(at position: TextPosition, into bytes: inout [UInt8]) throws(TextError) {
        guard half == nil else {
            throw TextError(halfPosition, "odd number of hexadecimal digits: this last one has no partner")
        }
    }
}

/// Distinguishes the rows of an export, undivided digits after one tab or none, from other text.
private struct ExportRows: Sendable {
    enum Verdict {
        case open
        /// There are rows of both kinds.
        case exported
        case somethingElse
    }

    private enum Line {
        case start, tab, counted
    }

    private var line = Line.start
    private var hasTabbed = false
    private var hasPlain = false

    /// Continues after `byte`. A digit may be passed twice, and those after a line's first need not be passed.
    mutating func pass(_ byte: UInt8, isInsidePair: Bool) -> Verdict {
        switch byte {
        case ASCII.lineFeed:
            if isInsidePair { return .somethingElse }
            line = .start
        case ASCII.carriageReturn: break
        case ASCII.tab where line == .start: line = .tab
        case _ where byte.isHexDigit:
            hasTabbed = hasTabbed || line == .tab
            hasPlain = hasPlain || line == .start
            line = .counted
        default: return .somethingElse
        }
        return hasTabbed && hasPlain ? .exported : .open
    }
}
