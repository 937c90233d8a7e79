/// Derives the keys of records from the secrets of a key log.
struct KeySchedule {
    let cryptography: any TLSCryptography
    let hash: TLSHash

    /// Returns the key and the initialization vector of a direction of TLS 1.3, for any of its traffic secrets (RFC
    /// 8446 §7.3).
    func trafficKeys(of secret: [UInt8], keyCount: Int) -> (key: [UInt8], initializationVector: [UInt8]) {
        (expand(secret, "key", count: keyCount), expand(secret, "iv", count: 12))
    }

    /// Returns the secret that follows an application traffic secret after a key update (RFC 8446 §7.2).
    func updated(_ secret: [UInt8]) -> [UInt8] { expand(secret, "traffic upd", count: hash.byteCount) }

    /// Computes HKDF-Expand-Label with an empty context (RFC 8446 §7.1), using HKDF-Expand (RFC 5869 §2.3).
    func expand(_ secret: [UInt8], _ label: String, count: Int) -> [UInt8] {
        let label = Array("tls13 ".utf8) + Array(label.utf8)
        let info = [UInt8(count >> 8), UInt8(count & 0xFF), UInt8(label.count)] + label + [0]
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < count {
            block = cryptography.authenticationCode(of: block + info + [counter], key: secret, with: hash)
            guard !block.isEmpty else { return [UInt8](repeating: 0, count: count) }
            output += block
            counter &+= 1
        }
        return Array(output.prefix(count))
    }

    /// Computes the pseudorandom function of TLS 1.2 (RFC 5246 §5).
    func pseudorandom(_ secret: [UInt8], _ label: String, seed: [UInt8], count: Int) -> [UInt8] {
        let seed = Array(label.utf8) + seed
        var output: [UInt8] = []
        var chained = seed
        while output.count < count {
            chained = cryptography.authenticationCode(of: chained, key: secret, with: hash)
            let block = cryptography.authenticationCode(of: chained + seed, key: secret, with: hash)
            guard !block.isEmpty else { return [UInt8](repeating: 0, count: count) }
            output += block
        }
        return Array(output.prefix(count))
    }

    /// Returns the protections of both directions of TLS 1.2 (RFC 5246 §6.3).
    ///
    /// - Parameters:
    ///   - randoms: the server's random, then the client's.
    ///   - encryptsThenMACs: whether encrypt-then-MAC was agreed (RFC 7366).
    func protections(
        master: [UInt8], randoms: [UInt8], cipher: CipherSuite.Cipher, encryptsThenMACs: Bool
    ) -> (client: RecordProtection, server: RecordProtection) {
        var (macCount, keyCount, vectorCount) = (0, 0, 0)
        switch cipher {
        case .aead(let aead):
            keyCount = aead.keyCount
            // ChaCha20-Poly1305 gets its whole nonce from here; the others 4 bytes of it (RFC 5288 §3, RFC 7905 §2).
            vectorCount = aead == .chaCha20Poly1305 ? 12 : 4
        case .blocks(let blocks, let mac): (macCount, keyCount) = (mac.byteCount, blocks.keyCount)
        }
        let block = pseudorandom(
            master, "key expansion", seed: randoms, count: 2 * (macCount + keyCount + vectorCount))
        var rest = block[...]
        func take(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        let (clientMAC, serverMAC) = (take(macCount), take(macCount))
        let (clientKey, serverKey) = (take(keyCount), take(keyCount))
        let (clientVector, serverVector) = (take(vectorCount), take(vectorCount))
        func protection(_ key: [UInt8], _ vector: [UInt8], _ mac: [UInt8]) -> RecordProtection {
            switch cipher {
            case .aead(let aead):
                RecordProtection(
                    aead == .chaCha20Poly1305 ? .aead12WholeNonce(aead) : .aead12(aead), key: key,
                    initializationVector: vector)
            case .blocks(let blocks, let hash):
                RecordProtection(
                    .blocks(blocks, mac: hash, key: mac, encryptsThenMACs: encryptsThenMACs), key: key,
                    initializationVector: vector)
            }
        }
        return (protection(clientKey, clientVector, clientMAC), protection(serverKey, serverVector, serverMAC))
    }
}
