/// Inflates the messages of one endpoint, one after the other (RFC 7692 §7.2.2, RFC 1951).
///
/// Pass the bytes in chunks of any size; what they inflate to is handed over in pieces, which lie in the inflater's
/// window and are valid until the call returns. All memory is allocated when the inflater is created: the agreed
/// window, and 16 KiB.
///
///     var inflater = MessageInflater(context)
///     try inflater.inflate(payload.span) { piece in text.append(piece); return nil }
///     try inflater.endMessage()
///
/// Blocks that are marked as the last one are legal, and the message or the next one continues after them (RFC 7692
/// §7.2.3.4, §7.2.3.5): the rest of their last byte is skipped, and the window is kept.
public struct MessageInflater: Sendable {
    private var engine: InflateEngine
    private var bytes: [UInt8]
    private var words: [UInt32]

    /// Creates an inflater that has seen no message.
    ///
    /// - Parameters:
    ///   - context: what was agreed about the messages of the endpoint that compresses.
    ///   - messageLimit: the longest message, in inflated bytes.
    public init(_ context: DeflateContext, messageLimit: UInt64 = .max) {
        engine = InflateEngine(context, messageLimit: messageLimit)
        bytes = [UInt8](repeating: 0, count: InflateEngine.byteCount(context))
        words = InflateEngine.freshWords
    }

    /// The parameters that were agreed for the messages.
    public var context: DeflateContext { engine.context }

    /// The longest message, in inflated bytes. A longer one is ``InflateFault/Reason/tooBig``, and no byte beyond the
    /// limit is written.
    public var messageLimit: UInt64 {
        get { engine.messageLimit }
        set { engine.messageLimit = newValue }
    }

    /// Whether a block that is marked as the last one ends the stream, as in a file (RFC 1951 §3.2.3), so that no
    /// message continues after it.
    public var endsWithFinalBlock: Bool {
        get { engine.endsWithFinalBlock }
        set { engine.endsWithFinalBlock = newValue }
    }

    /// Whether messages before the first one were not seen: a message that refers to them is reported as
    /// ``InflateFault/Reason/needsEarlierMessage``, which is not a violation.
    public var missesEarlierMessages: Bool { engine.missesEarlierMessages }

    /// The number of compressed bytes of the open message that were consumed.
    public var compressedCount: UInt64 { engine.compressedCount }

    /// The number of bytes to which the open message has inflated so far.
    public var inflatedCount: UInt64 { engine.inflatedCount }

    /// Whether the final block has ended, if ``endsWithFinalBlock`` is set. No more bytes are consumed.
    public var hasEnded: Bool { engine.cursor.phase == .ended }

    /// Returns bytes that were read ahead and do not belong to a stream that has ended: those just before the bytes
    /// that were not consumed.
    public mutating func takeUnusedBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        while engine.cursor.bitCount >= 8 { bytes.append(UInt8(truncatingIfNeeded: engine.cursor.take(8))) }
        return bytes
    }

    /// Inflates the next compressed bytes of the message. A normal return means that more may follow.
    ///
    /// - Parameters:
    ///   - chunk: the next bytes of the payload, unmasked.
    ///   - take: receives what they inflate to, piece by piece. It returns nil, or the index of a byte that it refuses;
    ///     the fault then says which compressed byte produced it.
    /// - Throws: the reason why the message cannot be inflated. Everything before the fault has been handed over.
    ///   Every further call throws the same until ``reset(missingEarlierMessages:)`` or, without context takeover,
    ///   ``endMessage()``.
    public mutating func inflate(_ chunk: Span<UInt8>, _ take: (Span<UInt8>) -> Int?) throws(InflateFault) {
        try engine.inflate(chunk, in: &bytes, &words, take)
    }

    /// Ends the message, whose last byte has been passed.
    ///
    /// - Throws: the fault in the message's bytes, or that it must not end here. Without context takeover, the next
    ///   message may begin regardless.
    public mutating func endMessage() throws(InflateFault) {
        try engine.endMessage()
    }

    /// Starts afresh, as if no message had been seen.
    ///
    /// - Parameter missingEarlierMessages: whether there were messages that the next one may refer to.
    public mutating func reset(missingEarlierMessages: Bool = false) {
        engine.reset(missingEarlierMessages: missingEarlierMessages)
    }
}

extension InflateEngine {
    /// The initial contents of the words.
    package static let freshWords: [UInt32] = {
        var words = [UInt32](repeating: 0, count: wordCount)
        var span = words.mutableSpan
        prepare(&span)
        return words
    }()

    /// Inflates a whole chunk, lending arrays as memory.
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
