/// The contents of a request for a WebSocket connection (RFC 6455 §4.1). ``faults`` says what is wrong with it.
///
/// Creating one refuses nothing, so that any request can be examined.
public struct HandshakeRequest: Sendable, Hashable {
    /// The method: `GET`.
    public let method: String
    /// The request target: `/chat?room=1`.
    public let target: String
    /// The digit after `HTTP/1.`.
    public let minorVersion: Int
    /// All header fields.
    public let fields: HeaderFields

    /// Whether `Upgrade` contains `websocket`.
    public let asksForWebSocket: Bool
    /// Whether `Connection` contains `upgrade`.
    public let connectionNamesUpgrade: Bool
    /// The first `Sec-WebSocket-Key`, valid or not.
    public let key: String?
    /// The first `Sec-WebSocket-Version`, valid or not.
    public let version: String?
    /// The subprotocols that the client offers, the preferred one first.
    public let subprotocols: [String]
    /// The extensions that the client offers, the preferred one first, or what is wrong with the list.
    public let extensions: Result<[WebSocketExtension], MalformedExtensions>

    /// Reads the fields of a request.
    ///
    /// - Parameters:
    ///   - method: the method.
    ///   - target: the request target.
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

    /// The origin that a browser reports (§4.1, §10.2); nil if the client is not a browser. The application decides
    /// whether it is acceptable.
    public var origin: String? { fields.values(of: "Origin").first }

    /// The requested host; nil if there is no `Host`.
    public var host: String? { fields.values(of: "Host").first }

    /// The offers of permessage-deflate, in order. Those that cannot be read must be declined.
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
