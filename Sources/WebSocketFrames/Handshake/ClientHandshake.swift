public import PerMessageDeflate

/// A client's handshake: the fields of its request, and the check of the response (RFC 6455 §4.1).
///
/// ```swift
/// let handshake = ClientHandshake(subprotocols: ["chat"], deflate: .standard)
/// print("GET", "/chat", handshake.fields)  // And the author's own: Host, Origin, Cookie.
/// let response = HandshakeResponse(status: 101, fields: ["Upgrade": "websocket"])
/// let agreement = try handshake.agreement(response)
/// print(agreement.subprotocol ?? "no subprotocol")
/// ```
public struct ClientHandshake: Sendable, Hashable {
    /// The key: the Base64 of 16 unpredictable bytes.
    public let key: String
    /// The offered subprotocols, the preferred one first.
    public let subprotocols: [String]
    /// The offer of permessage-deflate; nil if it is not offered.
    public let deflate: DeflateOffer?

    /// Creates a handshake with a fresh key from the system's secure source. Create one for each connection.
    ///
    /// - Parameters:
    ///   - subprotocols: the subprotocols to offer, the preferred one first.
    ///   - deflate: the most that permessage-deflate may use; nil if it is not offered.
    public init(subprotocols: [String] = [], deflate: DeflateParameters? = nil) {
        var source = SystemRandomNumberGenerator()
        self.init(subprotocols: subprotocols, deflate: deflate, using: &source)
    }

    /// Creates a handshake with a key from the caller's own source.
    public init(
        subprotocols: [String] = [], deflate: DeflateParameters? = nil, using source: inout some RandomNumberGenerator
    ) {
        let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &source) }
        key = String(decoding: Base64.encoded(bytes), as: UTF8.self)
        self.subprotocols = subprotocols
        self.deflate = deflate.map { DeflateOffer(wishing: $0) }
    }

    /// The fields that the request needs in addition to `Host`.
    public var fields: HeaderFields {
        var fields: HeaderFields = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13",
        ]
        if !subprotocols.isEmpty {
            let list = subprotocols.dropFirst().reduce(subprotocols[0]) { $0 + ", " + $1 }
            fields.append("Sec-WebSocket-Protocol", list)
        }
        if let deflate { fields.append("Sec-WebSocket-Extensions", deflate.element.description) }
        return fields
    }

    /// Checks the response.
    ///
    /// - Returns: what was agreed on.
    /// - Throws: the first of its ``HandshakeResponse/faults(answering:)``: the client must fail the connection.
    public func agreement(_ response: HandshakeResponse) throws(ResponseFault) -> HandshakeAgreement {
        let request = HandshakeRequest(fields: fields)
        if let fault = response.faults(answering: request).first { throw fault }
        var agreement = HandshakeAgreement(subprotocol: response.subprotocols.first)
        if case .success(let deflate) = response.deflate(answering: request) { agreement.deflate = deflate }
        return agreement
    }
}
