/// The four operations by which TLS records are opened. A library of the system fulfils them; nothing here does.
///
/// Every operation is a function of its arguments alone. Lengths are those that ``TLSHash``, ``TLSAEAD`` and
/// ``TLSBlockCipher`` say which; an implementation returns false, or an empty array, if its library refuses.
public protocol TLSCryptography: Sendable {
    /// The hash of a message: ``TLSHash/byteCount`` bytes.
    func hash(_ message: [UInt8], with hash: TLSHash) -> [UInt8]

    /// HMAC (RFC 2104) of a message: ``TLSHash/byteCount`` bytes.
    func authenticationCode(of message: [UInt8], key: [UInt8], with hash: TLSHash) -> [UInt8]

    /// Opens what an AEAD (RFC 5116) has sealed.
    ///
    /// - Parameters:
    ///   - sealed: the ciphertext, and the tag after it.
    ///   - aead: the algorithm.
    ///   - key: as many bytes as the algorithm's key has.
    ///   - nonce: 12 bytes.
    ///   - additionalData: what the tag covers beside the ciphertext.
    ///   - plaintext: gets the content in place of what it holds. Of no meaning where the answer is false.
    /// - Returns: whether the tag is right.
    func open(
        _ sealed: Span<UInt8>, with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool

    /// Decrypts whole blocks in CBC mode, without looking at their padding.
    ///
    /// - Parameters:
    ///   - blocks: a multiple of 16 bytes.
    ///   - cipher: the algorithm.
    ///   - key: as many bytes as the algorithm's key has.
    ///   - initializationVector: 16 bytes.
    ///   - plaintext: gets as many bytes in place of what it holds.
    func decrypt(
        _ blocks: Span<UInt8>, with cipher: TLSBlockCipher, key: [UInt8], initializationVector: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool
}

/// A hash function of TLS 1.2 and 1.3.
public enum TLSHash: Sendable, Hashable {
    /// SHA-1: in the MAC of CBC suites alone.
    case sha1
    /// SHA-256.
    case sha256
    /// SHA-384.
    case sha384

    /// The length of a hash.
    public var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        }
    }
}

/// An AEAD of TLS 1.2 and 1.3. Nonces have 12 bytes.
public enum TLSAEAD: Sendable, Hashable {
    /// AES-128 in Galois/Counter Mode.
    case aes128GCM
    /// AES-256 in Galois/Counter Mode.
    case aes256GCM
    /// AES-128 in Counter with CBC-MAC mode.
    case aes128CCM
    /// AES-256 in Counter with CBC-MAC mode.
    case aes256CCM
    /// AES-128 in Counter with CBC-MAC mode, with a tag of 8 bytes.
    case aes128CCM8
    /// AES-256 in Counter with CBC-MAC mode, with a tag of 8 bytes.
    case aes256CCM8
    /// ChaCha20 and Poly1305 (RFC 8439).
    case chaCha20Poly1305

    /// The length of a key.
    public var keyCount: Int {
        switch self {
        case .aes128GCM, .aes128CCM, .aes128CCM8: 16
        case .aes256GCM, .aes256CCM, .aes256CCM8, .chaCha20Poly1305: 32
        }
    }

    /// The length of a tag.
    public var tagCount: Int {
        switch self {
        case .aes128CCM8, .aes256CCM8: 8
        default: 16
        }
    }
}

/// A block cipher of TLS 1.2's CBC suites. Blocks have 16 bytes.
public enum TLSBlockCipher: Sendable, Hashable {
    /// AES with a key of 128 bits.
    case aes128
    /// AES with a key of 256 bits.
    case aes256

    /// The length of a key.
    public var keyCount: Int { self == .aes128 ? 16 : 32 }

    /// The length of a block.
    public static let blockCount = 16
}
