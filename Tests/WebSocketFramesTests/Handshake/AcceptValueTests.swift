import Foundation
import Testing

@testable import WebSocketFrames

@Suite("The accept value")
struct AcceptValueTests {
    private func hex(_ text: String) -> String {
        SHA1.digest(of: Array(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    @Test("SHA-1: the vectors of RFC 3174, and every length around a block")
    func sha1() {
        #expect(hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(
            hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(
            hex(String(repeating: "01234567", count: 80)) == "dea356a2cddd90c7a7ecedc5ebb563934f460452")
        // The digest of the digests for 0…200 letters, computed by another implementation.
        let all = (0...200).map { hex(String(repeating: "a", count: $0)) }.joined()
        #expect(hex(all) == "7088615e42aaa1f4ebf506af750412752e1ef172")
    }

    @Test("Base64: the vectors of RFC 4648")
    func base64() {
        let vectors = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE="]
        for (plain, encoded) in vectors {
            #expect(Base64.encoded(Array(plain.utf8)) == Array(encoded.utf8))
            #expect(Base64.decodedCount(of: Array(encoded.utf8)[...]) == plain.utf8.count)
        }
        #expect(Base64.encoded([0xFB, 0xFF, 0xBF]) == Array("+/+/".utf8))
        for broken in ["=", "Zg=", "Zg===", "Z===", "Zm9v=", "Zm 9", "Zg==Zg==", "Zm9-", "===="] {
            #expect(Base64.decodedCount(of: Array(broken.utf8)[...]) == nil, "\(broken)")
        }
    }

    @Test("Base64 in lines: white space at the end, and where the fault is")
    func decoding() {
        func decode(_ line: String, from start: Int = 0) -> (fault: Int?, text: String) {
            var bytes: [UInt8] = []
            let fault = Base64.decode(Array(line.utf8).span, from: start, into: &bytes)
            return (fault, String(decoding: bytes, as: UTF8.self))
        }
        #expect(decode("  ") == (nil, "") && decode("") == (nil, "") && decode("x \t", from: 1) == (nil, ""))
        #expect(decode("Zm9v \r") == (nil, "foo") && decode("xZm9vYg==", from: 1) == (nil, "foob"))
        #expect(decode("Zm9vZm9 ") == (8, "foo") && decode("Zm8 ") == (4, "") && decode("Zm9vZ-9") == (5, "foo"))
        #expect(decode("Zm=v") == (2, "") && decode("Zm9v=m9v") == (4, "foo"))
    }

    @Test("the example of RFC 6455 §1.3")
    func accept() {
        let expected = AcceptValue.expected(for: Array("dGhlIHNhbXBsZSBub25jZQ==".utf8)[...])
        #expect(expected == Array("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=".utf8))
    }
}
