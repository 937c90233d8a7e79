import Testing
import WebSocketCaptures

@Suite("The kind of an input")
struct InputDetectorTests {
    private func kind(_ bytes: [UInt8]) -> InputKind {
        let count = min(bytes.count, InputDetector.prefixCount)
        return InputDetector.kind(of: bytes.span.extracting(0..<count), isWhole: count == bytes.count)
    }

    private func kind(_ text: String) -> InputKind { kind(Array(text.utf8)) }

    @Test("captures by their magic numbers")
    func captures() {
        for magic: [UInt8] in [
            [0xA1, 0xB2, 0xC3, 0xD4], [0xD4, 0xC3, 0xB2, 0xA1], [0xA1, 0xB2, 0x3C, 0x4D], [0x4D, 0x3C, 0xB2, 0xA1],
        ] {
            #expect(kind(magic + [2, 0, 4, 0]) == .pcap)
            #expect(kind(Array(magic.prefix(3))) == .raw)
        }
        #expect(kind([0x0A, 0x0D, 0x0D, 0x0A, 0x1C, 0, 0, 0]) == .pcapng)
    }

    @Test("unreadable inputs are named, with advice")
    func unsupported() {
        let inputs: [([UInt8], String)] = [
            ([0x1F, 0x8B, 0x08, 0], "gzip"), ([0x50, 0x4B, 3, 4], "zip archive"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
            ([0x1F, 0x9D, 0x90], "compress"), (Array("Rar!\u{1A}\u{07}".utf8), "RAR"),
            (Array("a.pcap".utf8) + Array(repeating: 0, count: 251) + Array("ustar\0".utf8), "tar archive"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"), (Array("BZh91AY".utf8), "bzip2"),
            ([0xFF, 0xFE, 0x38, 0, 0x31, 0], "UTF-16"), ([0xFE, 0xFF, 0, 0x38, 0, 0x31], "UTF-16"),
            (Array("{\n \"log\": {\"version\": \"1.2\"}}".utf8), "HAR"),
        ]
        for (bytes, name) in inputs {
            guard case .unsupported(let message) = kind(bytes) else {
                Issue.record("\(name) was taken for \(kind(bytes))")
                continue
            }
            #expect(message.contains(name))
        }
    }

    @Test(
        "empty input and HTTP are raw",
        arguments: [
            "", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "POST /chat HTTP/1.1\r\n",
        ]
    )
    func rawText(text: String) {
        #expect(kind(text) == .raw)
    }

    @Test("white space alone is a dump of no bytes", arguments: ["\n", " \n\n", "\t\r\n"])
    func blank(text: String) {
        #expect(kind(text) == .hex)
    }

    @Test(
        "text in no known form is refused",
        arguments: [
            "Hello", "8105 Hello", "{}", "{\"type\":1}", "The answer is 0x81", "data", "dead: letters", "<html>",
            "'quoted'",
            "0x", "81:5:48", "Grüße", "DEBUG:websockets.server:> TEXT 'hello' [5 bytes]",
        ]
    )
    func refusedText(text: String) {
        guard case .unsupported(let sentence) = kind(text) else {
            Issue.record("taken for \(kind(text))")
            return
        }
        #expect(sentence.contains("--input raw"))
        // A literal that is never closed is an error of the decoder, not of the detection.
        #expect(kind("b'") == .hex)
    }

    @Test("no stream whose first byte is legal is taken for anything else")
    func streams() {
        #expect(kind([0x81, 0x05] + Array("Hello".utf8)) == .raw)
        for byte0: UInt8 in [0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8A] {
            for byte1 in UInt8.min...UInt8.max {
                #expect(kind([byte0, byte1, 0x30, 0x31, 0x32, 0x33]) == .raw)
            }
        }
    }

    @Test("comments make it hex, whatever follows them")
    func comments() {
        #expect(kind("# just a comment") == .hex)
        #expect(kind("\n  # a comment\n\n") == .hex)
        #expect(kind("# a comment\nxyz") == .hex)
        #expect(kind("#: nonsense\n81") == .hex)
        #expect(kind("#\u{0}\u{1}\u{2}") == .raw)
        #expect(kind(String(repeating: "# long\n", count: 1000) + "8105") == .hex)
    }

    @Test("long first lines are recognised by their prefix")
    func longLines() {
        #expect(kind(String(repeating: "81", count: 5000)) == .hex)
        #expect(kind(String(repeating: "81 ", count: 5000)) == .hex)
        #expect(kind(String(repeating: "0x81, ", count: 5000)) == .hex)
        #expect(kind(#"b'"# + String(repeating: #"\x81"#, count: 5000)) == .hex)
        #expect(kind("<Buffer" + String(repeating: " 81", count: 5000)) == .hex)
    }

    @Test("every sample is hex from its first line on", arguments: DumpSample.all)
    func cutSamples(sample: DumpSample) {
        let text = Array(sample.text.utf8)
        let line = (text.firstIndex(of: UInt8(ascii: "\n")) ?? text.count) + 1
        let start = ["node, two Buffers", "xxd -i"].contains(sample.program) ? line + 16 : line
        for count in min(start, text.count)...text.count {
            #expect(InputDetector.kind(of: text.span.extracting(0..<count), isWhole: false) == .hex)
        }
    }
}
