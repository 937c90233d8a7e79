/// Inflates the messages of one endpoint, one after the other (RFC 7692 §7.2.2, RFC 1951).
///
/// Bytes go in as they come, in any chunks; what they inflate to is handed over in pieces, which lie in the inflater's
/// window and hold until the call returns. All memory is taken when it is made: the window that was agreed, and 16 KiB.
///
///     var inflater = MessageInflater(context)
///     try inflater.inflate(payload.span) { piece in text.append(piece); return nil }
///     try inflater.endMessage()
///
/// Blocks that are marked as the last one are legal, and the message or the next one goes on after them (RFC 7692
/// §7.2.3.4, §7.2.3.5): the rest of their last byte is skipped, the window stays.
public struct MessageInflater: Sendable {
    private var engine: InflateEngine
    private var bytes: [UInt8]
    private var words: [UInt32]

    /// Creates an inflater that has seen no message.
    ///
    /// - Parameters:
    ///   - context: what was agreed for the endpoint that compresses.
    ///   - messageLimit: the longest message, in inflated bytes.
    public init(_ context: DeflateContext, messageLimit: UInt64 = .max) {
        engine = InflateEngine(context, messageLimit: messageLimit)
        bytes = [UInt8](repeating: 0, count: InflateEngine.byteCount(context))
        words = InflateEngine.freshWords
    }

    /// What was agreed for the messages.
    public var context: DeflateContext { engine.context }

    /// The longest message, in inflated bytes. A longer one is ``InflateFault/Reason/tooBig``, and not a byte beyond the
    /// limit is written.
    public var messageLimit: UInt64 {
        get { engine.messageLimit }
        set { engine.messageLimit = newValue }
    }

    /// A block that is marked as the last one ends the stream, as in a file (RFC 1951 §3.2.3), and no message goes on after
    /// it.
    public var endsWithFinalBlock: Bool {
        get { engine.endsWithFinalBlock }
        set { engine.endsWithFinalBlock = newValue }
    }

    /// Messages before the first one were not seen: where one reaches back to them, it is
    /// ``InflateFault/Reason/needsEarlierMessage``, and no fault.
    public var missesEarlierMessages: Bool { engine.missesEarlierMessages }

    /// Compressed bytes that were taken of the open message.
    public var compressedCount: UInt64 { engine.compressedCount }

    /// Bytes that the open message was inflated to so far.
    public var inflatedCount: UInt64 { engine.inflatedCount }

    /// The final block has ended, where ``endsWithFinalBlock`` is set. Nothing more is taken.
    public var hasEnded: Bool { engine.cursor.phase == .ended }

    /// Takes back what was looked at and is no part of a stream that has ended: the bytes just before those that were not
    /// taken.
    public mutating func takeUnusedBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        while engine.cursor.bitCount >= 8 { bytes.append(UInt8(truncatingIfNeeded: engine.cursor.take(8))) }
        return bytes
    }

    /// Takes the next compressed bytes of the message; that it returns means that there may be more.
    ///
    /// - Parameters:
    ///   - chunk: the next bytes of the payload, unmasked.
    ///   - take: gets what they inflate to, piece by piece. It returns nil, or the index of a byte that it refuses: then
    ///     the fault says with which compressed byte that one was known.
    /// - Throws: why the message cannot be inflated. What stands before the fault was handed over. Every further call
    ///   throws the same until ``reset(missingEarlierMessages:)`` or, where nothing is taken over, ``endMessage()``.
    public mutating func inflate(_ chunk: Span<UInt8>, _ take: (Span<UInt8>) -> Int?) throws(InflateFault) {
        try engine.inflate(chunk, in: &bytes, &words, take)
    }

    /// Ends the message: its last byte was given.
    ///
    /// - Throws: the fault that its bytes had, or that it must not end here. Where nothing is taken over, the next
    ///   message may be begun all the same.
    public mutating func endMessage() throws(InflateFault) {
        try engine.endMessage()
    }

    /// Begins anew, as if no message had been seen.
    ///
    /// - Parameter missingEarlierMessages: whether there were messages that the next one may reach into.
    public mutating func reset(missingEarlierMessages: Bool = false) {
        engine.reset(missingEarlierMessages: missingEarlierMessages)
    }
}

extension InflateEngine {
    /// The words as they are before the first message.
    package static let freshWords: [UInt32] = {
        var words = [UInt32](repeating: 0, count: wordCount)
        var span = words.mutableSpan
        prepare(&span)
        return words
    }()

    /// Inflates a whole chunk, with arrays as the memory that is lent.
    fileprivate mutating func inflate(
        _ chunk: Span<UInt8>, in bytes: inout [UInt8], _ words: inout [UInt32], _ take: (Span<UInt8>) -> Int?
    ) throws(InflateFault) {
        var bytes = bytes.mutableSpan
        var words = words.mutableSpan
        beginChunk()
        while let piece = try nextPiece(chunk, &bytes, &words) {
            if let refused = take(bytes.span.extracting(piece)) {
                throw refuse(refused, chunk, &bytes, &words)
            }
            if chunkIsUsedUp { return }
        }
    }
}
