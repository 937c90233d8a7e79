/// What a cipher suite says about records: how they are encrypted, and with which hash keys are derived.
struct CipherSuite: Sendable, Hashable {
    /// How records are encrypted.
    enum Cipher: Sendable, Hashable {
        case aead(TLSAEAD)
        /// CBC with HMAC (RFC 5246 §6.2.3.2).
        case blocks(TLSBlockCipher, mac: TLSHash)
    }

    let cipher: Cipher
    /// The hash of the key schedule.
    let hash: TLSHash

    /// Returns a suite of TLS 1.3 (RFC 8446 §B.4); nil if there is none of that number.
    static func tls13(_ number: UInt16) -> CipherSuite? {
        switch number {
        case 0x1301: CipherSuite(cipher: .aead(.aes128GCM), hash: .sha256)
        case 0x1302: CipherSuite(cipher: .aead(.aes256GCM), hash: .sha384)
        case 0x1303: CipherSuite(cipher: .aead(.chaCha20Poly1305), hash: .sha256)
        case 0x1304: CipherSuite(cipher: .aead(.aes128CCM), hash: .sha256)
        case 0x1305: CipherSuite(cipher: .aead(.aes128CCM8), hash: .sha256)
        default: nil
        }
    }

    /// Returns a suite of TLS 1.2; nil if it is not one whose records can be decrypted. How keys were exchanged and
    /// authenticated does not matter here, so each row has all suites of the IANA registry that encrypt records in
    /// the same way.
    static func tls12(_ number: UInt16) -> CipherSuite? {
        table.first { $0.numbers.contains(number) }?.suite
    }

    private static let table: [(numbers: [UInt16], suite: CipherSuite)] = [
        // RFC 5288, RFC 5289, RFC 5487, RFC 8442
        (
            [
                0x009C, 0x009E, 0x00A0, 0x00A2, 0x00A4, 0x00A6, 0x00A8, 0x00AA, 0x00AC, 0xC02B, 0xC02D, 0xC02F, 0xC031,
                0xD001,
            ], CipherSuite(cipher: .aead(.aes128GCM), hash: .sha256)
        ),
        (
            [
                0x009D, 0x009F, 0x00A1, 0x00A3, 0x00A5, 0x00A7, 0x00A9, 0x00AB, 0x00AD, 0xC02C, 0xC02E, 0xC030, 0xC032,
                0xD002,
            ], CipherSuite(cipher: .aead(.aes256GCM), hash: .sha384)
        ),
        // RFC 7905
        (
            [0xCCA8, 0xCCA9, 0xCCAA, 0xCCAB, 0xCCAC, 0xCCAD, 0xCCAE],
            CipherSuite(cipher: .aead(.chaCha20Poly1305), hash: .sha256)
        ),
        // RFC 6655, RFC 7251, RFC 8442
        (
            [0xC09C, 0xC09E, 0xC0A4, 0xC0A6, 0xC0AC, 0xD005],
            CipherSuite(cipher: .aead(.aes128CCM), hash: .sha256)
        ),
        ([0xC09D, 0xC09F, 0xC0A5, 0xC0A7, 0xC0AD], CipherSuite(cipher: .aead(.aes256CCM), hash: .sha256)),
        (
            [0xC0A0, 0xC0A2, 0xC0A8, 0xC0AA, 0xC0AE, 0xD003],
            CipherSuite(cipher: .aead(.aes128CCM8), hash: .sha256)
        ),
        ([0xC0A1, 0xC0A3, 0xC0A9, 0xC0AB, 0xC0AF], CipherSuite(cipher: .aead(.aes256CCM8), hash: .sha256)),
        // RFC 5246, RFC 8422, RFC 4279, RFC 5489
        (
            [
                0x002F, 0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x008C, 0x0090, 0x0094, 0xC004, 0xC009, 0xC00E, 0xC013,
                0xC018, 0xC035,
            ], CipherSuite(cipher: .blocks(.aes128, mac: .sha1), hash: .sha256)
        ),
        (
            [
                0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003A, 0x008D, 0x0091, 0x0095, 0xC005, 0xC00A, 0xC00F, 0xC014,
                0xC019, 0xC036,
            ], CipherSuite(cipher: .blocks(.aes256, mac: .sha1), hash: .sha256)
        ),
        // RFC 5246, RFC 5289, RFC 5487, RFC 5489
        (
            [
                0x003C, 0x003E, 0x003F, 0x0040, 0x0067, 0x006C, 0x00AE, 0x00B2, 0x00B6, 0xC023, 0xC025, 0xC027, 0xC029,
                0xC037,
            ], CipherSuite(cipher: .blocks(.aes128, mac: .sha256), hash: .sha256)
        ),
        (
            [0x003D, 0x0068, 0x0069, 0x006A, 0x006B, 0x006D],
            CipherSuite(cipher: .blocks(.aes256, mac: .sha256), hash: .sha256)
        ),
        (
            [0x00AF, 0x00B3, 0x00B7, 0xC024, 0xC026, 0xC028, 0xC02A, 0xC038],
            CipherSuite(cipher: .blocks(.aes256, mac: .sha384), hash: .sha384)
        ),
    ]
}
