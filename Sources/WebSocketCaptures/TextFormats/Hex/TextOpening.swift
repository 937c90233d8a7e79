/// The opening of a text: its comments and directives, read as they arrive, and then the first lines that mean bytes,
/// kept until they identify the form.
struct TextOpening: Sendable {
    /// The number of bytes that identify the kind of a text: rows of an export show it by what both sides sent, and
    /// the first row is a request with all its cookies.
    static let detectedCount = 16_384

    /// The most bytes of the first lines that are kept.
    static let maximumCount = 4096

    /// The longest `#:` line.
    static let maximumDirectiveLength = 256

    private enum State {
        /// The number of bytes of a byte order mark that have been read.
        case mark(Int)
        case lineStart, indent
        /// After a `#` at the start of a line.
        case hash
        case comment, directive
        case firstLines
    }

    private var state = State.mark(0)
    private var directive: [UInt8] = []
    private var directivePosition = TextPosition()
    /// Whether the current one of the first lines contains more than white space and comments.
    private var lineCounts = false
    private var lineIsBlank = true
    private var lines = 0

    /// What the `#:` lines said.
    private(set) var directives = Directives()
    /// Whether a line began with `#`.
    private(set) var hasComment = false
    /// The first lines that mean bytes.
    private(set) var text: [UInt8] = []
    /// The position at which ``text`` begins.
    private(set) var textPosition = TextPosition()
    /// The position at which the opening ends.
    private(set) var position = TextPosition()

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Consumes the next byte.
    ///
    /// - Returns: true once the form can be determined, or no more may be kept.
    mutating func read(_ byte: UInt8) throws(TextError) -> Bool {
        if case .mark(let count) = state {
            if byte == Self.mark[count] {
                state = count == 2 ? .lineStart : .mark(count + 1)
                return false
            }
            state = .lineStart
            for missed in Self.mark.prefix(count) { _ = try takeText(missed) }
        }
        return try takeText(byte)
    }

    private mutating func takeText(_ byte: UInt8) throws(TextError) -> Bool {
        if case .firstLines = state { return takeFirstLines(byte) }
        switch state {
        case _ where byte == ASCII.lineFeed:
            try endDirective()
            state = .lineStart
        case .lineStart where byte == ASCII.hash:
            hasComment = true
            state = .hash
        case .indent where byte == ASCII.hash:
            hasComment = true
            state = .comment
        case .lineStart where byte.isWhiteSpace, .indent where byte.isWhiteSpace: state = .indent
        case .hash where byte == ASCII.colon:
            state = .directive
            directivePosition = position.moved(by: 1)
        case .hash: state = .comment
        case .directive:
            directive.append(byte)
            guard directive.count <= Self.maximumDirectiveLength else {
                throw TextError(
                    directivePosition,
                    "a '#:' line of more than \(Self.maximumDirectiveLength) characters"
                )
            }
        case .comment: break
        case .mark, .lineStart, .indent, .firstLines:
            state = .firstLines
            textPosition = position
            return takeFirstLines(byte)
        }
        position.pass(byte)
        return false
    }

    /// Collects the first lines. Six identify every form: most need two, and in some logs the first row is the fifth
    /// line.
    private mutating func takeFirstLines(_ byte: UInt8) -> Bool {
        text.append(byte)
        position.pass(byte)
        if byte == ASCII.lineFeed {
            if lineCounts { lines += 1 }
            lineCounts = false
            lineIsBlank = true
        } else if lineIsBlank, !byte.isWhiteSpace {
            lineIsBlank = false
            lineCounts = byte != ASCII.hash
        }
        return lines == 6 || text.count == Self.maximumCount
    }

    private mutating func endDirective() throws(TextError) {
        guard case .directive = state else { return }
        let line = directive
        directive = []
        try directives.obey(line.span, at: directivePosition)
    }

    /// Forgets the first lines, which have been read.
    mutating func forgetText() {
        text = []
    }

    /// Ends the text inside its opening.
    mutating func finish() throws(TextError) {
        if case .mark(let count) = state {
            state = .lineStart
            for missed in Self.mark.prefix(count) { _ = try takeText(missed) }
        }
        try endDirective()
    }
}
