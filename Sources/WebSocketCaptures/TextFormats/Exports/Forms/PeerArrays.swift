/// What Wireshark's Follow Stream shows as C Arrays: one for each record, in the order in which they came.
///
///     char peer0_0[] = { /* Packet 8 */
///     0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f,
///     0x4d, 0x51, 0x58 };
///
/// Older versions leave the comment out.
struct PeerArrays: ExportForm {
    /// The longest declaration or comment: they contain a name and two numbers.
    static let maximumWordCount = 256

    private enum State {
        /// Between two arrays, or in the declaration of one.
        case declaration
        /// Between two numbers.
        case between
        case zero, prefix
        case digit(UInt8)
        case number(UInt8)
    }

    private enum Comment {
        case none
        /// After a `/` that may begin one.
        case slash
        case inside
        /// After a `*` that may end it.
        case asterisk
    }

    private var state = State.declaration
    private var comment = Comment.none
    /// The declaration, or the comment, so far.
    private var word: [UInt8] = []
    private var wordPosition = TextPosition()
    private var isOpen = false
    private var side = TCPPeer.first
    private var packet: UInt64?
    private var hasBegun = false

    mutating func read(
        _ text: Span<UInt8>, at position: inout TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        for index in text.indices {
            try read(text[index], at: position, into: &output, visit)
            position.pass(text[index])
        }
    }

    mutating func finish(
        at position: TextPosition, into output: inout ExportOutput, _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        guard case .none = comment else { throw TextError(position, "the text ends inside a comment") }
        guard case .declaration = state else { throw TextError(position, "the text ends before the array is closed") }
        guard word.isEmpty else { throw TextError(wordPosition, Self.complaint(about: word.span)) }
        if isOpen { output.report(.closed, visit) }
        isOpen = false
    }

    private mutating func read(
        _ byte: UInt8, at position: TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        switch comment {
        case .none:
            guard byte == ASCII.slash else { return try takeCode(byte, at: position, into: &output, visit) }
            // A comment separates two numbers like a space.
            try takeCode(ASCII.space, at: position, into: &output, visit)
            guard word.isEmpty else { throw TextError(position, "a comment inside the declaration of an array") }
            comment = .slash
        case .slash:
            guard byte == ASCII.asterisk else {
                throw TextError(position, "\(byte.shown) after '/', which begins no comment")
            }
            comment = .inside
        case .inside, .asterisk:
            if case .asterisk = comment, byte == ASCII.slash {
                endComment()
            } else {
                if word.count < Self.maximumWordCount { word.append(byte) }
                comment = byte == ASCII.asterisk ? .asterisk : .inside
            }
        }
    }

    /// Ends a comment: `Packet 8` before an array's first number says where it comes from.
    private mutating func endComment() {
        comment = .none
        let text = word
        word = []
        guard !hasBegun, case .between = state else { return }
        var index = 0
        while index < text.count, text[index].isWhiteSpace { index += 1 }
        guard text.span.has("Packet ", at: index) else { return }
        index += 7
        packet = DecimalText.number(in: text.span, &index)
    }

    private mutating func takeCode(
        _ byte: UInt8, at position: TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        let value = HexDigits.value(of: byte)
        switch state {
        case .declaration: try takeDeclaration(byte, at: position, into: output, visit)
        case .between: try takeBetween(byte, at: position, into: &output, visit)
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
                try endNumber(first, at: position, before: byte, into: &output, visit)
            }
        case .number(let number):
            guard value >= 16 else { throw TextError(position, "more than two digits after 0x") }
            try endNumber(number, at: position, before: byte, into: &output, visit)
        }
    }

    private mutating func endNumber(
        _ number: UInt8, at position: TextPosition, before byte: UInt8, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if !hasBegun {
            hasBegun = true
            output.beginRecord(side, packet.map { PacketPosition(packet: $0, time: nil) })
        }
        output.append(visit) { $0.append(number) }
        state = .between
        try takeBetween(byte, at: position, into: &output, visit)
    }

    private mutating func takeBetween(
        _ byte: UInt8, at position: TextPosition, into output: inout ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        switch byte {
        case ASCII.zero: state = .zero
        case ASCII.closeBrace:
            output.endRecord(visit)
            state = .declaration
        case _ where byte == ASCII.comma || byte.isWhiteSpace: break
        case ASCII.openBracket: throw TextError(position, PeerPackets.truncated)
        default: throw TextError(position, "\(byte.shown) where a byte such as 0x81 must come")
        }
    }

    // MARK: Declarations

    private mutating func takeDeclaration(
        _ byte: UInt8, at position: TextPosition, into output: ExportOutput,
        _ visit: (ExportEvent, Span<UInt8>) -> Void
    ) throws(TextError) {
        if word.isEmpty {
            guard !byte.isWhiteSpace, byte != ASCII.semicolon else { return }
            wordPosition = position
        }
        guard byte != ASCII.openBrace else {
            try endDeclaration()
            if !isOpen { output.report(.opened(first: nil, second: nil), visit) }
            isOpen = true
            return
        }
        word.append(byte)
        guard word.count <= Self.maximumWordCount else {
            throw TextError(wordPosition, Self.complaint(about: word.span))
        }
    }

    /// `char peer0_0[] =`
    private mutating func endDeclaration() throws(TextError) {
        let text = word
        word = []
        let declaration = text.span
        let isFirst = declaration.has("char peer0_")
        var index = "char peer0_".utf8.count
        guard isFirst || declaration.has("char peer1_"), DecimalText.number(in: declaration, &index) != nil,
            declaration.has("[] =", at: index),
            (index + 4..<declaration.count).allSatisfy({ declaration[$0].isWhiteSpace })
        else { throw TextError(wordPosition, Self.complaint(about: declaration)) }
        side = isFirst ? .first : .second
        packet = nil
        hasBegun = false
        state = .between
    }

    private static func complaint(about text: Span<UInt8>) -> String {
        if text.has("[Stream output truncated]") { return PeerPackets.truncated }
        return "something else where the next array must begin, as 'char peer0_0[] = {' does"
    }
}
