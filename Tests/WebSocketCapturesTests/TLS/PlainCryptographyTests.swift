import PlainCryptography
import Testing

@testable import WebSocketCaptures

/// The slow reference operations give what the standards say, so that others can be checked against them.
@Suite struct PlainCryptographyTests {
    private let plain = PlainCryptography()

    @Test func hashesOfTheStandard() {
        // The example of FIPS 180-4: "abc".
        let abc = Array("abc".utf8)
        #expect(plain.hash(abc, with: .sha1) == RFC8448.bytes("a9993e364706816aba3e25717850c26c9cd0d89d"))
        #expect(
            plain.hash(abc, with: .sha256)
                == RFC8448.bytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        #expect(
            plain.hash(abc, with: .sha384)
                == RFC8448.bytes(
                    "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                        + "8086072ba1e7cc2358baeca134c825a7"))
    }

    @Test func codesOfTheStandard() {
        // RFC 4231 §4.3 and RFC 2202 §3, case 2.
        let key = Array("Jefe".utf8)
        let message = Array("what do ya want for nothing?".utf8)
        #expect(
            plain.authenticationCode(of: message, key: key, with: .sha1)
                == RFC8448.bytes("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"))
        #expect(
            plain.authenticationCode(of: message, key: key, with: .sha256)
                == RFC8448.bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
    }

    @Test func theBlockCipherOfTheStandard() {
        // FIPS 197, appendix C: AES-128 and AES-256, as CBC with an IV of zeros.
        let zeros = [UInt8](repeating: 0, count: 16)
        let clear = RFC8448.bytes("00112233445566778899aabbccddeeff")
        for (cipher, key, hex) in [
            (TLSBlockCipher.aes128, Array(UInt8(0)..<16), "69c4e0d86a7b0430d8cdb78070b4c55a"),
            (.aes256, Array(UInt8(0)..<32), "8ea2b7ca516745bfeafc49904b496089"),
        ] {
            var opened: [UInt8] = []
            let sealed = RFC8448.bytes(hex)
            let isDone = plain.decrypt(
                sealed.span, with: cipher, key: key, initializationVector: zeros, into: &opened)
            #expect(isDone && opened == clear)
        }
    }

    @Test func theStreamCipherOfTheStandard() {
        // RFC 8439 §2.8.2.
        let text = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        let sealed = plain.seal(
            Array((text + "sunscreen would be it.").utf8), with: .chaCha20Poly1305, key: Array(UInt8(0x80)...0x9F),
            nonce: RFC8448.bytes("070000004041424344454647"), additionalData: RFC8448.bytes("50515253c0c1c2c3c4c5c6c7"))
        #expect(sealed.prefix(16).elementsEqual(RFC8448.bytes("d31a8d34648e60db7b86afbc53ef7ec2")))
        #expect(sealed.suffix(16).elementsEqual(RFC8448.bytes("1ae10b594f09e26a7e902ecbd0600691")))
    }

    @Test(arguments: [
        TLSAEAD.aes128GCM, .aes256GCM, .aes128CCM, .aes256CCM, .aes128CCM8, .aes256CCM8, .chaCha20Poly1305,
    ])
    func whatIsSealedOpensOnlyUnchanged(_ aead: TLSAEAD) {
        let key = [UInt8](repeating: 7, count: aead.keyCount)
        let nonce = [UInt8](repeating: 9, count: 12)
        for count in [0, 1, 15, 16, 17, 70] {
            let content = (0..<count).map { UInt8($0) }
            var sealed = plain.seal(content, with: aead, key: key, nonce: nonce, additionalData: [1, 2, 3])
            #expect(sealed.count == count + aead.tagCount)
            #expect(open(sealed) == content)
            sealed[count / 2] ^= 1
            #expect(open(sealed) == nil)
        }
        func open(_ sealed: [UInt8]) -> [UInt8]? {
            var opened: [UInt8] = []
            let isRight = plain.open(
                sealed.span, with: aead, key: key, nonce: nonce, additionalData: [1, 2, 3], into: &opened)
            return isRight ? opened : nil
        }
    }
}
