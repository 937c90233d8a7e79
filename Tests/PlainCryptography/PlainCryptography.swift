public import WebSocketCaptures

/// The operations of TLS, slow and plain, from the standards: so that tests of the decryption need no library, and as a second
/// opinion on the library's.
public struct PlainCryptography: TLSCryptography {
    /// Creates it; there is no state.
    public init() {}

    /// The hash of a message.
    public func hash(_ message: [UInt8], with hash: TLSHash) -> [UInt8] {
        switch hash {
        case .sha1: PlainHash.sha1(message)
        case .sha256: PlainHash.sha256(message)
        case .sha384: PlainHash.sha384(message)
        }
    }

    /// The HMAC of a message.
    public func authenticationCode(of message: [UInt8], key: [UInt8], with hash: TLSHash) -> [UInt8] {
        let size = hash == .sha384 ? 128 : 64
        var key = key.count > size ? self.hash(key, with: hash) : key
        key += [UInt8](repeating: 0, count: size - key.count)
        let inner = self.hash(key.map { $0 ^ 0x36 } + message, with: hash)
        return self.hash(key.map { $0 ^ 0x5C } + inner, with: hash)
    }

    /// Opens what an AEAD has sealed; false if its tag is wrong.
    public func open(
        _ sealed: Span<UInt8>, with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool {
        let bytes = sealed.indices.map { sealed[$0] }
        guard bytes.count >= aead.tagCount else { return false }
        let content = Array(bytes.dropLast(aead.tagCount))
        let (stream, code) = keyStream(content.count, aead, key, nonce)
        plaintext = content.indices.map { content[$0] ^ stream[$0] }
        return code(content, plaintext, additionalData).starts(with: bytes.suffix(aead.tagCount))
    }

    /// Seals what ``open(_:with:key:nonce:additionalData:into:)`` opens.
    public func seal(
        _ plaintext: [UInt8], with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8]
    ) -> [UInt8] {
        let (stream, code) = keyStream(plaintext.count, aead, key, nonce)
        let content = plaintext.indices.map { plaintext[$0] ^ stream[$0] }
        return content + code(content, plaintext, additionalData).prefix(aead.tagCount)
    }

    /// Decrypts blocks in CBC mode, leaving the padding in place.
    public func decrypt(
        _ blocks: Span<UInt8>, with cipher: TLSBlockCipher, key: [UInt8], initializationVector: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool {
        let aes = PlainAES(key: key)
        var previous = initializationVector
        plaintext = []
        for start in stride(from: 0, to: blocks.count, by: 16) {
            let block = (start..<(start + 16)).map { blocks[$0] }
            plaintext += zip(aes.decrypt(block), previous).map { $0 ^ $1 }
            previous = block
        }
        return true
    }

    /// The key stream to XOR with the content, and the tag of (ciphertext, plaintext, additional data).
    private func keyStream(
        _ count: Int, _ aead: TLSAEAD, _ key: [UInt8], _ nonce: [UInt8]
    ) -> (stream: [UInt8], code: ([UInt8], [UInt8], [UInt8]) -> [UInt8]) {
        if aead == .chaCha20Poly1305 {
            let blocks = (0...(count / 64 + 1)).map {
                PlainChaCha.block(key: key, nonce: nonce, counter: UInt32($0))
            }
            return (
                Array(blocks.dropFirst().joined()),
                { content, _, additional in
                    let lengths = little(additional.count) + little(content.count)
                    return PlainChaCha.poly1305(
                        padded(additional) + padded(content) + lengths, key: Array(blocks[0].prefix(32)))
                }
            )
        }
        let aes = PlainAES(key: key)
        let isGCM = aead == .aes128GCM || aead == .aes256GCM
        let first = isGCM ? 1 : 0
        let blocks = (0...(count / 16 + 1)).map { index in
            aes.encrypt(isGCM ? nonce + big(index + first, 4) : [2] + nonce + big(index, 3))
        }
        let stream = Array(blocks.dropFirst().joined())
        guard isGCM else {
            return (
                stream,
                { _, plaintext, additional in
                    let flags = UInt8(0x40 | ((aead.tagCount - 2) / 2) << 3 | 2)
                    let message =
                        [flags] + nonce + big(plaintext.count, 3) + padded(big(additional.count, 2) + additional)
                        + padded(plaintext)
                    let mac = stride(from: 0, to: message.count, by: 16).reduce([UInt8](repeating: 0, count: 16)) {
                        mac, start in aes.encrypt((0..<16).map { mac[$0] ^ message[start + $0] })
                    }
                    return zip(mac, blocks[0]).map { $0 ^ $1 }
                }
            )
        }
        return (
            stream,
            { content, _, additional in
                let lengths = big(additional.count * 8, 8) + big(content.count * 8, 8)
                let hash = galoisHash(
                    padded(additional) + padded(content) + lengths,
                    key: aes.encrypt([UInt8](repeating: 0, count: 16)))
                return zip(hash, blocks[0]).map { $0 ^ $1 }
            }
        )
    }

    /// GHASH of NIST SP 800-38D.
    private func galoisHash(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        func halves(_ bytes: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64) {
            (bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
        }
        let factor = halves(key[...])
        var sum: (high: UInt64, low: UInt64) = (0, 0)
        for start in stride(from: 0, to: message.count, by: 16) {
            let block = halves(message[start..<(start + 16)])
            let left = (high: sum.high ^ block.high, low: sum.low ^ block.low)
            var product: (high: UInt64, low: UInt64) = (0, 0)
            var shifted = factor
            for bit in 0..<128 {
                let word = bit < 64 ? left.high : left.low
                if word >> UInt64(63 - bit % 64) & 1 == 1 {
                    product = (product.high ^ shifted.high, product.low ^ shifted.low)
                }
                let carries = shifted.low & 1 == 1
                shifted = (shifted.high >> 1, shifted.low >> 1 | shifted.high << 63)
                if carries { shifted.high ^= 0xE1 << 56 }
            }
            sum = product
        }
        return big(sum.high) + big(sum.low)
    }
}

private func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16) }

private func big(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
}

private func big(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
}

private func little(_ value: Int) -> [UInt8] { big(value, 8).reversed() }
