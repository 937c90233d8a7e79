/// A request for a WebSocket connection: what it says (RFC 6455 §4.1). What is wrong with it is ``faults``.
///
/// Nothing is refused when one is made, so that any request can be looked at.
public struct HandshakeRequest: Sendable, Hashable {
    /// The method: `GET`.
    public let method: String
    /// What is asked for: `/chat?room=1`.
    public let target: String
    /// The digit after `HTTP/1.`.
    public let minorVersion: Int
    /// All header fields.
    public let fields: HeaderFields

    /// `websocket` stands in `Upgrade`.
    public let asksForWebSocket: Bool
    /// `upgrade` stands in `Connection`.
    public let connectionNamesUpgrade: Bool
    /// The first `Sec-WebSocket-Key`, whatever it is.
    public let key: String?
    /// The first `Sec-WebSocket-Version`, whatever it is.
    public let version: String?
    /// The subprotocols that the client offers, in the order in which it prefers them.
    public let subprotocols: [String]
    /// The extensions that the client offers, in the order in which it prefers them; what is wrong with the list if it
    /// is none.
    public let extensions: Result<[WebSocketExtension], MalformedExtensions>

    /// Reads the fields of a request.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: what is asked for.
    ///   - minorVersion: the digit after `HTTP/1.`.
    ///   - fields: all header fields.
    public init(method: String = "GET", target: String = "/", minorVersion: Int = 1, fields: HeaderFields) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.fields = fields
        asksForWebSocket = fields.has("websocket", in: "Upgrade")
        connectionNamesUpgrade = fields.has("upgrade", in: "Connection")
        key = fields.values(of: "Sec-WebSocket-Key").first
        version = fields.values(of: "Sec-WebSocket-Version").first
        subprotocols = fields.elements(of: "Sec-WebSocket-Protocol")
        extensions = fields.webSocketExtensions
    }

    /// Where a browser says the request comes from (§4.1, §10.2); nil if the client is none. Whether that may be is for
    /// the server's author to say.
    public var origin: String? { fields.values(of: "Origin").first }

    /// The host that is asked for; nil if there is no `Host`.
    public var host: String? { fields.values(of: "Host").first }

    /// The offers of permessage-deflate, in their order: those that cannot be read are to be declined.
    public var deflateOffers: [Result<DeflateOffer, DeflateFault>] {
        ((try? extensions.get()) ?? []).filter { $0.name == DeflateOffer.name }.map { element in
            Result { () throws(DeflateFault) in try DeflateOffer(element) }
        }
    }
}

extension HeaderFields {
    /// The elements of all `Sec-WebSocket-Extensions` fields.
    var webSocketExtensions: Result<[WebSocketExtension], MalformedExtensions> {
        Result { () throws(MalformedExtensions) in
            var elements: [WebSocketExtension] = []
            for value in values(of: "Sec-WebSocket-Extensions") { elements += try WebSocketExtension.list(value) }
            return elements
        }
    }
}
