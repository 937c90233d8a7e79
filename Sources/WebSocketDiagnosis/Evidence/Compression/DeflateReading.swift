internal import PerMessageDeflate
internal import WebSocketFrames

/// A way in which the compressed messages of a stream may have been meant: the agreed one, or another.
struct DeflateReading: Sendable {
    /// What a message is to the window.
    enum Part: Sendable {
        /// Nothing: it was not compressed.
        case plain
        /// It inflates.
        case compressed(ArraySlice<UInt8>)
        /// It was sent as it is, and yet the sender's window took it up.
        case takenUp(ArraySlice<UInt8>)
    }

    var context: DeflateContext
    /// What each message is; nil for what RSV1 says.
    var part: (@Sendable (DataMessage) -> Part)?

    /// How much output is examined for one reading, in bytes. Nothing is concluded from the rest.
    static let maximumOutput: UInt64 = 8 << 20

    /// The result of trying it on all messages.
    struct Outcome {
        /// The first message that does not inflate so, or is no text although it says so, or no sense where the ones
        /// before it made some.
        var misfit: Int?
        /// The first text that is no value of JSON after one that is.
        var lostSense: Int?
        /// The reading could not be tried on everything.
        var isCut = false
        /// Whole compressed messages from the one in question on.
        var messages = 0
        /// Whole texts among them; those that are one JSON value; those, whole or not, that are clean text at all.
        var texts = 0
        var values = 0
        var cleanTexts = 0
        /// What the message in question inflates to, or its beginning; and in how many bytes.
        var output: [UInt8] = []
        var outputCount: UInt64 = 0

        /// Everything inflates.
        var fits: Bool { misfit == nil }
    }

    /// Inflates all messages.
    ///
    /// - Parameters:
    ///   - questioned: the index of the first byte that is in question: the message in which it stands, and those after
    ///     it, are what the reading is tried on.
    ///   - keeping: how many bytes of that message's output are kept.
    ///   - most: how many messages from there on are examined.
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
            var text = TextSense(isText: message.isText)
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
    /// Takes bytes into the window as if a message had inflated to them.
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
