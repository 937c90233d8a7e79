/// Compresses the messages of one endpoint, at one fast level: it tries two earlier positions for each match and takes
/// the first good one, and uses fixed codes, codes of the block's own, or none, whichever is smallest (RFC 7692 §7.2.1,
/// RFC 1951).
///
/// All memory is allocated when it is created: four windows, at least 64 KiB, and another 96 KiB.
public struct MessageDeflater: MessageCompressor, Sendable {
    private var engine: DeflateEngine
    private var bytes: [UInt8]
    private var places: [UInt32]
    private var words: [UInt32]
    private var output = [UInt8](repeating: 0, count: DeflateEngine.blockRoom)

    /// Creates a deflater that has compressed nothing.
    ///
    /// - Parameter context: what was agreed about the messages of the endpoint that sends.
    public init(_ context: DeflateContext) {
        engine = DeflateEngine(context)
        bytes = [UInt8](repeating: 0, count: engine.byteCount)
        places = [UInt32](repeating: 0, count: engine.placeCount)
        words = DeflateEngine.freshWords
    }

    /// The parameters that were agreed for the messages.
    public var context: DeflateContext { engine.context }

    /// Compresses the next bytes of the message.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes of the message; any number.
    ///   - endsMessage: whether these are its last bytes; there may be none.
    ///   - give: receives the compressed bytes, in pieces that are valid until it returns.
    public mutating func compress(_ bytes: Span<UInt8>, endsMessage: Bool = true, _ give: (Span<UInt8>) -> Void) {
        engine.compress(bytes, endsMessage: endsMessage, in: &self.bytes, &places, &words, &output, give)
    }

    /// Makes later messages refer to nothing that was compressed before. Call it between messages, if the last one is
    /// not sent compressed.
    public mutating func forget() { engine.forget() }
}

extension DeflateEngine {
    /// The initial contents of the words.
    fileprivate static let freshWords: [UInt32] = {
        var words = [UInt32](repeating: 0, count: wordCount)
        var span = words.mutableSpan
        prepare(&span)
        return words
    }()

    /// Compresses all of the input, lending arrays as memory.
    fileprivate mutating func compress(
        _ input: Span<UInt8>, endsMessage: Bool, in bytes: inout [UInt8], _ places: inout [UInt32],
        _ words: inout [UInt32], _ output: inout [UInt8], _ give: (Span<UInt8>) -> Void
    ) {
        var bytes = bytes.mutableSpan
        var places = places.mutableSpan
        var words = words.mutableSpan
        var output = output.mutableSpan
        var index = 0
        var written = 0
        while nextBlock(input, from: &index, &bytes, &places, &words, &output, &written) {
            give(output.span.extracting(0..<written))
            written = 0
        }
        guard endsMessage else { return }
        endMessage(&output, &written)
        give(output.span.extracting(0..<written))
    }
}
