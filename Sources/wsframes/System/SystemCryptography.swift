// The fence around the system's cryptographic library: one of the files of the command line that contain `unsafe`.
// Its interface is Swift: arrays, and whether a tag is right. Each call gets pointers that live as long as the call,
// and their lengths.

import WebSocketCaptures

#if canImport(CommonCrypto)
    import CommonCrypto
    import CryptoKit
    import Foundation
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The library that decrypts TLS records.
enum SystemCryptography {
    #if canImport(CommonCrypto)
        /// Every Apple platform has one.
        static var library: (any TLSCryptography)? { AppleCryptography() }
    #else
        /// OpenSSL's, searched for when it is first needed; nil if there is none.
        static var library: (any TLSCryptography)? { OpenSSL.shared }
    #endif

    /// What to do if there is none.
    static let advice =
        "install OpenSSL's libcrypto (Debian and Ubuntu: apt-get install libssl3; Fedora and RHEL: dnf install "
        + "openssl-libs; Alpine: apk add libcrypto3)"
}

#if !canImport(CommonCrypto)
    /// libcrypto of OpenSSL 1.1 or newer, through its EVP functions.
    ///
    /// Safe to use from anywhere: it holds addresses of functions of a library that is never unloaded, which share
    /// nothing between calls except what the library itself guards. That justifies @safe and @unchecked.
    @safe struct OpenSSL: TLSCryptography, @unchecked Sendable {
        private typealias Bytes = UnsafePointer<UInt8>?
        private typealias Output = UnsafeMutablePointer<UInt8>?
        private typealias Count = UnsafeMutablePointer<Int32>?
        private typealias Make = @convention(c) () -> OpaquePointer?
        private typealias Initialize =
            @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?, Bytes, Bytes) -> Int32
        private typealias Update = @convention(c) (OpaquePointer?, Output, Count, Bytes, Int32) -> Int32
        private typealias Control = @convention(c) (OpaquePointer?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32

        private let makeContext: Make
        private let freeContext: @convention(c) (OpaquePointer?) -> Void
        private let initialize: Initialize
        private let update: Update
        private let finish: @convention(c) (OpaquePointer?, Output, Count) -> Int32
        private let control: Control
        private let setPadding: @convention(c) (OpaquePointer?, Int32) -> Int32
        private let digest:
            @convention(c) (Bytes, Int, Output, UnsafeMutablePointer<UInt32>?, OpaquePointer?, OpaquePointer?) -> Int32
        private let hmac:
            @convention(c) (OpaquePointer?, Bytes, Int32, Bytes, Int, Output, UnsafeMutablePointer<UInt32>?) -> Output
        private let hashes: [TLSHash: OpaquePointer]
        private let aeads: [TLSAEAD: OpaquePointer]
        private let blockCiphers: [TLSBlockCipher: OpaquePointer]

        // 3 and 1.1 are what distributions ship; the name without a version comes with a development package.
        static let shared = unsafe firstLibrary(
            ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so.4", "libcrypto.so"]
        ) { unsafe OpenSSL($0) }

        /// - Parameter handle: a library. The result is nil unless it has every function and every algorithm.
        @unsafe private init?(_ handle: UnsafeMutableRawPointer) {
            // Each type below is that of the function's declaration in OpenSSL's evp.h and hmac.h, which has not
            // changed since 1.1; size_t is Int.
            func function<Function>(_ name: String, _: Function.Type) -> Function? {
                unsafe dlsym(handle, name).map { unsafe unsafeBitCast($0, to: Function.self) }
            }
            func algorithm(_ name: String) -> OpaquePointer? { unsafe function(name, Make.self)?() }
            guard let makeContext = unsafe function("EVP_CIPHER_CTX_new", Make.self),
                let freeContext = unsafe function(
                    "EVP_CIPHER_CTX_free", (@convention(c) (OpaquePointer?) -> Void).self),
                let initialize = unsafe function("EVP_DecryptInit_ex", Initialize.self),
                let update = unsafe function("EVP_DecryptUpdate", Update.self),
                let finish = unsafe function(
                    "EVP_DecryptFinal_ex", (@convention(c) (OpaquePointer?, Output, Count) -> Int32).self),
                let control = unsafe function("EVP_CIPHER_CTX_ctrl", Control.self),
                let setPadding = unsafe function(
                    "EVP_CIPHER_CTX_set_padding", (@convention(c) (OpaquePointer?, Int32) -> Int32).self),
                let digest = unsafe function(
                    "EVP_Digest",
                    (@convention(c) (Bytes, Int, Output, UnsafeMutablePointer<UInt32>?, OpaquePointer?, OpaquePointer?)
                        -> Int32).self),
                let hmac = unsafe function(
                    "HMAC",
                    (@convention(c) (OpaquePointer?, Bytes, Int32, Bytes, Int, Output, UnsafeMutablePointer<UInt32>?)
                        -> Output).self),
                let sha1 = unsafe algorithm("EVP_sha1"), let sha256 = unsafe algorithm("EVP_sha256"),
                let sha384 = unsafe algorithm("EVP_sha384"), let gcm128 = unsafe algorithm("EVP_aes_128_gcm"),
                let gcm256 = unsafe algorithm("EVP_aes_256_gcm"), let ccm128 = unsafe algorithm("EVP_aes_128_ccm"),
                let ccm256 = unsafe algorithm("EVP_aes_256_ccm"), let cbc128 = unsafe algorithm("EVP_aes_128_cbc"),
                let cbc256 = unsafe algorithm("EVP_aes_256_cbc"),
                let chaCha = unsafe algorithm("EVP_chacha20_poly1305")
            else { return nil }
            unsafe (self.makeContext, self.freeContext) = (makeContext, freeContext)
            unsafe (self.initialize, self.update, self.finish) = (initialize, update, finish)
            unsafe (self.control, self.setPadding, self.digest, self.hmac) = (control, setPadding, digest, hmac)
            unsafe hashes = [.sha1: sha1, .sha256: sha256, .sha384: sha384]
            unsafe aeads = [
                .aes128GCM: gcm128, .aes256GCM: gcm256, .aes128CCM: ccm128, .aes256CCM: ccm256, .aes128CCM8: ccm128,
                .aes256CCM8: ccm256, .chaCha20Poly1305: chaCha,
            ]
            unsafe blockCiphers = [.aes128: cbc128, .aes256: cbc256]
        }

        func hash(_ message: [UInt8], with hash: TLSHash) -> [UInt8] {
            var output = [UInt8](repeating: 0, count: hash.byteCount)
            // The output has room for the hash; the algorithm lives as long as the library.
            let isDone = unsafe message.withUnsafeBufferPointer { message in
                unsafe output.withUnsafeMutableBufferPointer { output in
                    unsafe digest(message.baseAddress, message.count, output.baseAddress, nil, hashes[hash], nil)
                }
            }
            return isDone == 1 ? output : []
        }

        func authenticationCode(of message: [UInt8], key: [UInt8], with hash: TLSHash) -> [UInt8] {
            var output = [UInt8](repeating: 0, count: hash.byteCount)
            // As above. No pointer is null unless its count is 0, but that of a key must never be.
            let key = key.isEmpty ? [0] : key
            let isDone = unsafe message.withUnsafeBufferPointer { message in
                unsafe key.withUnsafeBufferPointer { key in
                    unsafe output.withUnsafeMutableBufferPointer { output in
                        unsafe hmac(
                            hashes[hash], key.baseAddress, Int32(key.count), message.baseAddress, message.count,
                            output.baseAddress, nil) != nil
                    }
                }
            }
            return isDone ? output : []
        }

        func open(
            _ sealed: Span<UInt8>, with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8],
            into plaintext: inout [UInt8]
        ) -> Bool {
            let count = sealed.count - aead.tagCount
            guard count >= 0, key.count == aead.keyCount, nonce.count == 12 else { return false }
            var tag = (count..<sealed.count).map { sealed[$0] }
            // Room for the content, and one more byte, to make sure that its address is never null.
            Self.resize(&plaintext, to: count + 1)
            let isRight = unsafe withContext(aeads[aead]) { context in
                let isCCM = aead != .aes128GCM && aead != .aes256GCM && aead != .chaCha20Poly1305
                // 9, EVP_CTRL_AEAD_SET_IVLEN; 17, EVP_CTRL_AEAD_SET_TAG: it copies the tag.
                guard unsafe control(context, 9, 12, nil) == 1,
                    unsafe tag.withUnsafeMutableBytes({
                        unsafe control(context, 17, Int32(aead.tagCount), $0.baseAddress)
                    }) == 1,
                    unsafe initialize(context, nil, nil, key, nonce) == 1
                else { return false }
                var written: Int32 = 0
                // CCM needs the length of the content first; it checks the tag together with the content, the others
                // at the end.
                if isCCM {
                    guard unsafe update(context, nil, &written, nil, Int32(count)) == 1 else { return false }
                }
                guard unsafe update(context, nil, &written, additionalData, Int32(additionalData.count)) == 1 else {
                    return false
                }
                return unsafe sealed.withUnsafeBufferPointer { sealed in
                    unsafe plaintext.withUnsafeMutableBufferPointer { room in
                        guard unsafe update(context, room.baseAddress, &written, sealed.baseAddress, Int32(count)) == 1
                        else { return false }
                        return unsafe isCCM || finish(context, room.baseAddress, &written) == 1
                    }
                }
            }
            plaintext.removeLast()
            return isRight
        }

        func decrypt(
            _ blocks: Span<UInt8>, with cipher: TLSBlockCipher, key: [UInt8], initializationVector: [UInt8],
            into plaintext: inout [UInt8]
        ) -> Bool {
            guard blocks.count % TLSBlockCipher.blockCount == 0, key.count == cipher.keyCount,
                initializationVector.count == TLSBlockCipher.blockCount
            else { return false }
            // One more block, which the library may use.
            Self.resize(&plaintext, to: blocks.count + TLSBlockCipher.blockCount)
            let isDone = unsafe withContext(blockCiphers[cipher]) { context in
                guard unsafe initialize(context, nil, nil, key, initializationVector) == 1,
                    unsafe setPadding(context, 0) == 1
                else { return false }
                var written: Int32 = 0
                return unsafe blocks.withUnsafeBufferPointer { blocks in
                    unsafe plaintext.withUnsafeMutableBufferPointer { room in
                        unsafe update(context, room.baseAddress, &written, blocks.baseAddress, Int32(blocks.count))
                            == 1 && Int(written) == blocks.count
                    }
                }
            }
            plaintext.removeLast(TLSBlockCipher.blockCount)
            return isDone
        }

        /// Creates a context for one decryption, and frees it afterwards.
        private func withContext(_ cipher: OpaquePointer?, _ body: (OpaquePointer) -> Bool) -> Bool {
            guard let cipher = unsafe cipher, let context = unsafe makeContext() else { return false }
            defer { unsafe freeContext(context) }
            return unsafe initialize(context, cipher, nil, nil, nil) == 1 && body(context)
        }

        private static func resize(_ bytes: inout [UInt8], to count: Int) {
            if bytes.count > count { bytes.removeLast(bytes.count - count) }
            if bytes.count < count { bytes += repeatElement(0, count: count - bytes.count) }
        }
    }
#else
    /// CryptoKit, with CommonCrypto for what it lacks.
    struct AppleCryptography: TLSCryptography {
        func hash(_ message: [UInt8], with hash: TLSHash) -> [UInt8] {
            switch hash {
            case .sha1: Array(Insecure.SHA1.hash(data: message))
            case .sha256: Array(SHA256.hash(data: message))
            case .sha384: Array(SHA384.hash(data: message))
            }
        }

        func authenticationCode(of message: [UInt8], key: [UInt8], with hash: TLSHash) -> [UInt8] {
            let key = SymmetricKey(data: key)
            return switch hash {
            case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
            case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
            case .sha384: Array(HMAC<SHA384>.authenticationCode(for: message, using: key))
            }
        }

        func open(
            _ sealed: Span<UInt8>, with aead: TLSAEAD, key: [UInt8], nonce: [UInt8], additionalData: [UInt8],
            into plaintext: inout [UInt8]
        ) -> Bool {
            let count = sealed.count - aead.tagCount
            guard count >= 0, key.count == aead.keyCount, nonce.count == 12 else { return false }
            let content = (0..<count).map { sealed[$0] }
            let tag = (count..<sealed.count).map { sealed[$0] }
            do {
                switch aead {
                case .aes128GCM, .aes256GCM:
                    let box = try AES.GCM.SealedBox(
                        nonce: AES.GCM.Nonce(data: nonce), ciphertext: content, tag: tag)
                    plaintext = Array(
                        try AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: additionalData))
                case .chaCha20Poly1305:
                    let box = try ChaChaPoly.SealedBox(
                        nonce: ChaChaPoly.Nonce(data: nonce), ciphertext: content, tag: tag)
                    plaintext = Array(
                        try ChaChaPoly.open(box, using: SymmetricKey(data: key), authenticating: additionalData))
                case .aes128CCM, .aes256CCM, .aes128CCM8, .aes256CCM8:
                    return openCCM(content, tag, key, nonce, additionalData, into: &plaintext)
                }
            } catch {
                return false
            }
            return true
        }

        func decrypt(
            _ blocks: Span<UInt8>, with cipher: TLSBlockCipher, key: [UInt8], initializationVector: [UInt8],
            into plaintext: inout [UInt8]
        ) -> Bool {
            let blocks = blocks.indices.map { blocks[$0] }
            guard let output = crypt(CCOperation(kCCDecrypt), CCOptions(0), blocks, key, initializationVector) else {
                return false
            }
            plaintext = output
            return true
        }

        /// AES-CCM (RFC 3610) with a nonce of 12 bytes, built from AES alone: neither library offers it.
        private func openCCM(
            _ content: [UInt8], _ tag: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ additional: [UInt8],
            into plaintext: inout [UInt8]
        ) -> Bool {
            func number(_ value: Int, of count: Int) -> [UInt8] {
                (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
            }
            func padded(_ bytes: [UInt8]) -> [UInt8] {
                bytes + [UInt8](repeating: 0, count: (16 - bytes.count % 16) % 16)
            }
            let counters: [UInt8] = (0...(content.count + 15) / 16).flatMap { [2] + nonce + number($0, of: 3) }
            guard let stream = crypt(CCOperation(kCCEncrypt), CCOptions(kCCOptionECBMode), counters, key, nil) else {
                return false
            }
            plaintext = content.indices.map { content[$0] ^ stream[16 + $0] }
            let flags = UInt8(0x40 | ((tag.count - 2) / 2) << 3 | 2)
            let message =
                [flags] + nonce + number(content.count, of: 3) + padded(number(additional.count, of: 2) + additional)
                + padded(plaintext)
            let zero = [UInt8](repeating: 0, count: 16)
            guard let chained = crypt(CCOperation(kCCEncrypt), CCOptions(0), message, key, zero) else { return false }
            let code = chained.suffix(16)
            return tag.indices.allSatisfy { tag[$0] == code[code.startIndex + $0] ^ stream[$0] }
        }

        /// AES over whole blocks, in CBC or ECB mode.
        private func crypt(
            _ operation: CCOperation, _ options: CCOptions, _ input: [UInt8], _ key: [UInt8], _ vector: [UInt8]?
        ) -> [UInt8]? {
            guard input.count % 16 == 0 else { return nil }
            var output = [UInt8](repeating: 0, count: input.count)
            var moved = 0
            // Every count is that of the array next to it; the output has as many bytes as the input.
            let status = unsafe output.withUnsafeMutableBytes { room in
                unsafe CCCrypt(
                    operation, CCAlgorithm(kCCAlgorithmAES), options, key, key.count, vector, input, input.count,
                    room.baseAddress, room.count, &moved)
            }
            return status == CCCryptorStatus(kCCSuccess) && moved == input.count ? output : nil
        }
    }
#endif
