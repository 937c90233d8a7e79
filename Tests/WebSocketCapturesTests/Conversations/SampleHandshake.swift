/// The handshake of RFC 6455 §1.3, and variants of it.
enum SampleHandshake {
    static func request(_ target: String = "/chat", _ extra: String = "", key: String = "dGhlIHNhbXBsZSBub25jZQ==")
        -> String
    {
        "GET \(target) HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
            + "Sec-WebSocket-Key: \(key)\r\nSec-WebSocket-Version: 13\r\n\(extra)\r\n"
    }

    static func response(_ extra: String = "", accept: String = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") -> String {
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(accept)\r\n\(extra)\r\n"
    }

    static let clientFrames: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    static let serverFrames: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
}
