import WebSocketFrames

/// Handmade frames, legal or not, from nothing but the diagram in RFC 6455 §5.2.
enum Bytes {
    static let key: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    /// One frame.
    ///
    /// - Parameter first: byte 0.
    static func frame(_ first: UInt8, _ payload: [UInt8], masked: Bool) -> [UInt8] {
        let mask: UInt8 = masked ? 0x80 : 0
        var bytes = [first]
        switch payload.count {
        case 0..<126: bytes.append(mask | UInt8(payload.count))
        case 126..<65_536: bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: bytes += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard masked else { return bytes + payload }
        bytes += key
        bytes.reserveCapacity(bytes.count + payload.count)
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ key[index & 3]) }
        return bytes
    }

    static func text(_ text: String, masked: Bool) -> [UInt8] { frame(0x81, Array(text.utf8), masked: masked) }
    static func binary(_ count: Int, masked: Bool) -> [UInt8] {
        frame(0x82, [UInt8](repeating: 0x2A, count: count), masked: masked)
    }
    static func close(_ code: UInt16, masked: Bool) -> [UInt8] {
        frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)], masked: masked)
    }

    /// "Hello" from a client and from a server, as in RFC 6455 §5.7.
    static let clientHello = text("Hello", masked: true)
    static let serverHello = text("Hello", masked: false)

    static let request =
        "GET /chat HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    static let response =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    static let deflate = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"

    static let agreedDeflate = "Sec-WebSocket-Extensions: permessage-deflate\r\n"

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}
