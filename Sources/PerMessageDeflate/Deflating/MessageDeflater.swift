/// Compresses the messages of one endpoint: one fast level, which looks at two earlier places for each match and takes the
/// first good one, with fixed codes, codes of the block's own, or none, by size (RFC 7692 §7.2.1, RFC 1951).
///
/// All memory is taken when it is made: four windows, 64 KiB at least, and 96 KiB.
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
    ///   - bytes: the next bytes of the message, as many as there are.
    ///   - endsMessage: they are its last; there may be none.
    ///   - give: gets the compressed bytes, in pieces that hold until it returns.
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

    /// Refers to nothing that was compressed before: to be called between messages, when the receiver does not get the last
    /// one compressed.
    public mutating func forget() {
        matches.forget()
    }
}
