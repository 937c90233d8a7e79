public import PerMessageDeflate

/// The first thing that is wrong with a stream: which rule, and where.
///
/// A violation is always the peer's doing, and ``closeCode`` is what the connection must end with. It is a plain value:
/// making one allocates nothing, and its texts come from ``Rule/entry`` when somebody asks.
public struct Violation: Error, Sendable, Hashable {
    /// The rule that was broken.
    public let rule: Rule

    /// The first byte of the offending field, counted in bytes from the start of the stream.
    public let offset: UInt64

    /// The size of the offending field in bytes, 1…8; 0 when text ends inside a character: then `offset` is just past
    /// the frame.
    public let length: Int

    /// The offending frame's index in the stream, from 0, control frames counted.
    public let frame: UInt64

    /// The first byte of the offending frame, counted in bytes from the start of the stream.
    public let frameOffset: UInt64

    /// The frame's header: up to and including the offending field, or all of it when the payload is at fault.
    public let header: EncodedFrameHeader

    /// What stood in the payload, unmasked: the code for `invalid-close-code`, the byte that broke UTF-8 for the text
    /// rules; 0 for every other rule, since the header holds their fields, and where text ends inside a character.
    public let value: UInt16

    /// For text that was inflated, the byte that is at fault, counted in bytes from the start of the inflated message; nil
    /// for every other violation. `offset` is then the compressed byte with which it was known.
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
        /// The code to close a connection with after `error`: the violation's own code where the peer broke a rule,
        /// and **1011 for anything else**, since then it was this endpoint that failed (RFC 6455 §7.4.1).
        ///
        /// - Parameter error: whatever ended the connection.
        public init(answering error: any Error) {
            self = (error as? Violation)?.closeCode ?? .internalError
        }
    }
#endif
