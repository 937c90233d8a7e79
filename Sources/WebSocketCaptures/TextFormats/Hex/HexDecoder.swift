/// Decodes bytes that were written as text, passed in pieces of any size.
///
/// The form is recognised by the first lines that mean bytes: bare or spaced digits, `0x81, 0x05`, C arrays,
/// `\x81\x05`, `b'\x81\x05'`, `<Buffer 81 05>`, decimal numbers, Base64, what `xxd`, `hexdump -C` and `od -tx1`
/// print, `strace -xx`, and the dumps in the logs of libwebsockets, Netty, ESP-IDF and curl. Text in none of them is
/// read as bare digits, so its first character that is not a digit is the error. Bytes and errors are the same
/// however the text is cut, and no more of it is kept than a few first lines and, in a dump, the current line.
///
/// ```swift
/// var decoder = HexDecoder()
/// var bytes: [UInt8] = []
/// try decoder.decode(received.span, into: &bytes)
/// try decoder.finish(into: &bytes)
/// ```
public struct HexDecoder: Sendable {
    private var opening = TextOpening()
    /// The reader for the text's form; nil while that is not known.
    private var form: (any HexForm)?
    private var position = TextPosition()
    private var failure: TextError?

    /// Creates a decoder at the start of a text.
    public init() {}

    /// What the `#:` lines before the first byte said.
    public var directives: Directives { opening.directives }

    /// Decodes the next piece of the text.
    ///
    /// - Parameters:
    ///   - text: the next bytes of the text.
    ///   - bytes: receives what was decoded, including what precedes an error.
    /// - Throws: an error where the text is malformed; from then on every call throws the same again.
    public mutating func decode(_ text: Span<UInt8>, into bytes: inout [UInt8]) throws(TextError) {
        try untilFailure { (decoder) throws(TextError) in
            var index = 0
            while decoder.form == nil {
                guard index < text.count else { return }
                let isRecognised = try decoder.opening.read(text[index])
                index += 1
                if isRecognised { try decoder.begin(into: &bytes) }
            }
            try decoder.form?.read(text.extracting(index...), at: &decoder.position, into: &bytes)
        }
    }

    /// Ends the text.
    ///
    /// - Parameter bytes: receives what was still to be decoded.
    /// - Throws: an error where the text is malformed, or if it ends in the middle of something.
    public mutating func finish(into bytes: inout [UInt8]) throws(TextError) {
        try untilFailure { (decoder) throws(TextError) in
            if decoder.form == nil {
                try decoder.opening.finish()
                try decoder.begin(into: &bytes)
            }
            try decoder.form?.finish(at: decoder.position, into: &bytes)
        }
    }

    /// Ends the opening: its first lines identify the form, whose reader reads them first.
    private mutating func begin(into bytes: inout [UInt8]) throws(TextError) {
        let text = opening.text
        position = opening.textPosition
        // A comment shows that it is one side's; and if the first line is indented, all may be.
        let mayBeRows = !opening.hasComment && position.column == 1
        let known = HexFormatDetector.form(of: text.span)
        form = (known ?? .plainDigits).reader(mayBeRows)
        opening.forgetText()
        let count = bytes.count
        do throws(TextError) {
            try form?.read(text.span, at: &position, into: &bytes)
        } catch {
            // In a text of no known form, and without a comment, digits before the error may mean anything.
            if known == nil, !opening.hasComment { bytes.removeLast(bytes.count - count) }
            throw error
        }
    }

    private mutating func untilFailure(
        _ body: (inout HexDecoder) throws(TextError) -> Void
    ) throws(TextError) {
        if let failure { throw failure }
        do throws(TextError) {
            try body(&self)
        } catch {
            failure = error
            throw error
        }
    }
}
