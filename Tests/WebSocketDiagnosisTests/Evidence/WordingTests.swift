import Testing

@testable import WebSocketDiagnosis

/// How a message quotes bytes of an input.
@Suite struct WordingTests {
    @Test("text is quoted as such, everything else byte by byte")
    func quoted() {
        #expect(Wording.quoted([]) == #""""#)
        #expect(Wording.quoted(Array("a\"\\\r\n\t".utf8)) == #""a\"\\\r\n\t""#)
        #expect(Wording.quoted(Array("Grüße, 你好".utf8)) == #""Grüße, 你好""#)
        #expect(Wording.quoted(Array("🧭\u{202E}x".utf8)) == #""\xF0\x9F\xA7\xAD\xE2\x80\xAEx""#)
        // Latin-1 may have a pair of bytes that is a character in UTF-8.
        #expect(Wording.quoted([0x4A, 0xC3, 0xA9, 0xE9]) == #""J\xC3\xA9\xE9""#)
        #expect(Wording.quoted([0x41, 0x00, 0x80]) == #""A\x00\x80""#)
    }

    @Test("a long one is cut, between characters")
    func cut() {
        #expect(Wording.quoted(Array("abcd".utf8), atMost: 4) == #""abcd""#)
        #expect(Wording.quoted(Array("abcde".utf8), atMost: 4) == #""abcd...""#)
        for count in 4...6 { #expect(Wording.quoted(Array("a好好".utf8), atMost: count) == #""a好...""#) }
        #expect(Wording.quoted(Array(repeating: 0x41, count: 1000)).count == Wording.quotationCount + 5)
    }
}
