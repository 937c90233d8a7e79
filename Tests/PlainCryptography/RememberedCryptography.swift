private import Foundation
public import WebSocketCaptures

/// The plain operations, each performed once for the same arguments: tests read the same captures over and over, and nothing in
/// them is slower. The operations are pure functions, so remembering their results is safe.
public final class RememberedCryptography: TLSCryptography, @unchecked Sendable {
    /// The instance that all tests share.
    public static let shared = RememberedCryptography()

    private let plain = PlainCryptography()
    // Everything below is protected by the lock.
    private let lock = NSLock()
    private var answers: [Data: [UInt8]?] = [:]

    private init() {}

    /// The hash of a message.
    public func hash(_ message: [UInt8], with hash: TLSHash) -> [UInt8] {
        answer(to: "hash \(hash)", [message]) { plain.hash(message, with: hash) } ?? []
    }

    /// The HMAC of a message.
    public func authenticationCode(of message: [UInt8], key: [UInt8], with hash: TLSHash) -> [UInt8] {
        answer(to: "code \(hash)", [key, message]) {
            plain.authenticationCode(of: message, key: key, with: hash)
        } ?? []
    }

    /// Opens what an AEAD has sealed; false if its tag is wrong.
    public func open(
        _ sealed: Span<UInt8>, with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool {
        let bytes = sealed.indices.map { sealed[$0] }
        let opened = answer(to: "open \(aead)", [nonce, key, additionalData, bytes]) {
            var opened: [UInt8] = []
            let isRight = plain.open(
                bytes.span, with: aead, key: key, nonce: nonce, additionalData: additionalData, into: &opened)
            return isRight ? opened : nil
        }
        if let opened { plaintext = opened }
        return opened != nil
    }

    /// Decrypts blocks in CBC mode, leaving the padding in place.
    public func decrypt(
        _ blocks: Span<UInt8>, with cipher: TLSBlockCipher, key: [UInt8], initializationVector: [UInt8],
        into plaintext: inout [UInt8]
    ) -> Bool {
        let bytes = blocks.indices.map { blocks[$0] }
        let opened = answer(to: "decrypt \(cipher)", [initializationVector, key, bytes]) {
            var opened: [UInt8] = []
            let isRight = plain.decrypt(
                bytes.span, with: cipher, key: key, initializationVector: initializationVector, into: &opened)
            return isRight ? opened : nil
        }
        if let opened { plaintext = opened }
        return opened != nil
    }

    /// The remembered answer, or a new one.
    private func answer(to name: String, _ arguments: [[UInt8]], _ operation: () -> [UInt8]?) -> [UInt8]? {
        // With their lengths, so that different lists of arguments never have the same bytes.
        var key = Data((name + " \(arguments.map(\.count)) ").utf8)
        for argument in arguments { key.append(contentsOf: argument) }
        if let known = lock.withLock({ answers[key] }) { return known }
        let answer = operation()
        _ = lock.withLock { answers.updateValue(answer, forKey: key) }
        return answer
    }
}
