public import WebSocketCaptures
public import WebSocketFrames

/// What is not the same on both sides of a proxy. Such a difference breaks no rule by itself, and some are legal: the
/// message says which.
public struct HopDifference: Sendable, Hashable {
    /// The ways in which two hops can differ. The raw value is its name in reports.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The proxy was sent it, and did not pass it on.
        case messageDropped = "message-dropped"
        /// The proxy sends it, and was not sent it.
        case messageAdded = "message-added"
        /// It has other bytes after the proxy.
        case messageChanged = "message-changed"
        /// It has fewer bytes after the proxy, and begins as before.
        case messageCut = "message-cut"
        /// Several messages are one after the proxy.
        case messagesMerged = "messages-merged"
        /// One message is several after the proxy.
        case messageSplit = "message-split"
        /// Messages are others after the proxy, and not as many.
        case messagesReplaced = "messages-replaced"
        /// Text is binary after the proxy, or the other way round.
        case typeChanged = "type-changed"
        /// The message arrives in a different number of frames. Legal (RFC 6455 §5.4).
        case framesDiffer = "frames-differ"
        /// Pings are not passed on. Legal, as they are about one connection (RFC 6455 §5.5.2).
        case pingsEnd = "pings-end"
        /// A rule is broken after the proxy, and not before it.
        case violationMade = "violation-made"
        /// Other extensions were agreed on.
        case extensionsDiffer = "extensions-differ"
        /// Another subprotocol was agreed on.
        case subprotocolDiffers = "subprotocol-differs"
        /// The request's Upgrade was not passed on.
        case upgradeNotPassed = "upgrade-not-passed"
        /// The client got the answer that belongs to the proxy's key.
        case acceptOfOtherHop = "accept-of-other-hop"
        /// The server answered the handshake otherwise than the proxy.
        case answersDiffer = "answers-differ"
        /// A Close was passed on with another code, or not at all.
        case closeDiffers = "close-differs"
        /// One hop went on for long after the other had ended.
        case endedApart = "ended-apart"
    }

    /// What it is.
    public var kind: Kind
    /// Whose messages differ; nil if it is about both endpoints.
    public var sender: Endpoint?
    /// How often that was found.
    public var count: Int
    /// One to three sentences for a person.
    public var message: String
    /// The first place on the client's hop; nil if there is none.
    public var front: PacketPosition?
    /// The first place on the server's hop; nil if there is none.
    public var back: PacketPosition?
}

/// A message of both hops side by side, or of one where the other has none.
public struct HopRow: Sendable, Hashable {
    /// The sender.
    public var sender: Endpoint
    /// As it is between the client and the proxy.
    public var front: HopMessage?
    /// As it is between the proxy and the server.
    public var back: HopMessage?
    /// Both carry the same.
    public var isSame: Bool
}
