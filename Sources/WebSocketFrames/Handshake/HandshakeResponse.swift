public import PerMessageDeflate

/// A server's response to a handshake: what it says (RFC 6455 §4.2.2). What is wrong with it is ``faults(answering:)``.
public struct HandshakeResponse: Sendable, Hashable {
    /// The status: 101 where the server agrees.
    public let status: Int
    /// The digit after `HTTP/1.`.
    public let minorVersion: Int
    /// All header fields.
    public let fields: HeaderFields

    /// `websocket` stands in `Upgrade`.
    public let switchesToWebSocket: Bool
    /// `upgrade` stands in `Connection`.
    public let connectionNamesUpgrade: Bool
    /// The first `Sec-WebSocket-Accept`, whatever it is.
    public let accept: String?
    /// What stands in `Sec-WebSocket-Protocol`: one subprotocol at most, if the response is right.
    public let subprotocols: [String]
    /// The extensions that the server agrees to; what is wrong with the list if it is none.
    public let extensions: Result<[WebSocketExtension], MalformedExtensions>

    /// Reads the fields of a response.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - minorVersion: the digit after `HTTP/1.`.
    ///   - fields: all header fields.
    public init(status: Int, minorVersion: Int = 1, fields: HeaderFields) {
        self.status = status
        self.minorVersion = minorVersion
        self.fields = fields
        switchesToWebSocket = fields.has("websocket", in: "Upgrade")
        connectionNamesUpgrade = fields.has("upgrade", in: "Connection")
        accept = fields.values(of: "Sec-WebSocket-Accept").first
        subprotocols = fields.elements(of: "Sec-WebSocket-Protocol")
        extensions = fields.webSocketExtensions
    }
}

/// What both endpoints agreed on in their handshake.
public struct HandshakeAgreement: Sendable, Hashable {
    /// The subprotocol that the server chose; nil if there is none.
    public var subprotocol: String?
    /// What was agreed on for permessage-deflate; nil if it was not.
    public var deflate: DeflateParameters?

    /// Creates an agreement; on nothing unless said.
    public init(subprotocol: String? = nil, deflate: DeflateParameters? = nil) {
        self.subprotocol = subprotocol
        self.deflate = deflate
    }

    /// What of it changes which frames are legal.
    public var extensions: AgreedExtensions { deflate.map { .permessageDeflate($0, inflating: false) } ?? .none }
}
