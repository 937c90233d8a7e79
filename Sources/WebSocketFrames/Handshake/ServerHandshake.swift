public import PerMessageDeflate

/// A server's preferences for a handshake, and the resulting answer to a request (RFC 6455 §4.2).
///
/// ```swift
/// let handshake = ServerHandshake(subprotocols: ["chat.v2", "chat"], deflate: .standard)
/// let request = HandshakeRequest(target: "/chat", fields: ["Host": "example.com"])
/// do {
///     let answer = try handshake.accept(request)
///     print(101, answer.fields)  // Then begin a Connection with answer.agreement.extensions.
/// } catch {
///     print(error.status, error.responseFields)
/// }
/// ```
///
/// It does no input or output. Check the request's `Origin`, path and cookies before accepting it.
public struct ServerHandshake: Sendable, Hashable {
    /// The subprotocols that the server supports, the preferred one first.
    public var subprotocols: [String]
    /// The most that permessage-deflate may use: a smaller window that the client asks for is granted. Nil if it is
    /// never agreed.
    public var deflate: DeflateParameters?

    /// Creates preferences: no subprotocol and no extension by default.
    public init(subprotocols: [String] = [], deflate: DeflateParameters? = nil) {
        self.subprotocols = subprotocols
        self.deflate = deflate
    }

    /// The response to an accepted request; its status is 101.
    public struct Answer: Sendable, Hashable {
        /// The agreement with the client.
        public let agreement: HandshakeAgreement
        /// All header fields of the response.
        public let fields: HeaderFields
    }

    /// Answers a request.
    ///
    /// - Throws: the first of the request's ``HandshakeRequest/faults``, which has the status and the fields for the
    ///   refusal.
    public func accept(_ request: HandshakeRequest) throws(RequestFault) -> Answer {
        if let fault = request.faults.first { throw fault }
        guard let key = request.key else { throw .missingKey }
        var fields: HeaderFields = [
            "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": AcceptValue.expected(for: key),
        ]
        var agreement = HandshakeAgreement(subprotocol: subprotocols.first(where: request.subprotocols.contains))
        if let subprotocol = agreement.subprotocol { fields.append("Sec-WebSocket-Protocol", subprotocol) }
        // The client prefers its earlier offers (RFC 7692 §5): the first one that can be granted is accepted.
        for case .success(let offer) in request.deflateOffers {
            guard let deflate, let agreed = offer.agreed(wishing: deflate) else { continue }
            agreement.deflate = agreed
            fields.append("Sec-WebSocket-Extensions", offer.answer(agreed).description)
            break
        }
        return Answer(agreement: agreement, fields: fields)
    }
}
