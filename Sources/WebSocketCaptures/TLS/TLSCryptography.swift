/// The four operations by which TLS records are decrypted. A library of the system implements them; nothing here
/// does.
///
/// Every operation depends only on its arguments. Lengths are those given by ``TLSHash``, ``TLSAEAD`` and
/// ``TLSBlockCipher``; an implementation returns false, or an empty array, if its library refuses.
public protocol TLSCryptography: Sendable {
    /// Returns the hash of a message: ``TLSHash/byteCount`` bytes.
    func hash(_ message: [UInt8], with hash: TLSHash) -> [UInt8]

    /// Returns the HMAC (RFC 2104) of a message: ``TLSHash/byteCount`` bytes.
    func authenticationCode(of message: [UInt8], key: [UInt8], with hash: TLSHash) -> [UInt8]

    /// Decrypts what an AEAD (RFC 5116) has encrypted.
    ///
    /// - Parameters:
    ///   - sealed: the ciphertext, followed by the tag.
    ///   - aead: the algorithm.
    ///   - key: as many bytes as the algorithm's key has.
    ///   - nonce: 12 bytes.
    ///   - additionalData: what the tag covers besides the ciphertext.
    ///   - plaintext: replaced with the content. Meaningless if the result is false.
    /// - Returns: whether the tag is right.
    func open(
        _ sealed: Span<UInt8>, with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool

    /// Decrypts whole blocks in CBC mode, without checking their padding.
    ///
    /// - Parameters:
    ///   - blocks: a multiple of 16 bytes.
    ///   - cipher: the algorithm.
    ///   - key: as many bytes as the algorithm's key has.
    ///   - initializationVector: 16 bytes.
    ///   - plaintext: replaced with as many bytes.
    func decrypt(
        _ blocks: Span<UInt8>, with cipher: TLSBlockCipher, key: [UInt8], initializationVector: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool
}

/// A hash function of TLS 1.2 and 1.3.
public enum TLSHash: Sendable, Hashable {
    /// SHA-1: only in the MAC of CBC suites.
    case sha1
    /// SHA-256.
    case sha256
    /// SHA-384.
    case sha384

    /// The length of a hash in bytes.
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

    /// The length of a key in bytes.
    public var keyCount: Int {
        switch self {
        case .aes128GCM, .aes128CCM, .aes128CCM8: 16
        case .aes256GCM, .aes256CCM, .aes256CCM8, .chaCha20Poly1305: 32
        }
    }

    /// The length of a tag in bytes.
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

    /// The length of a key in bytes.
    public var keyCount: Int { self == .aes128 ? 16 : 32 }

    /// The length of a block in bytes.
    public static let blockCount = 16
}
