import Testing
import WebSocketCaptures

@Suite("Hex text in every form")
struct HexFormTests {
    static let hello: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]

    @Test("the output of real programs, in any pieces", arguments: DumpSample.all)
    func realPrograms(sample: DumpSample) {
        let text = Array(sample.text.utf8)
        #expect(InputDetector.kind(of: text.span, isWhole: true) == .hex)
        let decoded = Decoded.everyWay(text)
        #expect(decoded.error == nil)
        #expect(decoded.bytes == DumpSample.bytes)
    }

    @Test("the same with CRLF, and after a byte order mark and a comment", arguments: DumpSample.all)
    func decorated(sample: DumpSample) {
        let lines = ("# a comment\n\n" + sample.text).split(separator: "\n", omittingEmptySubsequences: false)
        let text = [0xEF, 0xBB, 0xBF] + Array(lines.joined(separator: "\r\n").utf8)
        #expect(InputDetector.kind(of: text.span, isWhole: true) == .hex)
        let decoded = Decoded([text[...]])
        #expect(decoded.error == nil)
        #expect(decoded.bytes == DumpSample.bytes)
    }

    @Test(
        "the same seven bytes, written by hand",
        arguments: [
            "810548656c6c6f", "810548656C6C6F\n", "81 05 48 65 6c 6c 6f", "  81 05\t48 65\n\n6c 6c 6f",
            "8 1 0 5 486 56c6c6\nf",
            "# hi\n8105 # FIN\n48656c6c6f#\n# end", "81:05:48:65:6c:6c:6f", "81-05-48-65-6C-6C-6F\r\n",
            "81,05,48,65,6c,6c,6f,", "0x81, 0x05, 0x48, 0x65, 0x6C, 0x6c, 0x6f", "0x81 0x5 0X48 0x65 0x6c 0x6c 0x6f",
            "{0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f};",
            "{ /* a */ 0x81/**/,0x05, // b\n0x48,0x65,#c\n0x6c,0x6c,0x6f } ;\n",
            "// a frame\n0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f,", "/* a\n * frame **/ 0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f;",
            "static const uint8_t x[7] = {\n0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f};\nsize_t n = 0x7;",
            "char peer0_0[] = { /* Packet 4 */\n0x81, 0x05, 0x48, 0x65, \n0x6c, 0x6c, 0x6f };\n",
            "let bytes: [UInt8] = [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]",
            "b := []byte{0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f}",
            "new byte[] {\n0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f}", "[0x81,0x05,0x48,0x65,0x6c,0x6c,0x6f]",
            #"\x81\x05\x48\x65\x6c\x6c\x6f"#, "\\x81\\x05 # two\n\\x48\\x65\\x6C\\x6c\\x6f\n",
            #"b'\x81\x05Hello'"#, #"B"\x81\5Hel\154\x6f""#, #"b'\x81' b"\x05" b'''Hello'''"#, #"'\x81\x05Hello'"#,
            "data = (b'\\x81\\x05'  # header\n  b\"Hel\\\nlo\"\n)\n", "x = b'\\x81\\x05'\nx += b'Hello';",
            "<Buffer 81 05 48 65 6c 6c 6f>", "<Buffer 81 05>\n<Buffer>\n<Buffer 48 65 6c 6c 6f>",
            "00000000: 8105 4865 6c6c 6f",
            "00000000: 8105 4865 6c  ..Hel\n\n# cut\n00000005: 6c6f  lo\n", "00000010: 8105 4865 6c6c 6f  ..Hello",
            "0000   81 05 48 65 6c 6c 6f                              ..Hello",
            "0000000    81  05  48  65\n0000004    6c  6c  6f\n0000007\n",
            "000000 81 05 48 65 6c 6c 6f\n000007\n", "0000020 81 05 48 65\n0000024 6c 6c 6f\n0000027\n",
        ]
    )
    func byHand(text: String) {
        let decoded = Decoded.everyWay(text)
        #expect(decoded.error == nil)
        #expect(decoded.bytes == Self.hello)
        #expect(InputDetector.kind(of: Array(text.utf8).span, isWhole: true) == .hex)
    }

    @Test(
        "bare digits that look like a dump",
        arguments: [
            "8102 4849\n8104 48494a4b", "8102 4849   8104 48494a4b  # two", "00000000 81024849\n0002 4849",
            "000000\n000000", "0001 02\n0002 03\n0003", "810248 49\n810249 49", "00000001 02   03\n00000003 04",
            "000000 81 02 48 # 3\n49\n",
        ]
    )
    func likeDumps(text: String) {
        let lines = text.split(separator: "\n").map { $0.prefix { $0 != "#" }.filter(\.isHexDigit) }
        let digits = lines.joined()
        let decoded = Decoded.everyWay(text)
        #expect(decoded.error == nil)
        #expect(decoded.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() == digits)
    }

    @Test("every byte, in upper and lower case, at every offset from the start of a run")
    func everyByte() {
        let bytes = (0...255).map { UInt8($0) }
        let lower = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        for lead in ["", "\n", "0", "00", "000 0", "#\n"] {
            for text in [lead + lower, lead + lower.uppercased()] {
                let digits = (lead + lower).filter(\.isHexDigit).count
                let decoded = Decoded([Array(text.utf8)[...]])
                #expect(decoded.bytes.count == digits / 2)
                #expect((decoded.error == nil) == (digits % 2 == 0))
                if digits % 2 == 0 { #expect(Array(decoded.bytes.suffix(256)) == bytes) }
            }
        }
    }

    @Test("only digits are accepted in a run")
    func onlyDigitsInRuns() {
        for byte in UInt8.min...UInt8.max {
            for place in 0..<16 {
                var text = Array(repeating: UInt8(ascii: "7"), count: 48)
                text[16 + place] = byte
                let decoded = Decoded([text[...]])
                let scalar = Character(Unicode.Scalar(byte))
                if scalar.isHexDigit, byte < 0x80 {
                    #expect(decoded.bytes.count == 24)
                } else if byte == UInt8(ascii: "#") {
                    #expect(decoded.bytes.count == 8 + place / 2)
                } else if byte == 0x20 || (0x09...0x0D).contains(byte) {
                    #expect(decoded.error?.message.hasPrefix("odd number") == true)
                } else {
                    #expect(decoded.error?.column == 17 + place)
                }
            }
        }
    }

    @Test("every escape of a bytes literal")
    func escapes() {
        let decoded = Decoded.everyWay(#"b'\a\b\f\n\r\t\v\\\'\"\0\7\18\377\x00~'"#)
        #expect(decoded.error == nil)
        let marks: [UInt8] = [0x5C, 0x27, 0x22]
        #expect(Decoded.everyWay(#"b'\1234\12x\08'"#).bytes == [0x53, 0x34, 0x0A, 0x78, 0x00, 0x38])
        #expect(Decoded.everyWay("b'a\\\r\nb'\r\n").bytes == [0x61, 0x62])
        #expect(decoded.bytes == [7, 8, 12, 10, 13, 9, 11] + marks + [0, 7, 1, 0x38, 255, 0, 0x7E])
    }

    @Test(
        "a text without any bytes",
        arguments: [
            "# nothing\n", "#", "unsigned char e[] = {\n};\nunsigned int e_len = 0;\n", "<Buffer >\n", "b''\n",
            "0000000\n",
        ]
    )
    func empty(text: String) {
        #expect(Decoded.everyWay(text) == Decoded([]))
        #expect(InputDetector.kind(of: Array(text.utf8).span, isWhole: true) == .hex)
    }
}
