public import PerMessageDeflate
public import WebSocketFrames

/// How a WebSocket conversation of a capture began, and between whom.
public struct ConversationHead: Sendable, Hashable {
    /// How it was found.
    public enum Opening: Sendable, Hashable {
        /// By its HTTP handshake: a request, and a response that switched protocols.
        case upgrade
        /// By an extended CONNECT on a stream of HTTP/2, which the server accepted (RFC 8441).
        case extendedConnect
        /// The handshake is not in the capture. The first frame boundary was found by trying: so many bytes of each
        /// endpoint were skipped.
        case middle(skippedByClient: UInt64, skippedByServer: UInt64)
        /// The server refused with that HTTP status, or its answer was no HTTP (nil): there are no frames.
        case refused(status: Int?)
    }

    /// How it was found.
    public var opening: Opening
    /// The client's address; nil if the dump holds none.
    public var client: SocketAddress?
    /// The server's address; nil if the dump holds none.
    public var server: SocketAddress?
    /// The request's method, as `GET`, with everything unprintable replaced; nil if no request was seen.
    public var method: String?
    /// The request's target, as `/chat`, with everything unprintable replaced; nil if no request was seen.
    public var target: String?
    /// The request's Host, likewise.
    public var host: String?
    /// The request's Sec-WebSocket-Key, likewise.
    public var key: String?
    /// The request names `websocket` in its Upgrade; nil if no request of HTTP/1.1 was seen.
    public var asksForWebSocket: Bool?
    /// Where the request's end stands; nil if it was not seen, or the input is no capture.
    public var requestPosition: PacketPosition?
    /// The response's Sec-WebSocket-Accept, likewise.
    public var accept: String?
    /// The subprotocol that was agreed on, likewise.
    public var subprotocol: String?
    /// The request offered permessage-deflate.
    public var offeredDeflate = false
    /// permessage-deflate was agreed on; nil if no response was seen.
    public var agreedDeflate: Bool?
    /// What was agreed on for permessage-deflate (RFC 7692 §7.1); nil if that was not, or its parameters are not legal.
    public var deflate: DeflateParameters?
    /// Names of other extensions that the response agreed to.
    public var otherExtensions: [String] = []
    /// Where it was opened: the packet of the response's end, or of the first frame.
    public var packetPosition: PacketPosition?

    /// Creates a head of which nothing but the opening is known.
    public init(opening: Opening) {
        self.opening = opening
    }
}

/// What happens in a WebSocket conversation, in the order in which it is known.
public enum ConversationEvent: Sendable, Hashable {
    /// It was found. Always the first event of a conversation; where it was refused, also the last but notices.
    indirect case opened(ConversationHead)
    /// The next bytes that an endpoint sent after the handshake: those that the event comes with.
    case bytes(from: Endpoint, at: PacketPosition?)
    /// The next bytes of an endpoint are missing: `count` of them, or it is not known how many.
    ///
    /// If it goes on and `count` is known, the bytes that come next follow the missing ones. If it goes on and `count` is not
    /// known, another gap at the same place comes before them and says it. Else none of that endpoint come any more.
    case gap(from: Endpoint, count: UInt64?, GapReason, at: PacketPosition?, goesOn: Bool)
    /// Two copies of the bytes of an endpoint differ there, an offset in its stream: what its peer received is not
    /// known from there on. It is reported once for each endpoint, perhaps a little after the bytes.
    case contradiction(from: Endpoint, offset: UInt64, at: PacketPosition?)
    /// An endpoint has ended its direction (FIN).
    case finished(Endpoint, at: PacketPosition?)
    /// An endpoint has torn the connection down (RST).
    case reset(Endpoint, at: PacketPosition?)
    /// Something doubtful.
    indirect case notice(Notice)
    /// Nothing more of this conversation will come.
    case closed
}

/// What the user says about conversations.
public struct ConversationOptions: Sendable, Hashable {
    /// Ports whose conversations are taken for WebSocket where the handshake was not captured.
    public var webSocketPorts: Set<UInt16> = []
    /// Every connection that is neither HTTP nor TLS is taken for WebSocket: somebody picked these packets by hand.
    public var takesEveryPort = false
    /// Look for WebSocket frames on every connection that begins in the middle.
    public var detectsInTheMiddle = true

    /// Creates the usual options.
    public init() {}
}
