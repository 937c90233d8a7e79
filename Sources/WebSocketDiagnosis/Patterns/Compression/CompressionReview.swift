internal import PerMessageDeflate
public import WebSocketFrames

/// Reviews the compressed messages of a stream that breaks no rule: whether they are meaningful, and why the peer may
/// nevertheless have refused one.
///
/// DEFLATE has no checksum: a receiver that copies from a different window than the sender's gets wrong bytes, and
/// usually no error.
public struct CompressionReview: Sendable {
    private let messages: DataMessages
    private let agreed: DeflateReading
    private let sender: Endpoint

    /// - Parameters:
    ///   - stream: the stream from its start on.
    ///   - sender: the sender.
    ///   - extensions: what was agreed on.
    /// - Returns: nil if nothing was inflated, or if the stream's start is missing.
    public init?(_ stream: StreamBytes, sender: Endpoint, extensions: AgreedExtensions) {
        guard stream.offset == 0, extensions.inflates, let deflate = extensions.deflate else { return nil }
        messages = DataMessages(stream, orFrom: 0)
        agreed = DeflateReading(context: sender == .client ? deflate.client : deflate.server)
        self.sender = sender
    }

    private var outcome: DeflateReading.Outcome { agreed.outcome(of: messages, from: 0) }

    /// Whether the text of some message is not JSON although that of those before it was: it may not be what was
    /// sent.
    public var losesSense: Bool { outcome.lostSense != nil }

    /// The window that makes sense of messages that make none as agreed; nil if there is none.
    public var drift: Diagnosis? {
        guard agreed.context.takesOver, let (reading, plain) = DeflateWindow.takingUp(messages, before: nil, agreed)
        else { return nil }
        let outcome = outcome
        guard outcome.values < outcome.texts else { return nil }
        let other = reading.outcome(of: messages, from: 0)
        guard other.fits, !other.isCut, other.values == other.texts, other.values > outcome.values else { return nil }
        let difference = other.values - outcome.values
        let isOne = difference == 1
        return diagnosis(
            .certain,
            "\(isOne ? "A message inflates" : "\(Wording.grouped(difference)) messages inflate") to text that makes no "
                + "sense, and to JSON if the \(plain == 1 ? "message" : "\(plain) messages") sent without compression "
                + "\(plain == 1 ? "is" : "are") put into the window as well. The \(sender.name)'s compressor has seen "
                + "\(plain == 1 ? "it" : "them"), and nothing in RFC 7692 puts \(plain == 1 ? "it" : "them") into the "
                + "receiver's window.", suspect: sender)
    }

    /// Returns why the peer may have refused a message that inflates: it has another window.
    ///
    /// - Parameter count: the number of messages that had arrived by then.
    /// - Returns: nil if nothing shows it.
    public func refusal(afterMessages count: UInt64) -> Diagnosis? {
        let last = Int(clamping: count) - 1
        let certainty: Diagnosis.Certainty = last > 2 ? .likely : .possible
        var readings: [(DeflateContext, String)] = []
        if agreed.context.takesOver {
            let context = DeflateContext(windowBits: agreed.context.windowBits, takesOver: false)
            readings.append((context, "does not take the window over"))
        }
        for bits in (8..<15).reversed() where bits < agreed.context.windowBits {
            let words = "keeps a window of only \(Wording.grouped(1 << bits)) bytes"
            readings.append((DeflateContext(windowBits: bits, takesOver: agreed.context.takesOver), words))
        }
        for (context, words) in readings where last > 0 {
            guard DeflateReading(context: context).outcome(of: messages, from: 0).misfit == last else { continue }
            return diagnosis(
                certainty,
                "All messages inflate with the window that was agreed. The last one before the \(sender.peer.name) closed "
                    + "is the first that would not inflate at a receiver that \(words): the \(sender.peer.name) may be one.",
                suspect: sender.peer)
        }
        return nil
    }

    /// A diagnosis if a window of 8 bits was agreed for the stream and the peer refused it: zlib cannot use such a
    /// window, and uses 9 bits instead.
    public var narrowWindow: Diagnosis? {
        guard agreed.context.windowBits == 8 else { return nil }
        return diagnosis(
            .possible,
            "A window of 8 bits was agreed for the \(sender.name)'s messages. zlib cannot compress with one: asked for 8 it "
                + "takes 9, or refuses. What was sent reaches back no further than 256 bytes, but the two ends may have "
                + "taken the 8 for different windows.", suspect: nil)
    }

    private func diagnosis(_ certainty: Diagnosis.Certainty, _ message: String, suspect: Endpoint?) -> Diagnosis {
        let suspect: Diagnosis.Suspect = suspect.map { $0 == .client ? .client : .server } ?? .unknown
        return Diagnosis(
            name: DeflateWindow.name, certainty: certainty, suspect: suspect, message: message + " " + suspect.advice,
            checks: PatternTable.all.first { $0.name == DeflateWindow.name }?.checks ?? [])
    }
}
