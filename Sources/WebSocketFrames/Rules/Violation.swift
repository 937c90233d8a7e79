public import PerMessageDeflate

/// The first thing that is wrong with a stream: which rule, and where.
///
/// A violation is always the peer's fault, and the connection must end with ``closeCode``. It is a plain value:
/// creating one allocates nothing, and its texts come from ``Rule/entry`` only when they are asked for.
public struct Violation: Error, Sendable, Hashable {
    /// The rule that was broken.
    public let rule: Rule

    /// The offset of the offending field's first byte, counted from the start of the stream.
    public let offset: UInt64

    /// The size of the offending field in bytes, 1…8; 0 if text ends inside a character, in which case `offset` is
    /// just past the frame.
    public let length: Int

    /// The offending frame's index in the stream, from 0, counting control frames.
    public let frame: UInt64

    /// The offset of the offending frame's first byte, counted from the start of the stream.
    public let frameOffset: UInt64

    /// The frame's header: up to and including the offending field, or all of it if the payload is at fault.
    public let header: EncodedFrameHeader

    /// The offending value in the payload, unmasked: the code for `invalid-close-code`, the byte that is not UTF-8
    /// for the text rules. 0 for every other rule, whose fields are in the header, and if text ends inside a
    /// character.
    public let value: UInt16

    /// For inflated text, the offset of the offending byte in the inflated message; nil for every other violation.
    /// ``offset`` is then that of the compressed byte that revealed it.
    public let messageOffset: UInt64?

    /// Why the message does not inflate, for `invalid-deflate`; nil for every other rule.
    public let deflateFault: InflateFault.Reason?

    /// The code that the receiver must close the connection with: 1002, 1007 or 1009, and never 1011 (RFC 6455 §7.4.1).
    public var closeCode: CloseCode { rule.closeCode }

    init(
        rule: Rule, offset: UInt64, length: Int, frame: UInt64, frameOffset: UInt64, header: EncodedFrameHeader,
        value: UInt16, messageOffset: UInt64? = nil, deflateFault: InflateFault.Reason? = nil
    ) {
        self.rule = rule
        self.offset = offset
        self.length = length
        self.frame = frame
        self.frameOffset = frameOffset
        self.header = header
        self.value = value
        self.messageOffset = messageOffset
        self.deflateFault = deflateFault
    }
}

#if !hasFeature(Embedded)
    extension CloseCode {
        /// Creates the code to close a connection with after `error`: the violation's own code if the peer broke a
        /// rule, and **1011 for anything else**, since then this endpoint failed (RFC 6455 §7.4.1).
        ///
        /// - Parameter error: whatever ended the connection.
        public init(answering error: any Error) {
            self = (error as? Violation)?.closeCode ?? .internalError
        }
    }
#endif
