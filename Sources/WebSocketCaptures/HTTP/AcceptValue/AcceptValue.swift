/// What a server must answer to a key: `Sec-WebSocket-Accept` (RFC 6455 §4.2.2).
enum AcceptValue {
    /// The value that fits the value of `Sec-WebSocket-Key`, taken as it stands in the request.
    static func expected(for key: ArraySlice<UInt8>) -> [UInt8] {
        Base64.encoded(SHA1.digest(of: Array(key) + identifier))
    }

    private static let identifier = Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)
}
