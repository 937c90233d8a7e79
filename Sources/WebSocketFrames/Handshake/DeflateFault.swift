/// Why parameters of permessage-deflate cannot be agreed on (RFC 7692 §7.1): a server declines an offer that has
/// them; a client fails the connection if the response has them.
public enum DeflateFault: Error, Sendable, Hashable {
    /// A parameter that RFC 7692 does not define.
    case unknownParameter(String)
    /// A parameter that occurs twice.
    case repeatedParameter(String)
    /// A parameter that must have a value and has none.
    case missingValue(String)
    /// A parameter that has a value and must not have one.
    case unexpectedValue(String)
    /// Window bits that are not a number from 8 to 15 without leading zeros (§7.1.2).
    case invalidWindowBits(String)
    /// A parameter in the response that is only allowed if it was offered (§7.1.2.2).
    case unofferedParameter(String)
    /// The response grants less than was requested with this parameter (§7.1.1.1, §7.1.2.1).
    case beyondOffer(String)

    /// The parameter's name, as the peer wrote it.
    public var parameter: String {
        switch self {
        case .unknownParameter(let name), .repeatedParameter(let name), .missingValue(let name),
            .unexpectedValue(let name), .invalidWindowBits(let name), .unofferedParameter(let name),
            .beyondOffer(let name):
            name
        }
    }
}

extension DeflateFault: CustomStringConvertible {
    /// One clause for a log. A parameter's name is a token and therefore safe to print.
    public var description: String {
        switch self {
        case .unknownParameter(let name): "permessage-deflate has no parameter \(name)"
        case .repeatedParameter(let name): "the parameter \(name) comes twice"
        case .missingValue(let name): "the parameter \(name) needs a value"
        case .unexpectedValue(let name): "the parameter \(name) must not have a value"
        case .invalidWindowBits(let name): "the value of \(name) is not one of 8…15"
        case .unofferedParameter(let name): "the parameter \(name) was not offered"
        case .beyondOffer(let name): "what was asked for with \(name) is not granted"
        }
    }
}

/// The four parameters of permessage-deflate (RFC 7692 §7.1).
enum DeflateParameterName: String {
    case serverNoContextTakeover = "server_no_context_takeover"
    case clientNoContextTakeover = "client_no_context_takeover"
    case serverMaxWindowBits = "server_max_window_bits"
    case clientMaxWindowBits = "client_max_window_bits"

    var isWindowBits: Bool { self == .serverMaxWindowBits || self == .clientMaxWindowBits }
}

extension DeflateFault {
    /// Checks that each parameter is known, occurs once, and has a value only where it may.
    static func checkNames(in element: WebSocketExtension) throws(DeflateFault) {
        var seen: Set<DeflateParameterName> = []
        for parameter in element.parameters {
            guard let name = DeflateParameterName(rawValue: parameter.name) else {
                throw .unknownParameter(parameter.name)
            }
            guard seen.insert(name).inserted else { throw .repeatedParameter(parameter.name) }
            if !name.isWindowBits, parameter.value != nil { throw .unexpectedValue(parameter.name) }
        }
    }

    /// Returns the number of bits that a parameter's value specifies.
    static func windowBits(_ parameter: WebSocketExtension.Parameter) throws(DeflateFault) -> Int {
        guard let value = parameter.value else { throw .missingValue(parameter.name) }
        guard let bits = (8...15).first(where: { String($0) == value }) else {
            throw .invalidWindowBits(parameter.name)
        }
        return bits
    }
}
