/// What a server must answer to a key: `Sec-WebSocket-Accept` (RFC 6455 §4.2.2).
public enum AcceptValue {
    /// The value that fits the value of `Sec-WebSocket-Key`, taken as it stands in the request.
    ///
    /// - Parameter key: the field's value without white space around it; whether it is a legal key is not looked at.
    /// - Returns: 28 characters of Base64.
    public static func expected(for key: some Sequence<UInt8>) -> [UInt8] {
        Base64.encoded(SHA1.digest(of: Array(key) + identifier))
    }

    /// The same for a key that is text.
    public static func expected(for key: String) -> String {
        String(decoding: expected(for: key.utf8), as: UTF8.self)
    }

    /// What the key is followed by (RFC 6455 §1.3).
    package static var identifier: [UInt8] { Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8) }
}
