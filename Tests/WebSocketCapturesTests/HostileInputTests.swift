import SeededRandom
import Testing
import WebSocketCaptures

@Suite("Hostile inputs")
struct HostileInputTests {
    @Test("'*' cannot demand unlimited memory")
    func asterisk() {
        let line = "00000000: 4141 4141 4141 4141 4141 4141 4141 4141  AAAAAAAAAAAAAAAA\n*\n"
        for offset in ["ffffffff0", "fffffffffffffff0", "04000020"] {
            let decoded = Decoded([Array((line + offset + ": 41  A\n").utf8)[...]])
            #expect(decoded.bytes.count == 16)
            #expect(decoded.error?.line == 2)
            #expect(decoded.error?.message.contains("67108864") == true)
        }
        let overflow = Decoded([Array((line + "10000000000000000: 41  A\n").utf8)[...]])
        #expect(overflow.error?.message.contains("does not follow") == true)
        let whole = Decoded([Array((line + "00100000: 42  B\n").utf8)[...]])
        #expect(whole.error == nil)
        #expect(whole.bytes.count == 0x100001)
    }

    @Test("… nor can many of them together")
    func asterisks() {
        var text = ""
        for step in 0..<10 {
            let offset = String(0x1000_0000 + step * 0x80_0000, radix: 16)
            text += offset + ": 4141 4141 4141 4141 4141 4141 4141 4141  AAAAAAAAAAAAAAAA\n*\n"
        }
        let decoded = Decoded([Array(text.utf8)[...]])
        #expect(decoded.error?.line == 18)
        #expect(decoded.error?.message.contains("67108864") == true)
        #expect(decoded.bytes.count == 9 * 16 + 8 * (0x80_0000 - 16))
    }

    @Test("an endless dump line, an endless directive and an endless head are refused")
    func endless() {
        let piece = Array(repeating: UInt8(ascii: " "), count: 10_000)
        var bytes: [UInt8] = []
        for start in ["00000000: 4142  AB\n", "#:", "00000000: 4142"] {
            var decoder = HexDecoder()
            var count = 0
            let error = #expect(throws: TextError.self) {
                try decoder.decode(Array(start.utf8).span, into: &bytes)
                while count < 100 {
                    try decoder.decode(piece.span, into: &bytes)
                    count += 1
                }
            }
            #expect(error?.column == (start.hasPrefix("#") ? 3 : 1))
            #expect(count <= 7)
        }
        var reader = HandshakeReader()
        var progress = reader.read(Array("GET ".utf8).span)
        for _ in 0..<7 { progress = reader.read(piece.span) }
        #expect(progress == .broken("an HTTP handshake of more than 65,536 bytes"))
    }

    @Test("the limits are the same in any pieces")
    func limits() {
        for count in [65_536, 65_537] {
            let head = "00000000: 4142  AB\n00000002: 43  "
            let tail = String(repeating: "C", count: count - 14)
            let text = Array((head + tail + "\n").utf8)
            let whole = Decoded([text[...]])
            #expect(whole.bytes == (count == 65_536 ? [0x41, 0x42, 0x43] : [0x41, 0x42]))
            #expect((whole.error == nil) == (count == 65_536))
            for cut in [1, 20, 40, 4095, 4096, 65_000, text.count - 2, text.count - 1] {
                #expect(Decoded([text[..<cut], text[cut...]]) == whole)
            }
        }
    }

    @Test("random bytes and random pieces of hex text never trap, and decode the same in any pieces")
    func random() {
        var numbers = SplitMix64(seed: 6455)
        let alphabets: [[String]] = [
            (0...255).map { String(UnicodeScalar(UInt8($0))) },
            ["0", "81", "f", " ", "  ", "\n", "#", "*", ":", "|", ">", "\r\n", "0000000", "00000000: ", "00000010"],
            ["0x81", "0x5", ",", "{", "}", "[", "]", "=", ";", "/*", "*/", "//", "\n", " ", "x", "#", "char x[] = {"],
            ["b'", "'", "\"", "\\", "\\x81", "\\x", "\\7", "\\n", "a", " ", "\n", "(", ")", "=", "x", "#", "\\\r\n"],
            ["<Buffer", " 81", " 5", ">", "[", "]", ",", "\n", "...", "#", "<Buffer 81>"],
            [
                "GET ", "HTTP/1.", "1 101 x", "\r\n", "\n", "\r", "\r\n\r\n", "Sec-WebSocket-Extensions:", "a", "\"",
                ",", ";",
            ],
            ["#: ", "sender ", "client", "\n", "max-frame ", "9", "deflate", "81", "#", "\u{FEFF}", " "],
        ]
        for round in 0..<1400 {
            let alphabet = alphabets[round % alphabets.count]
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...30, using: &numbers) {
                text += Array((alphabet.randomElement(using: &numbers) ?? "").utf8)
            }
            var pieces: [ArraySlice<UInt8>] = []
            var start = 0
            while start < text.count {
                let end = min(text.count, start + Int.random(in: 0...9, using: &numbers))
                pieces.append(text[start..<end])
                start = end
            }
            #expect(Decoded(pieces) == Decoded([text[...]]), "\(text)")
            #expect(FoundHandshake(pieces) == FoundHandshake([text[...]]), "\(text)")
            _ = InputDetector.kind(of: text.span, isWhole: true)
        }
    }
}
