public import WebSocketCaptures
public import WebSocketFrames

/// How to judge an input: what the user specifies because the input may not say it, or may say it wrongly.
public struct InspectionSettings: Sendable {
    /// The format that an input is assumed to have.
    public enum Input: String, Sendable, Hashable {
        /// Recognised by its content.
        case auto
        /// The bytes of a stream, unchanged.
        case raw
        /// Bytes written as hex text.
        case hex
        /// A capture: pcap or pcapng.
        case pcap
    }

    /// The sender of a one-way dump; `.said(nil)` infers it from the first MASK bit.
    public enum Sender: Sendable, Hashable {
        /// What the dump itself says: by a directive, its handshake, or its first MASK bit.
        case unsaid
        /// What the user says, which the dump cannot change.
        case said(Endpoint?)
    }

    /// The sender of a one-way dump.
    public var sender = Sender.unsaid
    /// Whether permessage-deflate was agreed; nil lets the input decide.
    public var deflate: Bool?
    /// The longest payload of a data frame in bytes; nil for the dump's own limit, or none.
    public var maximumFrame: UInt64?
    /// The longest message in bytes; nil likewise.
    public var maximumMessage: UInt64?
    /// The format that inputs are assumed to have.
    public var input = Input.auto
    /// Whether an input that is not a capture, an export or hex text is skipped, instead of judged as raw bytes or
    /// refused.
    public var skipsUnrecognised = false
    /// Whether violations after the first one of a stream are reported, if the frame's end is known.
    public var reportsAll = false
    /// Whether every frame is a finding, with the start of its payload.
    public var showsFrames = false
    /// Whether every message is a finding, whole and inflated.
    public var gathersMessages = false
    /// Whether findings come in the order of the packets, mingling different conversations. Otherwise the findings of
    /// each conversation come together, in the order in which the conversations began.
    public var mingles = false
    /// What is specified about the conversations of captures.
    public var conversations = ConversationOptions()

    /// The key log secrets used to decrypt the TLS connections of captures.
    public var keys = TLSKeys()
    /// Whether the user has given a key log.
    public var hasKeyLog = false
    /// What to install if no cryptographic library is found; a clause without a full stop.
    public var cryptographyAdvice = "install a cryptographic library"

    /// Creates the default settings.
    public init() {}
}
