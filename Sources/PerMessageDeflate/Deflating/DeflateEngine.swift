/// Compresses the messages of one endpoint in memory that is lent to each call: the window's bytes, the positions of
/// sequences in it, and the words of ``DeflateTables``. It holds no reference, so its state may be kept anywhere.
///
/// ``MessageDeflater`` is an engine with memory of its own.
package struct DeflateEngine: Sendable {
    /// The parameters that were agreed for the messages.
    package let context: DeflateContext
    /// Whether a message was begun and has not ended.
    package private(set) var hasOpenMessage = false

    private var matches: MatchFinder
    private var block = BlockWriter()

    /// Creates an engine that has compressed nothing.
    ///
    /// - Parameter context: what was agreed about the messages of the endpoint that sends.
    package init(_ context: DeflateContext) {
        self.context = context
        matches = MatchFinder(windowSize: context.windowSize)
    }

    /// The numbers of words, positions and bytes that must be lent to each call. They are 0 at first, apart from what
    /// ``prepare(_:)`` writes.
    package static var wordCount: Int { DeflateTables.count }
    package var placeCount: Int { matches.placeCount }
    package var byteCount: Int { matches.byteCount }

    /// Writes the constant part of the words.
    package static func prepare(_ words: inout MutableSpan<UInt32>) { CodeMaker.makeFixed(&words) }

    /// The most bytes that one block and the end of a message take.
    package static var blockRoom: Int { MatchFinder.blockSize + 64 }

    /// Returns the most bytes that `count` bytes of a message can become when passed at once, including its end; nil
    /// on overflow.
    package static func maximumWritten(_ count: Int) -> Int? {
        // A block ends when its tokens are full, and a token stands for at least one byte. Three bytes are for the
        // bits that were left over from the previous call, and for the end of the message.
        let blocks = count / Tokens.capacity &+ 1
        let (sum, overflow) = count.addingReportingOverflow((blocks &* BlockWriter.maximumOverhead &+ 7) / 8 &+ 3)
        return overflow ? nil : sum
    }

    /// Compresses the input up to the end of a block.
    ///
    /// - Parameters:
    ///   - input: the next bytes of the message.
    ///   - index: how many of them have been consumed; moved on.
    ///   - output: the memory for the compressed bytes: ``blockRoom`` bytes after `written`, or what is left of
    ///     ``maximumWritten(_:)``.
    ///   - written: how many bytes of it are in use; moved on.
    /// - Returns: false, with nothing written, if the input is used up.
    package mutating func nextBlock(
        _ input: Span<UInt8>, from index: inout Int, _ bytes: inout MutableSpan<UInt8>,
        _ places: inout MutableSpan<UInt32>, _ words: inout MutableSpan<UInt32>, _ output: inout MutableSpan<UInt8>,
        _ written: inout Int
    ) -> Bool {
        if !matches.hasPending {
            guard index < input.count else { return false }
            index &+= matches.fill(input, from: index, &bytes, &places)
            hasOpenMessage = true
        }
        let tokens = DeflateTables.tokens..<DeflateTables.count
        #if compiler(>=6.3)
            var list = words._mutatingExtracting(tokens)
        #else
            var list = words.extracting(tokens)
        #endif
        let found = matches.find(bytes.span, &places, &list)
        block.output.count = written
        block.write(found.tokenCount, bytes.span.extracting(found.bytes), &words, &output)
        written = block.output.count
        return true
    }

    /// Ends the message, which takes one or two bytes.
    package mutating func endMessage(_ output: inout MutableSpan<UInt8>, _ written: inout Int) {
        block.output.count = written
        block.endMessage(&output)
        written = block.output.count
        hasOpenMessage = false
        if !context.takesOver { matches.forget() }
    }

    /// Makes later messages refer to nothing that was compressed before.
    package mutating func forget() { matches.forget() }
}
