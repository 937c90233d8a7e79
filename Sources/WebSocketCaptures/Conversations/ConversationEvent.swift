public import PerMessageDeflate
public import WebSocketFrames

/// How a WebSocket conversation of a capture began, and who it is between.
public struct ConversationHead: Sendable, Hashable {
    /// How it was found.
    public enum Opening: Sendable, Hashable {
        /// By its HTTP handshake: a request, and a response that switched protocols.
        case upgrade
        /// By an extended CONNECT on a stream of HTTP/2, which the server accepted (RFC 8441).
        case extendedConnect
        /// The handshake is not in the capture. The first frame boundary was found by search: this many bytes of each
        /// endpoint were skipped.
        case middle(skippedByClient: UInt64, skippedByServer: UInt64)
        /// The server refused with this HTTP status, or its answer was not HTTP (nil): there are no frames.
        case refused(status: Int?)
    }

    /// How it was found.
    public var opening: Opening
    /// The client's address; nil if the input has none.
    public var client: SocketAddress?
    /// The server's address; nil if the input has none.
    public var server: SocketAddress?
    /// The request's method, for example `GET`, with everything unprintable replaced; nil if no request was seen.
    public var method: String?
    /// The request's target, for example `/chat`, with everything unprintable replaced; nil if no request was seen.
    public var target: String?
    /// The request's Host, likewise.
    public var host: String?
    /// The request's Sec-WebSocket-Key, likewise.
    public var key: String?
    /// Whether the request names `websocket` in its Upgrade; nil if no HTTP/1.1 request was seen.
    public var asksForWebSocket: Bool?
    /// The position of the request's end; nil if it was not seen, or the input is not a capture.
    public var requestPosition: PacketPosition?
    /// The response's Sec-WebSocket-Accept, likewise.
    public var accept: String?
    /// The subprotocol that was agreed on, likewise.
    public var subprotocol: String?
    /// Whether the request offered permessage-deflate.
    public var offeredDeflate = false
    /// Whether permessage-deflate was agreed; nil if no response was seen.
    public var agreedDeflate: Bool?
    /// The agreed parameters of permessage-deflate (RFC 7692 §7.1); nil if it was not agreed, or its parameters are
    /// not legal.
    public var deflate: DeflateParameters?
    /// The names of other extensions that the response agreed to.
    public var otherExtensions: [String] = []
    /// Where it was opened: at the end of the response, or at the first frame.
    public var packetPosition: PacketPosition?

    /// Creates a head of which only the opening is known.
    public init(opening: Opening) {
        self.opening = opening
    }
}

/// An event of a WebSocket conversation, in the order in which it becomes known.
public enum ConversationEvent: Sendable, Hashable {
    /// The conversation was found. Always its first event; if it was refused, only notices follow.
    indirect case opened(ConversationHead)
    /// The next bytes that an endpoint sent after the handshake: those passed with the event.
    case bytes(from: Endpoint, at: PacketPosition?)
    /// The next bytes of an endpoint are missing: `count` of them, or an unknown number.
    ///
    /// If `continues` is false, nothing more of that endpoint follows. If it is true and `count` is known, the endpoint's
    /// next bytes follow the missing ones; if `count` is not known, another gap at the same place, with a count,
    /// precedes them.
    case gap(from: Endpoint, count: UInt64?, GapReason, at: PacketPosition?, continues: Bool)
    /// Two copies of an endpoint's bytes differ at that offset in its stream: from there on it is not known what its
    /// peer received. Reported once for each endpoint, possibly a little after the bytes.
    case contradiction(from: Endpoint, offset: UInt64, at: PacketPosition?)
    /// An endpoint has ended its direction (FIN).
    case finished(Endpoint, at: PacketPosition?)
    /// An endpoint has reset the connection (RST).
    case reset(Endpoint, at: PacketPosition?)
    /// Something doubtful.
    indirect case notice(Notice)
    /// The conversation is over.
    case closed
}

/// What the user specifies about conversations.
public struct ConversationOptions: Sendable, Hashable {
    /// Ports whose conversations are treated as WebSocket if the handshake was not captured.
    public var webSocketPorts: Set<UInt16> = []
    /// Whether every connection that is neither HTTP nor TLS is treated as WebSocket, because the packets were selected
    /// by hand.
    public var takesEveryPort = false
    /// Whether to search for WebSocket frames on every connection that begins in the middle.
    public var detectsInTheMiddle = true

    /// Creates the default options.
    public init() {}
}
