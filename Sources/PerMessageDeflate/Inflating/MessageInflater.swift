/// Inflates the messages of one endpoint, one after the other (RFC 7692 §7.2.2, RFC 1951).
///
/// Bytes go in as they come, in any chunks; what they inflate to is handed over in pieces, which lie in the inflater's
/// window and hold until the call returns. All memory is taken when it is made: the window that was agreed, and 14 KiB.
///
///     var inflater = MessageInflater(context)
///     try inflater.inflate(payload.span) { piece in text.append(piece); return nil }
///     try inflater.endMessage()
///
/// Blocks that are marked as the last one are legal, and the message or the next one goes on after them (RFC 7692
/// §7.2.3.4, §7.2.3.5): the rest of their last byte is skipped, the window stays.
public struct MessageInflater: Sendable {
    /// What was agreed for the messages.
    public let context: DeflateContext

    /// The longest message, in inflated bytes. A longer one is ``InflateFault/Reason/tooBig``, and not a byte beyond the
    /// limit is written.
    public var messageLimit: UInt64

    /// A block that is marked as the last one ends the stream, as in a file (RFC 1951 §3.2.3), and no message goes on after
    /// it.
    public var endsWithFinalBlock = false

    /// Messages before the first one were not seen: where one reaches back to them, it is
    /// ``InflateFault/Reason/needsEarlierMessage``, and no fault.
    public private(set) var missesEarlierMessages = false

    var window: Window
    var cursor = InflateCursor()
    var literals = DecodingTable.forLiterals
    var distances = DecodingTable.forDistances
    var codeLengthTable = DecodingTable.forCodeLengths
    var lengths = CodeLengths()
    /// The tables are those of fixed codes.
    var tablesAreFixed = false
    /// Where the piece begins that the caller has not seen.
    private var pieceStart = InflateCursor()
    /// Only the place is looked for: nothing is written.
    var isReplay = false
    private var failure: InflateFault?

    /// Creates an inflater that has seen no message.
    ///
    /// - Parameters:
    ///   - context: what was agreed for the endpoint that compresses.
    ///   - messageLimit: the longest message, in inflated bytes.
    public init(_ context: DeflateContext, messageLimit: UInt64 = .max) {
        self.context = context
        self.messageLimit = messageLimit
        window = Window(size: context.windowSize)
    }

    /// Compressed bytes that were taken of the open message.
    public var compressedCount: UInt64 { cursor.chunkOffset &+ UInt64(truncatingIfNeeded: cursor.index) }

    /// Bytes that the open message was inflated to so far.
    public var inflatedCount: UInt64 { cursor.inflated }

    /// The final block has ended, where ``endsWithFinalBlock`` is set. Nothing more is taken.
    public var hasEnded: Bool { cursor.phase == .ended }

    /// Takes back what was looked at and is no part of a stream that has ended: the bytes just before those that were not
    /// taken.
    public mutating func takeUnusedBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        while cursor.bitCount >= 8 { bytes.append(UInt8(truncatingIfNeeded: cursor.take(8))) }
        return bytes
    }

    /// Takes the next compressed bytes of the message; that it returns means that there may be more.
    ///
    /// - Parameters:
    ///   - bytes: the next bytes of the payload, unmasked.
    ///   - take: gets what they inflate to, piece by piece. It returns nil, or the index of a byte that it refuses: then
    ///     the fault says with which compressed byte that one was known.
    /// - Throws: why the message cannot be inflated. What stands before the fault was handed over. Every further call
    ///   throws the same until ``reset(missingEarlierMessages:)`` or, where nothing is taken over, ``endMessage()``.
    public mutating func inflate(_ bytes: Span<UInt8>, _ take: (Span<UInt8>) -> Int?) throws(InflateFault) {
        if let failure { throw failure }
        cursor.chunkOffset = compressedCount
        cursor.index = 0
        pieceStart = cursor
        do throws(InflateFault) {
            try run(bytes, take)
            try hand(bytes, take)
        } catch {
            failure = error
            throw error
        }
    }

    /// Ends the message: its last byte was given.
    ///
    /// - Throws: the fault that its bytes had, or that it must not end here. Where nothing is taken over, the next
    ///   message may be begun all the same.
    public mutating func endMessage() throws(InflateFault) {
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

    /// Begins anew, as if no message had been seen.
    ///
    /// - Parameter missingEarlierMessages: whether there were messages that the next one may reach into.
    public mutating func reset(missingEarlierMessages: Bool = false) {
        window.forget()
        cursor = InflateCursor()
        failure = nil
        missesEarlierMessages = missingEarlierMessages && context.takesOver
    }

    /// Hands over what the caller has not seen.
    mutating func hand(_ input: Span<UInt8>, _ take: (Span<UInt8>) -> Int?) throws(InflateFault) {
        let before = cursor.inflated &- UInt64(truncatingIfNeeded: window.pending)
        let refused = window.hand(take)
        if let refused { throw place(of: before &+ UInt64(truncatingIfNeeded: refused), input) }
        pieceStart = cursor
    }

    /// The compressed byte with which a byte of the piece is known.
    ///
    /// The piece's symbols are read once more, with the tables that are still there, until one goes beyond it.
    private func place(of messageOffset: UInt64, _ input: Span<UInt8>) -> InflateFault {
        var replay = self
        replay.isReplay = true
        replay.cursor = pieceStart
        var offset = compressedCount
        while replay.cursor.inflated <= messageOffset {
            guard (try? replay.step(input)) == true else { break }
            offset = replay.cursor.lastUsedByte
        }
        return InflateFault(reason: .refused, offset: offset, messageOffset: messageOffset)
    }

    private mutating func run(_ input: Span<UInt8>, _ take: (Span<UInt8>) -> Int?) throws(InflateFault) {
        while true {
            if window.pending == 0 { pieceStart = cursor }
            if cursor.phase == .symbol { runFast(input) }
            if window.room <= 0 || changesTables { try hand(input, take) }
            do throws(InflateFault) {
                guard try step(input) else { return }
            } catch {
                // What was inflated before comes first.
                try hand(input, take)
                throw error
            }
        }
    }

    /// The next step may overwrite the tables of the piece that the caller has not seen.
    private var changesTables: Bool { cursor.phase == .block && window.pending > 0 }

    private mutating func runFast(_ input: Span<UInt8>) {
        let left = messageLimit &- min(messageLimit, cursor.inflated)
        window.runFast(&cursor, input, left: left, literals, distances)
    }
}
