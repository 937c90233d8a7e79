internal import PerMessageDeflate

/// Inflates and judges one endpoint's compressed messages: the window, and the text's position within a character.
struct PayloadInflater: Sendable {
    private var inflater: MessageInflater
    private var progress = UTF8Progress.boundary
    private var isText = false
    /// Scratch space in which masked payload is unmasked, piece by piece.
    private var unmasked: [UInt8]
    /// The byte at which well-formed UTF-8 ended.
    private(set) var refusedByte: UInt8 = 0

    /// The number of bytes unmasked at once: few enough to stay in the first-level cache until they are inflated.
    private static let pieceSize = 4096

    init(_ context: DeflateContext, messageLimit: UInt64, isMasked: Bool, missingEarlierMessages: Bool) {
        inflater = MessageInflater(context, messageLimit: messageLimit)
        if missingEarlierMessages { inflater.reset(missingEarlierMessages: true) }
        unmasked = [UInt8](repeating: 0, count: isMasked ? Self.pieceSize : 0)
    }

    /// The number of bytes to which the open message has inflated.
    var inflatedCount: UInt64 { inflater.inflatedCount }

    /// The number of compressed bytes of the open message that were consumed.
    var compressedCount: UInt64 { inflater.compressedCount }

    mutating func beginMessage(isText: Bool) {
        self.isText = isText
        progress = .boundary
    }

    /// Declares that what follows does not refer to earlier messages: one of them was not inflated.
    mutating func loseWindow() { inflater.reset(missingEarlierMessages: true) }

    /// Inflates a piece of the message's payload, and judges it as text if the message is one.
    ///
    /// - Parameters:
    ///   - piece: the payload as it arrived.
    ///   - key: the masking key; nil if the payload is not masked.
    ///   - index: the index in the payload of the first byte in `piece`.
    ///   - output: receives what the piece inflates to.
    mutating func inflate(
        _ piece: Span<UInt8>, key: MaskingKey?, from index: UInt64, _ output: (Span<UInt8>) -> Void
    ) throws(InflateFault) {
        guard let key, !unmasked.isEmpty else { return try inflate(piece, output) }
        var start = 0
        while start < piece.count {
            let count = min(unmasked.count, piece.count &- start)
            var target = unmasked.mutableSpan
            target.copy(piece.extracting(start..<(start &+ count)), at: 0)
            key.apply(to: &target, 0..<count, from: index &+ UInt64(truncatingIfNeeded: start))
            // Passed as a copy of the reference, not of the bytes.
            let bytes = unmasked
            try inflate(bytes.span.extracting(0..<count), output)
            start &+= count
        }
    }

    private mutating func inflate(_ piece: Span<UInt8>, _ output: (Span<UInt8>) -> Void) throws(InflateFault) {
        var progress = progress
        var refusedByte = refusedByte
        let isText = isText
        defer {
            self.progress = progress
            self.refusedByte = refusedByte
        }
        try inflater.inflate(piece) { inflated in
            output(inflated)
            guard isText else { return nil }
            let fault = TextJudge.firstFault(in: inflated, key: 0, progress: &progress)
            if let fault { refusedByte = inflated[fault] }
            return fault
        }
    }

    /// Ends the message.
    ///
    /// - Returns: true if it is text that ends inside a character.
    mutating func endMessage() throws(InflateFault) -> Bool {
        try inflater.endMessage()
        return isText && progress != .boundary
    }
}
