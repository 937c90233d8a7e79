internal import PerMessageDeflate
internal import WebSocketFrames

/// A sender's window that is not the one that was agreed (RFC 7692 §7.1.1, §7.1.2).
enum DeflateWindow {
    static let name = "deflate-window"

    static func found(_ context: ViolationContext) -> Match? {
        guard let (message, messages) = context.compressedMessage, let agreed = context.agreedReading,
            !messages.missesEarlier, isOfWindow(context.violation)
        else { return nil }
        func tries(_ reading: DeflateReading) -> DeflateReading.Outcome? {
            let outcome = reading.outcome(of: messages, from: message.start)
            return outcome.certainty == nil ? nil : outcome
        }
        let bits = agreed.context.windowBits
        let takesOver = agreed.context.takesOver
        let who = Wording.sender(context)
        if !takesOver, let outcome = tries(DeflateReading(context: .init(windowBits: bits))) {
            return match(
                outcome, context,
                "the message at \(context.place(of: message)) reaches into the messages before it, although "
                    + "\(parameter("no_context_takeover", context)) was agreed: with the window taken over")
        }
        for takeover in Set([takesOver, true]).sorted(by: { left, _ in left == takesOver }) where bits < 15 {
            guard tries(DeflateReading(context: .init(windowBits: 15, takesOver: takeover))) != nil else { continue }
            // What fits a window also fits a larger one.
            var (low, high) = (bits + 1, 15)
            while low < high {
                let middle = (low + high) / 2
                if tries(DeflateReading(context: .init(windowBits: middle, takesOver: takeover))) != nil {
                    high = middle
                } else {
                    low = middle + 1
                }
            }
            guard let outcome = tries(DeflateReading(context: .init(windowBits: high, takesOver: takeover))) else {
                continue
            }
            return match(
                outcome, context,
                "\(who) compresses with a larger window than the \(Wording.grouped(1 << bits)) bytes of "
                    + "\(parameter("max_window_bits=\(bits)", context)): with one of \(Wording.grouped(1 << high)) bytes"
                    + (takeover == takesOver ? "" : ", taken over from message to message"))
        }
        guard takesOver, let (reading, plain) = takingUp(messages, before: message, agreed),
            let outcome = tries(reading)
        else { return nil }
        return match(
            outcome, context,
            "\(who)'s window holds \(plain == 1 ? "a message that was" : "\(plain) messages that were") sent "
                + "without compression: if these bytes are put into it here as well")
    }

    /// Returns whether a fault can come from the window: its contents affect how far matches reach and what they
    /// copy, and nothing else.
    private static func isOfWindow(_ violation: Violation?) -> Bool {
        switch violation?.deflateFault {
        case .distanceBeyondWindow, .distanceBeyondOutput: true
        default: violation?.messageOffset != nil
        }
    }

    private static func parameter(_ name: String, _ context: ViolationContext) -> String {
        context.sender.map { "\($0.name)_\(name)" } ?? name
    }

    private static func match(
        _ outcome: DeflateReading.Outcome, _ context: ViolationContext, _ what: String
    ) -> Match? {
        outcome.certainty.map {
            Match(
                certainty: $0,
                message: what + ", all compressed messages inflate"
                    + (outcome.cleanTexts > 0 ? ", this one to \(Wording.quoted(outcome.output))" : "") + ".")
        }
    }

    /// Returns the reading in which uncompressed messages enter the sender's window; nil if there is none before a
    /// message.
    static func takingUp(
        _ messages: DataMessages, before questioned: DataMessage?, _ agreed: DeflateReading
    ) -> (reading: DeflateReading, plain: Int)? {
        var plain = 0
        messages.visit { message in
            if let questioned, message.start >= questioned.start { return false }
            if !message.isCompressed { plain += 1 }
            return true
        }
        guard plain > 0 else { return nil }
        var reading = agreed
        reading.part = { $0.isCompressed ? .compressed($0.payload[...]) : .takenUp($0.payload[...]) }
        return (reading, plain)
    }
}
