import WebSocketFrames

/// The opening handshake as a probe writes it.
enum ProbeHandshake {
    /// Returns the request of a case, with 16 random bytes for its key (RFC 6455 §4.1).
    static func request(_ probe: ProbeCase, _ target: ProbeExchange.Target, nonce: [UInt8]) -> HandshakeRequest {
        var fields = [
            ("Host", target.host), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", String(decoding: Base64.encoded(nonce), as: UTF8.self)),
            ("Sec-WebSocket-Version", "13"),
        ]
        if probe.needs.contains(.deflate) { fields.append(("Sec-WebSocket-Extensions", "permessage-deflate")) }
        if !target.subprotocols.isEmpty {
            fields.append(("Sec-WebSocket-Protocol", target.subprotocols.joined(separator: ", ")))
        }
        fields += target.headers.map(field)
        return HandshakeRequest(
            method: probe.opening.method, target: target.path, fields: changed(fields, probe.opening))
    }

    /// Returns the response of a case to a client's key.
    static func response(_ probe: ProbeCase, key: String, deflate: WebSocketExtension?) -> [UInt8] {
        var fields = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", AcceptValue.expected(for: key)),
        ]
        if let deflate { fields.append(("Sec-WebSocket-Extensions", deflate.description)) }
        return head("HTTP/1.1 101 Switching Protocols", changed(fields, probe.opening))
    }

    /// Returns the bytes of a request as they are sent.
    static func head(_ request: HandshakeRequest) -> [UInt8] {
        head("\(request.method) \(request.target) HTTP/1.1", request.fields)
    }

    private static func head(_ first: String, _ fields: HeaderFields) -> [UInt8] {
        let lines = fields.fields.map { "\($0.name): \($0.value)" }
        return Array(([first] + lines + ["", ""]).joined(separator: "\r\n").utf8)
    }

    private static func changed(_ fields: [(String, String)], _ opening: ProbeCase.Opening) -> HeaderFields {
        var result = HeaderFields()
        for (name, value) in fields where !opening.removed.contains(name.lowercased()) { result.append(name, value) }
        for (name, value) in opening.added.map(field) { result.append(name, value) }
        return result
    }

    /// Splits `Name: value` at the first colon.
    static func field(_ line: String) -> (String, String) {
        let name = line.prefix { $0 != ":" }
        return (String(name), String(line.dropFirst(name.count + 1).drop { $0 == " " }))
    }
}
