/// Compresses the messages of one endpoint, at one fast level: it tries two earlier positions for each match and takes
/// the first good one, and uses fixed codes, codes of the block's own, or none, whichever is smallest (RFC 7692 §7.2.1,
/// RFC 1951).
///
/// All memory is allocated when it is created: four windows, at least 64 KiB, and another 96 KiB.
public struct MessageDeflater: MessageCompressor, Sendable {
    /// What was agreed for the messages.
    public let context: DeflateContext

    private var matches: MatchFinder
    private var block = BlockWriter()

    /// Creates a deflater that has compressed nothing.
    ///
    /// - Parameter context: what was agreed for the endpoint that sends.
    public init(_ context: DeflateContext) {
        self.context = context
        matches = MatchFinder(windowSize: context.windowSize)
    }

    /// Compresses the next bytes of the message.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes of the message; any number.
    ///   - endsMessage: whether these are its last bytes; there may be none.
    ///   - give: receives the compressed bytes, in pieces that are valid until it returns.
    public mutating func compress(_ bytes: Span<UInt8>, endsMessage: Bool = true, _ give: (Span<UInt8>) -> Void) {
        var index = 0
        while index < bytes.count {
            index &+= matches.fill(bytes, from: index)
            while matches.hasPending {
                let range = matches.find(&block.tokens)
                matches.write(range, with: &block)
                block.hand(give)
            }
        }
        guard endsMessage else { return }
        block.endMessage()
        block.hand(give)
        if !context.takesOver { matches.forget() }
    }

    /// Makes later messages refer to nothing that was compressed before. Call it between messages, if the last one is
    /// not sent compressed.
    public mutating func forget() {
        matches.forget()
    }
}
