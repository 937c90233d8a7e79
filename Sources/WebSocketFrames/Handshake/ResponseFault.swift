public import PerMessageDeflate

/// Why a client must fail the connection after a response (RFC 6455 §4.1).
public enum ResponseFault: Error, Sendable, Hashable {
    /// The status is not 101: the server refuses, or demands something else first.
    case refused(status: Int)
    /// It is an HTTP/1.0 response; the value is the digit after `HTTP/1.`.
    case oldHTTPVersion(Int)
    /// `Upgrade` does not name `websocket`.
    case missingUpgrade
    /// `Connection` does not name `upgrade`.
    case missingConnectionUpgrade
    /// There is no `Sec-WebSocket-Accept`.
    case missingAccept
    /// `Sec-WebSocket-Accept` does not match the request's key.
    case wrongAccept(String, expected: String)
    /// `Sec-WebSocket-Accept` occurs more than once.
    case repeatedField(String)
    /// More than one subprotocol is chosen.
    case severalSubprotocols([String])
    /// A subprotocol is chosen that was not offered.
    case unofferedSubprotocol(String)
    /// `Sec-WebSocket-Extensions` is not a list of extensions.
    case malformedExtensions(MalformedExtensions)
    /// The server agrees to an extension that was not offered.
    case unofferedExtension(String)
    /// The server agrees to an extension twice.
    case repeatedExtension(String)
    /// The parameters of permessage-deflate cannot be agreed on.
    case deflate(DeflateFault)
}

extension HandshakeResponse {
    /// Returns everything that is wrong with the response, in the order of ``ResponseFault``; a client fails with the
    /// first.
    ///
    /// - Parameter request: the request that it answers; nil if that is not known, and then nothing is compared with
    ///   it.
    public func faults(answering request: HandshakeRequest?) -> [ResponseFault] {
        guard status == 101 else { return [.refused(status: status)] }
        var faults: [ResponseFault] = []
        if minorVersion < 1 { faults.append(.oldHTTPVersion(minorVersion)) }
        if !switchesToWebSocket { faults.append(.missingUpgrade) }
        if !connectionNamesUpgrade { faults.append(.missingConnectionUpgrade) }
        switch accept {
        case nil: faults.append(.missingAccept)
        case let accept?:
            guard let key = request?.key else { break }
            let expected = AcceptValue.expected(for: key)
            if accept != expected { faults.append(.wrongAccept(accept, expected: expected)) }
        }
        for name in ["Sec-WebSocket-Accept"] where fields.values(of: name).count > 1 {
            faults.append(.repeatedField(name))
        }
        if subprotocols.count > 1 { faults.append(.severalSubprotocols(subprotocols)) }
        if let request {
            for name in subprotocols where !request.subprotocols.contains(name) {
                faults.append(.unofferedSubprotocol(name))
            }
        }
        return faults + extensionFaults(answering: request)
    }

    private func extensionFaults(answering request: HandshakeRequest?) -> [ResponseFault] {
        var faults: [ResponseFault] = []
        let agreed: [WebSocketExtension]
        switch extensions {
        case .failure(let fault): return [.malformedExtensions(fault)]
        case .success(let elements): agreed = elements
        }
        // If the offers cannot be read, nothing is compared with them.
        let offered = request.flatMap { try? $0.extensions.get() }.map { Set($0.map(\.name)) }
        var seen: Set<String> = []
        for element in agreed {
            if let offered, !offered.contains(element.name) { faults.append(.unofferedExtension(element.name)) }
            if !seen.insert(element.name).inserted { faults.append(.repeatedExtension(element.name)) }
        }
        if case .failure(let fault) = deflate(answering: request) { faults.append(.deflate(fault)) }
        return faults
    }

    /// Returns the parameters of permessage-deflate in the response, or why they are invalid; nil if it does not name
    /// the extension.
    ///
    /// - Parameter request: the request that it answers; nil if that is not known. The response has to match one of
    ///   its offers.
    public func deflate(answering request: HandshakeRequest?) -> Result<DeflateParameters, DeflateFault>? {
        guard let element = (try? extensions.get())?.first(where: { $0.name == DeflateOffer.name }) else { return nil }
        let offers = request?.deflateOffers.compactMap { try? $0.get() } ?? []
        var fault: DeflateFault?
        for offer in offers {
            do throws(DeflateFault) {
                return .success(try offer.parameters(answeredBy: element))
            } catch {
                fault = fault ?? error
            }
        }
        if let fault { return .failure(fault) }
        return Result { () throws(DeflateFault) in try DeflateOffer.parameters(answered: element) }
    }
}

extension ResponseFault: CustomStringConvertible {
    /// One clause for a log. At most 100 bytes of what the server wrote are shown, and only printable ones.
    public var description: String {
        switch self {
        case .refused(let status): "the status is \(status), not 101"
        case .oldHTTPVersion(let minor): "HTTP/1.\(minor), and the handshake needs 1.1"
        case .missingUpgrade: "no Upgrade: websocket"
        case .missingConnectionUpgrade: "no Connection: Upgrade"
        case .missingAccept: "no Sec-WebSocket-Accept"
        case .wrongAccept(let accept, let expected):
            "Sec-WebSocket-Accept is \(Token.shown(accept)), and must be \(Token.shown(expected))"
        case .repeatedField(let name): "\(name) comes more than once"
        case .severalSubprotocols: "more than one subprotocol is chosen"
        case .unofferedSubprotocol(let name): "the subprotocol \(Token.shown(name)) was not offered"
        case .malformedExtensions(let fault): fault.description
        case .unofferedExtension(let name): "the extension \(Token.shown(name)) was not offered"
        case .repeatedExtension(let name): "the extension \(Token.shown(name)) is agreed to twice"
        case .deflate(let fault): fault.description
        }
    }
}
