/// The server's half of the opening handshake (RFC 6455 §4.2), from the bytes of the client's request.
enum Handshake {
    /// Longer requests are refused.
    static let maximumCount = 8192

    /// Where the request ends: after its first empty line. Nil while that has not come.
    static func end(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...bytes.count).first { bytes[$0 - 4..<$0].elementsEqual([13, 10, 13, 10]) }
    }

    /// The answer to a whole request, and whether the connection is a WebSocket from here on.
    static func answer(_ request: some Collection<UInt8>) -> (response: String, isUpgrade: Bool) {
        guard let key = key(in: request) else {
            let head = ["HTTP/1.1 426 Upgrade Required", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
            return (lines(head + ["Connection: close", "Content-Length: 0"]), false)
        }
        let proof = base64(sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        let head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        return (lines(head + ["Sec-WebSocket-Accept: \(proof)"]), true)
    }

    /// The client's key; nil when the request does not ask for a WebSocket as the RFC wants it to.
    private static func key(in request: some Collection<UInt8>) -> String? {
        let text = String(decoding: request, as: UTF8.self)
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\r\n" }
        guard let start = lines.first, start.hasPrefix("GET "), start.hasSuffix(" HTTP/1.1") else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = trimmed(line[line.index(after: colon)...])
            let name = line[..<colon].lowercased()
            headers[name] = headers[name].map { $0 + "," + value } ?? value
        }
        guard headers["host"] != nil, headers["sec-websocket-version"] == "13",
            tokens(headers["upgrade"]).contains("websocket"), tokens(headers["connection"]).contains("upgrade"),
            let key = headers["sec-websocket-key"], key.utf8.count == 24, key.hasSuffix("==")
        else { return nil }
        return key
    }

    private static func tokens(_ value: String?) -> [String] {
        (value ?? "").split(separator: ",").map { trimmed($0).lowercased() }
    }

    private static func trimmed(_ text: Substring) -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let rest = text.drop(while: isSpace)
        return String(rest[..<(rest.lastIndex { !isSpace($0) }.map { rest.index(after: $0) } ?? rest.startIndex)])
    }

    private static func lines(_ lines: [String]) -> String {
        lines.joined(separator: "\r\n") + "\r\n\r\n"
    }
}
