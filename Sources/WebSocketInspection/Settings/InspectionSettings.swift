public import WebSocketCaptures
public import WebSocketFrames

/// How an input is to be judged: what the user says where the input may not, or may say it wrong.
public struct InspectionSettings: Sendable {
    /// What an input is taken for.
    public enum Input: String, Sendable, Hashable {
        /// According to its content.
        case auto
        /// The bytes of a stream as they were.
        case raw
        /// Bytes written out as hex text.
        case hex
        /// A capture: pcap or pcapng.
        case pcap
    }

    /// The sender of a one-way dump; `.said(nil)` takes it from the first MASK bit.
    public enum Sender: Sendable, Hashable {
        /// What the dump says of itself: by a directive, its handshake, or its first MASK bit.
        case unsaid
        /// What the user says, which the dump cannot change.
        case said(Endpoint?)
    }

    /// The sender of a one-way dump.
    public var sender = Sender.unsaid
    /// Whether permessage-deflate was agreed on; nil lets the input decide.
    public var deflate: Bool?
    /// The longest payload of a data frame in bytes; nil for the dump's own limit, or none.
    public var maximumFrame: UInt64?
    /// The longest message in bytes; likewise.
    public var maximumMessage: UInt64?
    /// What inputs are taken for.
    public var input = Input.auto
    /// What is no capture, no export and no hex text is skipped instead of judged as raw bytes or refused.
    public var skipsUnrecognised = false
    /// Violations after the first one of a stream are reported, where the frame's end is known.
    public var goesOn = false
    /// Every frame is a finding, with the start of its payload.
    public var showsFrames = false
    /// Every message is a finding, whole and inflated.
    public var gathersMessages = false
    /// Findings come in the order of the packets, so those of different conversations mingle. Else each conversation's
    /// findings stand together, in the order in which the conversations began.
    public var mingles = false
    /// What is said about the conversations of captures.
    public var conversations = ConversationOptions()

    /// What opens the TLS connections of captures.
    public var keys = TLSKeys()
    /// The user has given a key log.
    public var hasKeyLog = false
    /// What to install where no cryptographic library is found; a clause without a full stop.
    public var cryptographyAdvice = "install a cryptographic library"

    /// Creates the usual settings.
    public init() {}
}
