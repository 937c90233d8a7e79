public import PerMessageDeflate

/// The contents of a server's response to a handshake (RFC 6455 §4.2.2). ``faults(answering:)`` says what is wrong with
/// it.
public struct HandshakeResponse: Sendable, Hashable {
    /// The status: 101 if the server accepts.
    public let status: Int
    /// The digit after `HTTP/1.`.
    public let minorVersion: Int
    /// All header fields.
    public let fields: HeaderFields

    /// Whether `Upgrade` contains `websocket`.
    public let switchesToWebSocket: Bool
    /// Whether `Connection` contains `upgrade`.
    public let connectionNamesUpgrade: Bool
    /// The first `Sec-WebSocket-Accept`, valid or not.
    public let accept: String?
    /// The contents of `Sec-WebSocket-Protocol`: at most one subprotocol in a valid response.
    public let subprotocols: [String]
    /// The extensions that the server agrees to, or what is wrong with the list.
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

/// The result of a handshake: what both endpoints agreed on.
public struct HandshakeAgreement: Sendable, Hashable {
    /// The subprotocol that the server chose; nil if there is none.
    public var subprotocol: String?
    /// The agreed parameters of permessage-deflate; nil if it was not agreed.
    public var deflate: DeflateParameters?

    /// Creates an agreement; nothing is agreed by default.
    public init(subprotocol: String? = nil, deflate: DeflateParameters? = nil) {
        self.subprotocol = subprotocol
        self.deflate = deflate
    }

    /// The part of the agreement that decides which frames are legal.
    public var extensions: AgreedExtensions { deflate.map { .permessageDeflate($0, inflating: false) } ?? .none }
}
