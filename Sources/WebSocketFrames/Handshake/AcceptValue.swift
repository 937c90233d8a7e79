/// The value of `Sec-WebSocket-Accept` with which a server must answer a key (RFC 6455 §4.2.2).
public enum AcceptValue {
    /// Returns the accept value for the value of `Sec-WebSocket-Key`, exactly as it is in the request.
    ///
    /// - Parameter key: the field's value without surrounding white space. It is not checked to be a legal key.
    /// - Returns: 28 characters of Base64.
    public static func expected(for key: some Sequence<UInt8>) -> [UInt8] {
        Base64.encoded(SHA1.digest(of: Array(key) + identifier))
    }

    /// Returns the accept value as text, for a key given as text.
    public static func expected(for key: String) -> String {
        String(decoding: expected(for: key.utf8), as: UTF8.self)
    }

    /// The text that is appended to the key (RFC 6455 §1.3).
    package static var identifier: [UInt8] { Array("258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8) }
}
