internal import PerMessageDeflate
internal import WebSocketFrames

/// A way in which the compressed messages of a stream may have been meant: as agreed, or otherwise.
struct DeflateReading: Sendable {
    /// The role of a message for the window.
    enum Part: Sendable {
        /// None: it was not compressed.
        case plain
        /// It is inflated.
        case compressed(ArraySlice<UInt8>)
        /// It was sent uncompressed, but entered the sender's window.
        case takenUp(ArraySlice<UInt8>)
    }

    var context: DeflateContext
    /// The role of each message; nil if RSV1 decides.
    var part: (@Sendable (DataMessage) -> Part)?

    /// The most output that is examined for one reading, in bytes. Nothing is concluded from the rest.
    static let maximumOutput: UInt64 = 8 << 20

    /// The result of applying the reading to all messages.
    struct Outcome {
        /// The first message that does not fit: it does not inflate this way, or is marked as text but is not, or is
        /// not meaningful although those before it were.
        var misfit: Int?
        /// The first text that is not JSON after one that is.
        var lostSense: Int?
        /// Whether the reading could not be applied to everything.
        var isCut = false
        /// The number of complete compressed messages from the questioned one on.
        var messages = 0
        /// The numbers of complete texts among them; of those that are one JSON value; and of those, complete or not,
        /// that are clean text.
        var texts = 0
        var values = 0
        var cleanTexts = 0
        /// The beginning of what the questioned message inflates to, and its full size in bytes.
        var output: [UInt8] = []
        var outputCount: UInt64 = 0

        /// Whether everything inflates.
        var fits: Bool { misfit == nil }
    }

    /// Inflates all messages.
    ///
    /// - Parameters:
    ///   - questioned: the index of the first byte in question: the reading is tested on the message that contains
    ///     it, and on those after it.
    ///   - keeping: the number of bytes of that message's output to keep.
    ///   - most: the number of messages from there on to examine.
    func outcome(
        of messages: DataMessages, from questioned: Int, keeping: Int = 512, atMost most: Int = .max
    ) -> Outcome {
        var outcome = Outcome()
        var inflater = MessageInflater(context, messageLimit: Self.maximumOutput)
        if messages.missesEarlier { inflater.reset(missingEarlierMessages: true) }
        var left = Self.maximumOutput
        var seen = 0
        let isReadThrough = messages.visit { message in
            let part = part?(message) ?? (message.isCompressed ? .compressed(message.payload[...]) : .plain)
            inflater.messageLimit = left
            var text = TextPlausibility(isText: message.isText)
            do throws(InflateFault) {
                switch part {
                case .plain: return true
                case .takenUp(let bytes):
                    try inflater.takeUp(bytes)
                    return true
                case .compressed(let bytes):
                    try inflater.inflate(bytes.span) {
                        text.add($0)
                        return nil
                    }
                    left -= min(left, text.count)
                    if message.isWhole { try inflater.endMessage() }
                }
            } catch {
                if error.reason == .tooBig {
                    outcome.isCut = true
                } else {
                    outcome.misfit = message.index
                }
                return false
            }
            guard message.end > questioned || !message.isWhole else { return true }
            if seen == 0 { (outcome.output, outcome.outputCount) = (Array(text.kept.prefix(keeping)), text.count) }
            seen += 1
            if message.isText, text.isBroken(atEnd: message.isWhole) {
                outcome.misfit = message.index
                return false
            }
            if message.isWhole {
                outcome.messages += 1
                if message.isText { outcome.texts += 1 }
                if text.isValue {
                    outcome.values += 1
                } else if message.isText, outcome.values > 0, outcome.lostSense == nil {
                    outcome.lostSense = message.index
                }
            }
            if message.isText, text.isClean { outcome.cleanTexts += 1 }
            return seen < most
        }
        if !isReadThrough { outcome.isCut = true }
        return outcome
    }
}

extension MessageInflater {
    /// Adds bytes to the window as if a message had inflated to them.
    fileprivate mutating func takeUp(_ bytes: ArraySlice<UInt8>) throws(InflateFault) {
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.prefix(65_535)
            rest = rest.dropFirst(piece.count)
            let count = UInt16(truncatingIfNeeded: piece.count)
            let head: [UInt8] = [
                0x00, UInt8(truncatingIfNeeded: count), UInt8(truncatingIfNeeded: count >> 8),
                UInt8(truncatingIfNeeded: ~count), UInt8(truncatingIfNeeded: ~count >> 8),
            ]
            try inflate(head.span) { _ in nil }
            try inflate(piece.span) { _ in nil }
        }
        let end: [UInt8] = [0x00]
        try inflate(end.span) { _ in nil }
        try endMessage()
    }
}
