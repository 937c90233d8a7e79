/// The keys of one direction, and the number of its next record: decrypts a record.
///
/// A record is decrypted only if its tag, or its MAC, is right; only then does the number advance.
struct RecordProtection: Sendable {
    /// How records are encrypted.
    enum Form: Sendable {
        /// TLS 1.3 (RFC 8446 §5.2).
        case aead13(TLSAEAD)
        /// TLS 1.2, with 8 bytes of the nonce in each record (RFC 5246 §6.2.3.3).
        case aead12(TLSAEAD)
        /// TLS 1.2, with the nonce made as in TLS 1.3 (RFC 7905 §2).
        case aead12WholeNonce(TLSAEAD)
        /// TLS 1.2, CBC (RFC 5246 §6.2.3.2, RFC 7366).
        case blocks(TLSBlockCipher, mac: TLSHash, key: [UInt8], encryptsThenMACs: Bool)
    }

    private let form: Form
    private let key: [UInt8]
    private let initializationVector: [UInt8]
    /// The number of records that were decrypted.
    private(set) var sequence: UInt64 = 0

    init(_ form: Form, key: [UInt8], initializationVector: [UInt8]) {
        (self.form, self.key, self.initializationVector) = (form, key, initializationVector)
    }

    /// Decrypts a record.
    ///
    /// - Parameters:
    ///   - record: the record with its header of 5 bytes.
    ///   - content: replaced with the content; for TLS 1.3 with its type and padding.
    /// - Returns: whether it could be decrypted.
    mutating func open(
        _ record: Span<UInt8>, _ cryptography: any TLSCryptography, into content: inout [UInt8]
    ) -> Bool {
        let isOpen =
            switch form {
            case .aead13(let aead): open(record, aead, explicit: 0, isOfTLS13: true, cryptography, &content)
            case .aead12(let aead): open(record, aead, explicit: 8, isOfTLS13: false, cryptography, &content)
            case .aead12WholeNonce(let aead):
                open(record, aead, explicit: 0, isOfTLS13: false, cryptography, &content)
            case .blocks(let blocks, let mac, let macKey, let encryptsThenMACs):
                encryptsThenMACs
                    ? openThenDecrypt(record, blocks, mac, macKey, cryptography, &content)
                    : decryptThenOpen(record, blocks, mac, macKey, cryptography, &content)
            }
        if isOpen { sequence &+= 1 }
        return isOpen
    }

    // MARK: AEAD

    private func open(
        _ record: Span<UInt8>, _ aead: TLSAEAD, explicit: Int, isOfTLS13: Bool, _ cryptography: any TLSCryptography,
        _ content: inout [UInt8]
    ) -> Bool {
        let start = TLSRecord.headerCount + explicit
        guard record.count >= start + aead.tagCount else { return false }
        var nonce = initializationVector
        if explicit > 0 {
            for index in TLSRecord.headerCount..<start { nonce.append(record[index]) }
        } else {
            for index in 0..<8 { nonce[11 - index] ^= UInt8(truncatingIfNeeded: sequence >> UInt64(8 * index)) }
        }
        let additional =
            isOfTLS13
            ? (0..<TLSRecord.headerCount).map { record[$0] }
            : header(of: record, contentCount: record.count - start - aead.tagCount)
        return cryptography.open(
            record.extracting(start..<record.count), with: aead, key: key, nonce: nonce, additionalData: additional,
            into: &content)
    }

    /// Returns what TLS 1.2 authenticates besides the content: number, type, version, length.
    private func header(of record: Span<UInt8>, contentCount: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * $0)) }
            + [record[0], record[1], record[2], UInt8(truncatingIfNeeded: contentCount >> 8)]
            + [UInt8(truncatingIfNeeded: contentCount)]
    }

    // MARK: CBC

    /// Encrypt-then-MAC: the MAC is over the initialization vector and the blocks (RFC 7366 §3).
    private func openThenDecrypt(
        _ record: Span<UInt8>, _ blocks: TLSBlockCipher, _ mac: TLSHash, _ macKey: [UInt8],
        _ cryptography: any TLSCryptography, _ content: inout [UInt8]
    ) -> Bool {
        let end = record.count - mac.byteCount
        let sealed = TLSRecord.headerCount..<max(end, TLSRecord.headerCount)
        guard Self.areBlocks(sealed.count) else { return false }
        var message = header(of: record, contentCount: sealed.count)
        for index in sealed { message.append(record[index]) }
        let code = cryptography.authenticationCode(of: message, key: macKey, with: mac)
        guard code.count == mac.byteCount, code.indices.allSatisfy({ code[$0] == record[end + $0] }) else {
            return false
        }
        guard decrypt(record, sealed, blocks, cryptography, &content) else { return false }
        return Self.strip(&content, atLeast: 0)
    }

    /// MAC-then-encrypt: the MAC is over the content, and encrypted with it.
    private func decryptThenOpen(
        _ record: Span<UInt8>, _ blocks: TLSBlockCipher, _ mac: TLSHash, _ macKey: [UInt8],
        _ cryptography: any TLSCryptography, _ content: inout [UInt8]
    ) -> Bool {
        let sealed = TLSRecord.headerCount..<record.count
        guard Self.areBlocks(sealed.count), decrypt(record, sealed, blocks, cryptography, &content) else {
            return false
        }
        guard Self.strip(&content, atLeast: mac.byteCount) else { return false }
        let tag = content.suffix(mac.byteCount)
        content.removeLast(mac.byteCount)
        let message = header(of: record, contentCount: content.count) + content
        return cryptography.authenticationCode(of: message, key: macKey, with: mac).elementsEqual(tag)
    }

    /// Returns whether there can be an initialization vector, and at least one block.
    private static func areBlocks(_ count: Int) -> Bool {
        count >= 2 * TLSBlockCipher.blockCount && count % TLSBlockCipher.blockCount == 0
    }

    private func decrypt(
        _ record: Span<UInt8>, _ sealed: Range<Int>, _ blocks: TLSBlockCipher, _ cryptography: any TLSCryptography,
        _ content: inout [UInt8]
    ) -> Bool {
        let start = sealed.lowerBound + TLSBlockCipher.blockCount
        let vector = (sealed.lowerBound..<start).map { record[$0] }
        return cryptography.decrypt(
            record.extracting(start..<sealed.upperBound), with: blocks, key: key, initializationVector: vector,
            into: &content)
    }

    /// Removes the padding: its last byte says how many bytes precede it, all of the same value.
    private static func strip(_ content: inout [UInt8], atLeast rest: Int) -> Bool {
        guard let last = content.last, content.count > Int(last) + rest else { return false }
        guard content.suffix(Int(last) + 1).allSatisfy({ $0 == last }) else { return false }
        content.removeLast(Int(last) + 1)
        return true
    }
}
