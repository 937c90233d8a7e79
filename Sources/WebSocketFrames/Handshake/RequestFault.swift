/// Why a server must refuse a request for a WebSocket connection (RFC 6455 §4.2.1).
public enum RequestFault: Error, Sendable, Hashable {
    /// The method is not GET.
    case notGet(String)
    /// It is an HTTP/1.0 request; the value is the digit after `HTTP/1.`.
    case oldHTTPVersion(Int)
    /// There is no `Host`.
    case missingHost
    /// `Upgrade` does not name `websocket`.
    case missingUpgrade
    /// `Connection` does not name `upgrade`.
    case missingConnectionUpgrade
    /// There is no `Sec-WebSocket-Key`.
    case missingKey
    /// `Sec-WebSocket-Key` is not the Base64 of 16 bytes.
    case malformedKey(String)
    /// There is no `Sec-WebSocket-Version`.
    case missingVersion
    /// `Sec-WebSocket-Version` is not 13.
    case unsupportedVersion(String)
    /// A field that must not be repeated occurs twice; the value is its name.
    case repeatedField(String)
    /// An offered subprotocol is not a token.
    case malformedSubprotocol(String)
    /// A subprotocol is offered twice.
    case repeatedSubprotocol(String)
    /// `Sec-WebSocket-Extensions` is not a list of extensions.
    case malformedExtensions(MalformedExtensions)
}

extension HandshakeRequest {
    /// Everything that is wrong with the request, in the order of ``RequestFault``; a server refuses it with the first.
    public var faults: [RequestFault] {
        var faults: [RequestFault] = []
        if method != "GET" { faults.append(.notGet(method)) }
        if minorVersion < 1 { faults.append(.oldHTTPVersion(minorVersion)) }
        if host == nil { faults.append(.missingHost) }
        if !asksForWebSocket { faults.append(.missingUpgrade) }
        if !connectionNamesUpgrade { faults.append(.missingConnectionUpgrade) }
        switch key {
        case nil: faults.append(.missingKey)
        case let key?: if Base64.decodedCount(of: Array(key.utf8)[...]) != 16 { faults.append(.malformedKey(key)) }
        }
        switch version {
        case nil: faults.append(.missingVersion)
        case "13": break
        case let version?: faults.append(.unsupportedVersion(version))
        }
        for name in ["Host", "Sec-WebSocket-Key", "Sec-WebSocket-Version"] where fields.values(of: name).count > 1 {
            faults.append(.repeatedField(name))
        }
        var seen: Set<String> = []
        for subprotocol in subprotocols {
            if !Token.isToken(subprotocol) { faults.append(.malformedSubprotocol(subprotocol)) }
            if !seen.insert(subprotocol).inserted { faults.append(.repeatedSubprotocol(subprotocol)) }
        }
        if case .failure(let fault) = extensions { faults.append(.malformedExtensions(fault)) }
        return faults
    }
}

extension RequestFault {
    /// The HTTP status with which to refuse the request: 426 if it asks for no upgrade, or for another version; 405
    /// for another method; 505 for HTTP/1.0; otherwise 400 (RFC 6455 §4.2.1, §4.4; RFC 9110 §15.5).
    public var status: Int {
        switch self {
        case .missingUpgrade, .missingVersion, .unsupportedVersion: 426
        case .notGet: 405
        case .oldHTTPVersion: 505
        default: 400
        }
    }

    /// The fields that the refusal needs in addition to those of every response.
    public var responseFields: HeaderFields {
        switch status {
        case 426: ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"]
        case 405: ["Allow": "GET"]
        default: [:]
        }
    }
}

extension RequestFault: CustomStringConvertible {
    /// One clause for a log. At most 100 bytes of what the client wrote are shown, and only printable ones.
    public var description: String {
        switch self {
        case .notGet(let method): "the method is \(Token.shown(method)), not GET"
        case .oldHTTPVersion(let minor): "HTTP/1.\(minor), and the handshake needs 1.1"
        case .missingHost: "no Host"
        case .missingUpgrade: "no Upgrade: websocket"
        case .missingConnectionUpgrade: "no Connection: Upgrade"
        case .missingKey: "no Sec-WebSocket-Key"
        case .malformedKey(let key): "Sec-WebSocket-Key is not the Base64 of 16 bytes: \(Token.shown(key))"
        case .missingVersion: "no Sec-WebSocket-Version"
        case .unsupportedVersion(let version): "Sec-WebSocket-Version is \(Token.shown(version)), not 13"
        case .repeatedField(let name): "\(name) comes more than once"
        case .malformedSubprotocol(let name): "a subprotocol name is not a token: \(Token.shown(name))"
        case .repeatedSubprotocol(let name): "the subprotocol \(Token.shown(name)) is offered twice"
        case .malformedExtensions(let fault): fault.description
        }
    }
}
