/// Inflates the messages of one endpoint in memory that is lent to each call: the window's bytes, and the words of
/// ``InflateTables``. It holds no references itself, so its state may be stored anywhere.
///
/// ``MessageInflater`` is an engine with memory of its own.
package struct InflateEngine: Sendable {
    /// The parameters that were agreed for the messages.
    package let context: DeflateContext
    /// The longest message, in inflated bytes.
    package var messageLimit: UInt64
    /// Whether a block that is marked as the last one ends the stream, so that no message continues after it.
    package var endsWithFinalBlock = false
    /// Whether messages before the first one were not seen.
    package private(set) var missesEarlierMessages = false

    var window: Window
    var cursor = InflateCursor()
    var literals = DecodingTable.fixedLiterals
    var distances = DecodingTable.fixedDistances
    var codeLengthTable = DecodingTable.codeLengths
    var lengths = CodeLengths()
    /// The cursor at the start of the piece that has not been handed over.
    private var pieceStart = InflateCursor()
    /// Whether only the position is wanted, and nothing is written.
    var isReplay = false
    private var failure: InflateFault?

    /// Creates an engine that has seen no message.
    ///
    /// - Parameters:
    ///   - context: what was agreed about the messages of the endpoint that compresses.
    ///   - messageLimit: the longest message, in inflated bytes.
    package init(_ context: DeflateContext, messageLimit: UInt64) {
        self.context = context
        self.messageLimit = messageLimit
        window = Window(size: context.windowSize)
    }

    /// Initializes the constant part of the words, before they are lent to an engine.
    package static func prepare(_ words: inout MutableSpan<UInt32>) {
        var literals = DecodingTable.fixedLiterals
        var distances = DecodingTable.fixedDistances
        CodeLengths.buildFixed(literals: &literals, distances: &distances, &words)
    }

    /// The number of words that must be lent to each call.
    package static var wordCount: Int { InflateTables.count }

    /// Returns the number of bytes that must be lent to each call.
    package static func byteCount(_ context: DeflateContext) -> Int { Window(size: context.windowSize).byteCount }

    /// Whether the latest piece was the last one of its chunk.
    package private(set) var chunkIsUsedUp = false

    /// The number of compressed bytes of the open message before the chunk.
    package var chunkOffset: UInt64 { cursor.chunkOffset }

    /// The number of bytes to which the open message has inflated so far.
    package var inflatedCount: UInt64 { cursor.inflated }

    /// The number of compressed bytes of the open message that were consumed.
    package var compressedCount: UInt64 { cursor.chunkOffset &+ UInt64(truncatingIfNeeded: cursor.index) }

    /// Begins a chunk: the next compressed bytes of the message.
    package mutating func beginChunk() {
        cursor.chunkOffset = compressedCount
        cursor.index = 0
        chunkIsUsedUp = false
    }

    /// Inflates the chunk up to the next piece. The piece before it counts as handed over.
    ///
    /// - Parameters:
    ///   - chunk: the current chunk, the same for each of its pieces.
    ///   - bytes: the window's memory, in which the piece remains until the next call.
    /// - Returns: the range of the piece; nil if the chunk is used up.
    /// - Throws: the reason why the message cannot be inflated. Everything before the fault has been handed over.
    ///   Every further call throws the same until ``reset(missingEarlierMessages:)`` or, without context takeover,
    ///   ``endMessage()``.
    package mutating func nextPiece(
        _ chunk: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>, _ words: inout MutableSpan<UInt32>
    ) throws(InflateFault) -> Range<Int>? {
        window.noteHanded(&bytes)
        if let failure { throw failure }
        while true {
            if window.pending == 0 { pieceStart = cursor }
            if cursor.phase == .symbol { runFast(chunk, &bytes, words.span) }
            if window.pending > 0, window.room <= 0 || willChangeTables(chunk) { return window.piece }
            do throws(InflateFault) {
                guard try step(chunk, &bytes, &words) else {
                    chunkIsUsedUp = true
                    return window.pending > 0 ? window.piece : nil
                }
            } catch {
                failure = error
                // Output that has already been inflated comes first.
                if window.pending > 0 { return window.piece }
                throw error
            }
        }
    }

    /// Reports that the caller refuses a byte of the latest piece.
    ///
    /// - Parameters:
    ///   - index: which byte of the piece.
    ///   - chunk: the chunk that the piece was inflated from.
    /// - Returns: the fault, with the compressed byte that produced the refused one.
    package mutating func refuse(
        _ index: Int, _ chunk: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>, _ words: inout MutableSpan<UInt32>
    ) -> InflateFault {
        let before = cursor.inflated &- UInt64(truncatingIfNeeded: window.pending)
        let fault = place(of: before &+ UInt64(truncatingIfNeeded: index), chunk, &bytes, &words)
        failure = fault
        return fault
    }

    /// Ends the message, whose last byte has been passed.
    ///
    /// - Throws: the fault in the message's bytes, or that it must not end here. Without context takeover, the next
    ///   message may begin regardless.
    package mutating func endMessage() throws(InflateFault) {
        var fault = failure
        if fault == nil, !cursor.mayEnd {
            fault = InflateFault(
                reason: compressedCount == 0 ? .emptyPayload : .unfinished, offset: compressedCount,
                messageOffset: cursor.inflated)
        }
        if !context.takesOver {
            window.forget()
            failure = nil
        } else {
            failure = fault
        }
        cursor = InflateCursor()
        if let fault { throw fault }
    }

    /// Starts afresh, as if no message had been seen.
    package mutating func reset(missingEarlierMessages: Bool) {
        window.forget()
        cursor = InflateCursor()
        failure = nil
        missesEarlierMessages = missingEarlierMessages && context.takesOver
    }

    /// Returns whether the next step may overwrite the tables of the piece that has not been handed over, because a
    /// block begins that is not stored.
    private mutating func willChangeTables(_ chunk: Span<UInt8>) -> Bool {
        cursor.phase == .block && cursor.need(3, chunk) && cursor.peek(3) >> 1 != 0
    }

    /// Returns the offset of the compressed byte that produced a byte of the piece.
    ///
    /// The piece's symbols are decoded once more, with the tables still in memory, until one goes beyond it.
    private func place(
        of messageOffset: UInt64, _ chunk: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>,
        _ words: inout MutableSpan<UInt32>
    ) -> InflateFault {
        var replay = self
        replay.isReplay = true
        replay.cursor = pieceStart
        var offset = compressedCount
        while replay.cursor.inflated <= messageOffset {
            guard (try? replay.step(chunk, &bytes, &words)) == true else { break }
            offset = replay.cursor.lastUsedByte
        }
        return InflateFault(reason: .refused, offset: offset, messageOffset: messageOffset)
    }

    private mutating func runFast(_ chunk: Span<UInt8>, _ bytes: inout MutableSpan<UInt8>, _ words: Span<UInt32>) {
        let left = messageLimit &- min(messageLimit, cursor.inflated)
        window.runFast(&cursor, chunk, left: left, literals, distances, &bytes, words)
    }
}
