private import Foundation
public import WebSocketCaptures

/// The plain operations, each done once for the same arguments: tests read the same captures over and over, and nothing in
/// them is as slow. Every operation is a function of its arguments alone, so nothing can go wrong by it but a mistake here.
public final class RememberedCryptography: TLSCryptography, @unchecked Sendable {
    /// The one that all tests share.
    public static let shared = RememberedCryptography()

    private let plain = PlainCryptography()
    // Everything below is read and written with the lock held.
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

    /// Decrypts blocks in CBC mode, without their padding removed.
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

    /// What was answered before, or is now.
    private func answer(to name: String, _ arguments: [[UInt8]], _ operation: () -> [UInt8]?) -> [UInt8]? {
        // With their lengths, so that no two lists of arguments are the same bytes.
        var key = Data((name + " \(arguments.map(\.count)) ").utf8)
        for argument in arguments { key.append(contentsOf: argument) }
        if let known = lock.withLock({ answers[key] }) { return known }
        let answer = operation()
        _ = lock.withLock { answers.updateValue(answer, forKey: key) }
        return answer
    }
}
