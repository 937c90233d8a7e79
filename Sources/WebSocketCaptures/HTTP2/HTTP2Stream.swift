import WebSocketFrames

/// A stream that asks for WebSocket (RFC 8441 §4): its heads are rewritten in the form of HTTP/1.1, so that they are
/// parsed and checked in one place.
struct HTTP2Stream: Sendable {
    var reader: ConversationReader
    var isAnswered = false
    /// Which sides have ended the stream.
    var ended = PerPeer(false)

    /// Returns the extended CONNECT as the equivalent upgrade; nil if the request is another one.
    static func request(_ fields: [HPACKField]) -> [UInt8]? {
        func value(_ name: String) -> [UInt8]? { fields.first { $0.name.elementsEqual(name.utf8) }?.value }
        guard value(":method")?.elementsEqual("CONNECT".utf8) == true,
            value(":protocol")?.elementsEqual("websocket".utf8) == true
        else { return nil }
        var head = Array("GET ".utf8) + word(value(":path") ?? []) + Array(" HTTP/1.1\r\n".utf8)
        head += line("host", value(":authority") ?? value("host") ?? [])
        // What HTTP/2 does not need: the stream itself is the switch, and its answer belongs to its request.
        head += Array("upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: \(key)\r\n".utf8)
        return head + handshake(fields) + Array("\r\n".utf8)
    }

    /// Returns a response; nil for an interim one, or one without a status.
    static func response(_ fields: [HPACKField]) -> [UInt8]? {
        guard let status = fields.first(where: { $0.name.elementsEqual(":status".utf8) })?.value, status.count == 3,
            status.allSatisfy(\.isDecimalDigit), status[0] != ASCII.zero + 1
        else { return nil }
        guard status[0] == ASCII.zero + 2 else {
            return Array("HTTP/1.1 ".utf8) + status + Array(" \r\ncontent-length: 0\r\n\r\n".utf8)
        }
        let head = "HTTP/1.1 101 \r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: \(accept)\r\n"
        return Array(head.utf8) + handshake(fields) + Array("\r\n".utf8)
    }

    /// The pair of RFC 6455 §1.3.
    private static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    private static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    /// Returns the fields of the handshake, without key and accept, which RFC 8441 §5 omits.
    private static func handshake(_ fields: [HPACKField]) -> [UInt8] {
        let names = ["sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions", "origin"]
        return fields.filter { field in names.contains { field.name.elementsEqual($0.utf8) } }
            .flatMap { line(String(decoding: $0.name, as: UTF8.self), $0.value) }
    }

    private static func line(_ name: String, _ value: [UInt8]) -> [UInt8] {
        // Nothing in a value may look like the end of a line.
        Array("\(name): ".utf8) + value.map { $0 < ASCII.space ? ASCII.space : $0 } + Array("\r\n".utf8)
    }

    private static func word(_ value: [UInt8]) -> [UInt8] {
        value.isEmpty ? [ASCII.slash] : value.map { $0 <= ASCII.space ? 0x3F : $0 }
    }
}
