internal import PerMessageDeflate
internal import WebSocketFrames

extension ViolationContext {
    /// All known messages; nil if the offending frame is not among the bytes.
    var messages: DataMessages? {
        guard startInStream >= 0 else { return nil }
        return DataMessages(evidence.stream, orFrom: startInStream)
    }

    /// The message that does not inflate, or inflates to malformed text; nil if the fault is another one.
    var compressedMessage: (DataMessage, DataMessages)? {
        guard isCompressedAtFault, let messages, let message = messages.message(at: startInStream),
            message.isCompressed
        else { return nil }
        return (message, messages)
    }

    /// Whether the fault is in a compressed message.
    var isCompressedAtFault: Bool { rule == .invalidDeflate || violation?.messageOffset != nil }

    /// The reading of compressed messages that the handshake agreed on; nil if that is not known.
    var agreedReading: DeflateReading? {
        guard let deflate = evidence.extensions.deflate, evidence.extensions.inflates, let sender else { return nil }
        return DeflateReading(context: sender == .client ? deflate.client : deflate.server)
    }

    /// Returns `offset 1,024`: where a message begins.
    func place(of message: DataMessage) -> String {
        "offset " + Wording.grouped(evidence.stream.offset &+ UInt64(message.start))
    }

    /// The offending message, inflated as agreed, if its text is malformed; nil if something else is wrong.
    var inflatedMessage: InflatedMessage? {
        guard violation?.messageOffset != nil, let (message, messages) = compressedMessage, let agreedReading else {
            return nil
        }
        let outcome = agreedReading.outcome(
            of: messages, from: message.start, keeping: InflatedMessage.maximumKept, atMost: 1)
        return InflatedMessage(message: message, output: outcome.output, count: outcome.outputCount)
    }
}

/// An inflated message.
struct InflatedMessage {
    let message: DataMessage
    /// Its beginning, up to ``maximumKept`` bytes.
    let output: [UInt8]
    /// Its size in bytes, as far as it is known.
    let count: UInt64

    static let maximumKept = 1 << 20

    /// Whether all of it is known.
    var isWhole: Bool { message.isWhole && count == UInt64(output.count) }

    /// Returns the evidence as if the text had been sent uncompressed in one frame; nil if the fault is not among the
    /// bytes.
    func evidence(of outer: Evidence) -> Evidence? {
        let length = UInt64(output.count) + (isWhole ? 0 : 1)
        let frame = Array(EncodedFrameHeader(opcode: .text, payloadLength: length)) + output
        var validator = FrameValidator(sender: .server)
        do {
            try validator.consume(frame.span)
            return nil
        } catch {
            return Evidence(
                cause: .violation(error), sender: outer.sender, stream: StreamBytes(bytes: frame, reachesEnd: isWhole))
        }
    }
}
