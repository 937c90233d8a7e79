// Compares what the Apple branch builds from single AES operations, CCM and CBC, with the plain operations of the tests.

import PlainCryptography
import WebSocketCaptures

var (checks, wrong) = (0, 0)
let (plain, apple) = (PlainCryptography(), AppleCryptography())
func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }

for aead in [TLSAEAD.aes128CCM, .aes256CCM, .aes128CCM8, .aes256CCM8] {
    for count in [0, 1, 15, 16, 17, 31, 32, 100, 1000, 16384] {
        for additionalCount in [0, 5, 13, 14, 30] {
            let (key, nonce, content) = (bytes(aead.keyCount), bytes(12), bytes(count))
            let additional = bytes(additionalCount)
            var opened: [UInt8] = []
            func open(_ sealed: [UInt8]) -> Bool {
                apple.open(
                    sealed.span, with: aead, key: key, nonce: nonce, additionalData: additional, into: &opened)
            }
            var sealed = plain.seal(content, with: aead, key: key, nonce: nonce, additionalData: additional)
            checks += 2
            if !open(sealed) || opened != content { wrong += 1 }
            sealed[.random(in: sealed.indices)] ^= 4
            if open(sealed) { wrong += 1 }
        }
    }
}
for cipher in [TLSBlockCipher.aes128, .aes256] {
    for count in [16, 32, 160, 1600] {
        let (key, vector, blocks) = (bytes(cipher.keyCount), bytes(16), bytes(count))
        var (one, other): ([UInt8], [UInt8]) = ([], [])
        checks += 1
        let areDone =
            apple.decrypt(blocks.span, with: cipher, key: key, initializationVector: vector, into: &one)
            && plain.decrypt(blocks.span, with: cipher, key: key, initializationVector: vector, into: &other)
        if !areDone || one != other { wrong += 1 }
    }
}
print("\(checks) checks, \(wrong) wrong")
if wrong > 0 { fatalError() }
