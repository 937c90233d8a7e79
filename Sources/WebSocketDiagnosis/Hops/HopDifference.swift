public import WebSocketCaptures
public import WebSocketFrames

/// A difference between the two sides of a proxy. It breaks no rule by itself, and some differences are legal: the
/// message says which.
public struct HopDifference: Sendable, Hashable {
    /// The ways in which two hops can differ. The raw value is its name in reports.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The proxy received the message and did not pass it on.
        case messageDropped = "message-dropped"
        /// The proxy sends a message that it did not receive.
        case messageAdded = "message-added"
        /// The message has other bytes after the proxy.
        case messageChanged = "message-changed"
        /// The message has fewer bytes after the proxy, and the same beginning.
        case messageCut = "message-cut"
        /// Several messages have become one after the proxy.
        case messagesMerged = "messages-merged"
        /// One message has become several after the proxy.
        case messageSplit = "message-split"
        /// The messages after the proxy are different ones, and not as many.
        case messagesReplaced = "messages-replaced"
        /// Text has become binary after the proxy, or the other way round.
        case typeChanged = "type-changed"
        /// The message arrives in a different number of frames. Legal (RFC 6455 §5.4).
        case framesDiffer = "frames-differ"
        /// Pings are not passed on. Legal, since they concern one connection (RFC 6455 §5.5.2).
        case pingsEnd = "pings-end"
        /// A rule is broken after the proxy, but not before it.
        case violationMade = "violation-made"
        /// Other extensions were agreed on.
        case extensionsDiffer = "extensions-differ"
        /// Another subprotocol was agreed on.
        case subprotocolDiffers = "subprotocol-differs"
        /// The request's Upgrade was not passed on.
        case upgradeNotPassed = "upgrade-not-passed"
        /// The client got the accept value for the proxy's key instead of its own.
        case acceptOfOtherHop = "accept-of-other-hop"
        /// The server answered the handshake differently from the proxy.
        case answersDiffer = "answers-differ"
        /// A Close was passed on with another code, or not at all.
        case closeDiffers = "close-differs"
        /// One hop continued for long after the other had ended.
        case endedApart = "ended-apart"
    }

    /// The kind of difference.
    public var kind: Kind
    /// The endpoint whose messages differ; nil if it is about both.
    public var sender: Endpoint?
    /// The number of times it was found.
    public var count: Int
    /// One to three sentences for people.
    public var message: String
    /// The first place on the client's hop; nil if there is none.
    public var front: PacketPosition?
    /// The first place on the server's hop; nil if there is none.
    public var back: PacketPosition?
}

/// A message of both hops side by side, or of one if the other has none.
public struct HopRow: Sendable, Hashable {
    /// The sender.
    public var sender: Endpoint
    /// The message between the client and the proxy.
    public var front: HopMessage?
    /// The message between the proxy and the server.
    public var back: HopMessage?
    /// Whether both have the same content.
    public var isSame: Bool
}
