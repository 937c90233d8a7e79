/// The status code of a Close frame: why the connection ends (RFC 6455 §7.4 and the IANA registry).
public struct CloseCode: RawRepresentable, Sendable, Hashable {
    /// The code, 0…65535. ``isAllowedOnWire`` says whether a Close frame may carry it.
    public let rawValue: UInt16

    /// Creates a close code of any value.
    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: the purpose of the connection is fulfilled.
    public static let normalClosure = CloseCode(rawValue: 1000)
    /// 1001: the endpoint is going away: a server shuts down, a browser leaves the page.
    public static let goingAway = CloseCode(rawValue: 1001)
    /// 1002: the peer broke the protocol.
    public static let protocolError = CloseCode(rawValue: 1002)
    /// 1003: the peer sent a kind of data that this endpoint cannot accept.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// 1005: never sent; stands for a Close frame without a code.
    public static let noStatusReceived = CloseCode(rawValue: 1005)
    /// 1006: never sent; stands for a connection that ended without a Close frame.
    public static let abnormalClosure = CloseCode(rawValue: 1006)
    /// 1007: the payload does not fit its type, for example text that is not UTF-8.
    public static let invalidPayload = CloseCode(rawValue: 1007)
    /// 1008: the peer violated a policy, and no other code fits.
    public static let policyViolation = CloseCode(rawValue: 1008)
    /// 1009: a message is too big to be processed.
    public static let messageTooBig = CloseCode(rawValue: 1009)
    /// 1010: the server's handshake lacks an extension that the client needs.
    public static let mandatoryExtension = CloseCode(rawValue: 1010)
    /// 1011: the endpoint that sends it failed; the peer did nothing wrong.
    public static let internalError = CloseCode(rawValue: 1011)
    /// 1012: the service restarts.
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// 1013: try again later.
    public static let tryAgainLater = CloseCode(rawValue: 1013)
    /// 1014: a gateway received an invalid response from its upstream server.
    public static let badGateway = CloseCode(rawValue: 1014)
    /// 1015: never sent; stands for a TLS handshake that failed.
    public static let tlsHandshake = CloseCode(rawValue: 1015)
}

extension CloseCode {
    /// Which endpoint may send a Close frame with a given code.
    public enum Sender: Sendable, Hashable {
        /// Either endpoint.
        case either
        /// Only a client, by the code's meaning.
        case client
        /// Only a server, by the code's meaning.
        case server
        /// Neither: the code is reserved, unassigned or out of range.
        case nobody
    }

    /// Whether a Close frame may carry this code: 1000–1003, 1007–1014 and 3000–4999 (§7.4, IANA registry).
    @inlinable
    public var isAllowedOnWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// Which endpoint may send this code.
    ///
    /// Only a client sends 1010, by definition (§7.4.1); 1012 to 1014 are about a service, so only a server sends
    /// them. 1011 is defined for servers, but clients use it too, for their own failures.
    public var sender: Sender {
        switch rawValue {
        case 1010: .client
        case 1012...1014: .server
        default: isAllowedOnWire ? .either : .nobody
        }
    }

    /// The registered name in lower case, or the purpose of the code's range; every code has one.
    public var name: String {
        switch rawValue {
        case 1000: "normal closure"
        case 1001: "going away"
        case 1002: "protocol error"
        case 1003: "unsupported data"
        case 1004: "reserved"
        case 1005: "no status received (never sent)"
        case 1006: "abnormal closure (never sent)"
        case 1007: "invalid frame payload data"
        case 1008: "policy violation"
        case 1009: "message too big"
        case 1010: "mandatory extension"
        case 1011: "internal error"
        case 1012: "service restart"
        case 1013: "try again later"
        case 1014: "bad gateway"
        case 1015: "TLS handshake (never sent)"
        case 3000: "unauthorized"
        case 3003: "forbidden"
        case 3008: "timeout"
        case 0...999: "not used"
        case 1016...2999: "unassigned, for future versions of the protocol"
        case 3000...3999: "for libraries and frameworks, by registration"
        case 4000...4999: "for private use"
        default: "out of range"
        }
    }
}
