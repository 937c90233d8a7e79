public import PerMessageDeflate

/// A client's offer of permessage-deflate, and the possible answers to it (RFC 7692 §7.1).
///
/// An endpoint expresses its own preferences as `DeflateParameters`: windows are no larger than these say, and
/// context takeover is used only where they allow it.
public struct DeflateOffer: Sendable, Hashable {
    /// `permessage-deflate`.
    public static var name: String { "permessage-deflate" }

    /// `server_no_context_takeover`: the server must begin each message with an empty window (§7.1.1.1).
    public var serverNoContextTakeover = false
    /// `client_no_context_takeover`: the client will do so, even if the answer does not demand it (§7.1.1.2).
    public var clientNoContextTakeover = false
    /// `server_max_window_bits`: the server's window may have at most this many bits, 8…15; nil if it is not bounded
    /// (§7.1.2.1).
    public var serverMaxWindowBits: Int?
    /// `client_max_window_bits`: the answer may bound the client's window, which never has more than this many bits;
    /// nil if it may not. An offer without a value means 15 (§7.1.2.2).
    public var clientMaxWindowBits: Int?

    /// Reads an offer's parameters.
    ///
    /// - Throws: the reason why a server must decline the offer (§7.1).
    public init(_ element: WebSocketExtension) throws(DeflateFault) {
        try DeflateFault.checkNames(in: element)
        for parameter in element.parameters {
            switch DeflateParameterName(rawValue: parameter.name) {
            case .serverNoContextTakeover: serverNoContextTakeover = true
            case .clientNoContextTakeover: clientNoContextTakeover = true
            case .serverMaxWindowBits: serverMaxWindowBits = try DeflateFault.windowBits(parameter)
            case .clientMaxWindowBits:
                clientMaxWindowBits = parameter.value == nil ? 15 : try DeflateFault.windowBits(parameter)
            case nil: break
            }
        }
    }

    /// Creates the offer of a client with these preferences. It always allows the server to bound the client's
    /// window.
    public init(wishing wishes: DeflateParameters) {
        serverNoContextTakeover = wishes.serverNoContextTakeover
        clientNoContextTakeover = wishes.clientNoContextTakeover
        serverMaxWindowBits = wishes.serverMaxWindowBits == 15 ? nil : wishes.serverMaxWindowBits
        clientMaxWindowBits = wishes.clientMaxWindowBits
    }

    /// The offer as an element of `Sec-WebSocket-Extensions`.
    public var element: WebSocketExtension {
        let client = clientMaxWindowBits.map { $0 == 15 ? nil : String($0) }
        return Self.element(
            serverNoContextTakeover: serverNoContextTakeover, clientNoContextTakeover: clientNoContextTakeover,
            serverMaxWindowBits: serverMaxWindowBits, clientMaxWindowBits: client)
    }
}

// MARK: - Answering, as a server

extension DeflateOffer {
    /// Returns what a server with these preferences agrees to; nil if it must decline the offer, because it wants to
    /// bound the client's window and the offer does not allow that.
    public func agreed(wishing wishes: DeflateParameters) -> DeflateParameters? {
        guard clientMaxWindowBits != nil || wishes.clientMaxWindowBits == 15 else { return nil }
        return DeflateParameters(
            clientMaxWindowBits: min(wishes.clientMaxWindowBits, clientMaxWindowBits ?? 15),
            serverMaxWindowBits: min(wishes.serverMaxWindowBits, serverMaxWindowBits ?? 15),
            clientNoContextTakeover: wishes.clientNoContextTakeover || clientNoContextTakeover,
            serverNoContextTakeover: wishes.serverNoContextTakeover || serverNoContextTakeover)
    }

    /// Returns the element of `Sec-WebSocket-Extensions` that expresses the agreement in the response.
    public func answer(_ agreed: DeflateParameters) -> WebSocketExtension {
        let saysServer = serverMaxWindowBits != nil || agreed.serverMaxWindowBits < 15
        return Self.element(
            serverNoContextTakeover: agreed.serverNoContextTakeover,
            clientNoContextTakeover: agreed.clientNoContextTakeover,
            serverMaxWindowBits: saysServer ? agreed.serverMaxWindowBits : nil,
            clientMaxWindowBits: agreed.clientMaxWindowBits < 15 ? .some(String(agreed.clientMaxWindowBits)) : nil)
    }
}

// MARK: - Being answered, as a client

extension DeflateOffer {
    /// Reads the parameters of an answer on their own, for example if the request is not known.
    ///
    /// - Throws: what is wrong with them, whatever was offered (RFC 7692 §7.1).
    public static func parameters(answered element: WebSocketExtension) throws(DeflateFault) -> DeflateParameters {
        try DeflateFault.checkNames(in: element)
        var agreed = DeflateParameters.standard
        for parameter in element.parameters {
            switch DeflateParameterName(rawValue: parameter.name) {
            case .serverNoContextTakeover: agreed.serverNoContextTakeover = true
            case .clientNoContextTakeover: agreed.clientNoContextTakeover = true
            case .serverMaxWindowBits: agreed.serverMaxWindowBits = try DeflateFault.windowBits(parameter)
            case .clientMaxWindowBits: agreed.clientMaxWindowBits = try DeflateFault.windowBits(parameter)
            case nil: break
            }
        }
        return agreed
    }

    /// Reads an answer to this offer.
    ///
    /// - Returns: what is agreed. The client may compress with less than that.
    /// - Throws: the reason why the client must fail the connection (§7.1).
    public func parameters(answeredBy element: WebSocketExtension) throws(DeflateFault) -> DeflateParameters {
        var agreed = try Self.parameters(answered: element)
        if serverNoContextTakeover, !agreed.serverNoContextTakeover {
            throw .beyondOffer(DeflateParameterName.serverNoContextTakeover.rawValue)
        }
        if let serverMaxWindowBits,
            agreed.serverMaxWindowBits > serverMaxWindowBits
                || !element.has(.serverMaxWindowBits)
        {
            throw .beyondOffer(DeflateParameterName.serverMaxWindowBits.rawValue)
        }
        guard element.has(.clientMaxWindowBits) else {
            return agreed
        }
        guard let clientMaxWindowBits else {
            throw .unofferedParameter(DeflateParameterName.clientMaxWindowBits.rawValue)
        }
        // The value in the offer is a hint: an answer with a greater one is legal, and the client keeps to its own.
        agreed.clientMaxWindowBits = min(agreed.clientMaxWindowBits, clientMaxWindowBits)
        return agreed
    }

    private static func element(
        serverNoContextTakeover: Bool, clientNoContextTakeover: Bool, serverMaxWindowBits: Int?,
        clientMaxWindowBits: String??
    ) -> WebSocketExtension {
        var parameters: [WebSocketExtension.Parameter] = []
        func add(_ name: DeflateParameterName, _ value: String? = nil) {
            parameters.append(.init(name.rawValue, value))
        }
        if serverNoContextTakeover { add(.serverNoContextTakeover) }
        if clientNoContextTakeover { add(.clientNoContextTakeover) }
        if let serverMaxWindowBits { add(.serverMaxWindowBits, String(serverMaxWindowBits)) }
        if let clientMaxWindowBits { add(.clientMaxWindowBits, clientMaxWindowBits) }
        return WebSocketExtension(name, parameters)
    }
}

extension WebSocketExtension {
    fileprivate func has(_ name: DeflateParameterName) -> Bool {
        parameters.contains { $0.name == name.rawValue }
    }
}
