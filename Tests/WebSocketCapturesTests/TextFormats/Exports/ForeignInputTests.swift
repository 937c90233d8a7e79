import FixtureCorpus
import Testing
import WebSocketCaptures

/// The first bytes of another program's file, and words of the sentence that refuses it.
struct ForeignInput: Sendable, CustomTestStringConvertible {
    let program: String
    let bytes: [UInt8]
    let words: [String]

    init(_ program: String, _ text: String, _ words: String...) {
        self.program = program
        bytes = Array(text.utf8)
        self.words = words
    }

    init(_ program: String, bytes: [UInt8], _ words: String...) {
        self.program = program
        self.bytes = bytes
        self.words = words
    }

    var testDescription: String { program }
}

@Suite("Inputs that are refused")
struct ForeignInputTests {
    @Test("each with its own sentence", arguments: ForeignInput.all)
    func refused(input: ForeignInput) {
        guard case .unsupported(let sentence) = InputDetector.kind(of: input.bytes.span, isWhole: true) else {
            Issue.record("taken for \(InputDetector.kind(of: input.bytes.span, isWhole: true))")
            return
        }
        for words in input.words { #expect(sentence.contains(words), "\(sentence)") }
        #expect(!sentence.hasSuffix("."), "\(sentence)")
        for count in input.bytes.indices {
            _ = InputDetector.kind(of: input.bytes.span.extracting(0..<count), isWhole: count % 2 == 0)
        }
    }

    @Test("no stream of the corpus is refused, nor its hex text")
    func corpus() throws {
        let fixtures = try FixtureCorpus.load()
        #expect(fixtures.count > 100)
        for fixture in fixtures {
            for bytes in [fixture.bytes, fixture.handshake + fixture.bytes] {
                let prefix = bytes.span.extracting(first: InputDetector.prefixCount)
                let kind = InputDetector.kind(of: prefix, isWhole: prefix.count == bytes.count)
                // A stream for the diagnosis may begin with something that is not a frame, and is then recognised as what it is.
                let isForeign = fixture.section == "diagnosis" && fixture.expectation.violation?.offset == 0
                // Text in no known form is refused.
                let isText = bytes.allSatisfy { (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) }
                #expect(kind == .raw || (isForeign && bytes == fixture.bytes) || isText, "\(fixture.path)")
            }
        }
    }

    @Test("a stream that begins with a legal frame, deflated or not, is always raw", arguments: ForeignInput.all)
    func legalFirstBytes(input: ForeignInput) {
        for byte0: UInt8 in [0x01, 0x02, 0x41, 0x42, 0x81, 0x82, 0x88, 0x89, 0x8A, 0xC1, 0xC2] {
            let stream = [byte0] + input.bytes.dropFirst()
            guard !stream.starts(with: Array("BZh9".utf8)) else { continue }
            // RSV1 turns these into letters, which may be hex text, or text that is refused.
            guard byte0 != 0x41, byte0 != 0x42 else { continue }
            // A server's ping could begin like an image, but not match all eight bytes by chance.
            guard !stream.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { continue }
            #expect(InputDetector.kind(of: stream.span, isWhole: true) == .raw, "\(byte0)")
        }
        // Not bzip2: a wrong block signature, a level of 0, and no block at all.
        for text in ["BZh91AX\0", "BZh01AY\0", "BZh9\0"] {
            // No known program's, so only the general sentence is left.
            guard case .unsupported(let sentence) = InputDetector.kind(of: Array(text.utf8).span, isWhole: true) else {
                return
            }
            #expect(sentence.contains("--input raw"), "\(sentence)")
        }
    }

    @Test(
        "text of no known program is not attributed to one",
        arguments: [
            "{\"a\": {\"log\": 1}}", "{\"constants\": {\"pi\": 3}}", "[{\"event_type\": \"x\"}]",
            "<?xml version=\"1.0\"?><a/>",
            "<html><body>Bad Gateway", "No. This is not it", "Frame 1", "IP addresses > 3", "10:00 IP > x",
            "input: a\nb",
            "1 2 -> 3", "Connected", "=====\nFollow me\n", "Follow me", "peers: 3", "packets:\n- none", "peer0_0: x",
            "char peer", "char peer0_0", "12:3:abc", "12:3:abcd;", "12:3:a b;",
            "12:65:" + String(repeating: "a", count: 65) + ";",
            "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}", "*** header", "tshark is nice",
        ]
    )
    func lookalikes(text: String) {
        // No known program's, so only the general sentence is left.
        guard case .unsupported(let sentence) = InputDetector.kind(of: Array(text.utf8).span, isWhole: true) else {
            return
        }
        #expect(sentence.contains("--input raw"), "\(sentence)")
    }

    @Test("rows of one side and a single array are hex text, rows of both sides are an export")
    func sides() {
        let kinds: [(String, InputKind)] = [
            ("8105\n8105\n", .hex), ("\t8105\n\t8105\n", .hex), ("8105\n\t8105\n", .export), ("\t8105\n8105", .export),
            ("8105\n\t81 05\n", .hex), ("# a\n8105\n\t8105\n", .hex), ("8105\n  8105\n", .hex),
            ("8105\n\t\t8105\n", .hex),
            ("8105\n\t8105 # two\n", .hex), ("8105\n\n\t8105\r\n", .export),
            ("char peer0_0[] = { /* Packet 4 */\n0x81 };\n", .hex), ("char peer1_0[] = {0x81};", .hex),
            ("char peer0_0[] = { 0x81", .hex), ("char peer0_0[] = {0x81};\nchar peer0_1[] = {0x05};", .export),
            ("char peer0_0[] = {0x81};\nchar peer1_0[] = {0x05};", .export),
            ("00000000  81 05  ..\n    00000000  81 05  ..\n", .export),
            ("00000000  81 05  ..\n\t00000000  81 05  ..\n", .export),
        ]
        for (text, kind) in kinds {
            #expect(InputDetector.kind(of: Array(text.utf8).span, isWhole: true) == kind, "\(text)")
        }
        // TShark 4.0.17, follow,tcp,hex, the rows of one side.
        let row = "00000000  47 45 54 20 2f 63 20 48  54 54 50 2f 31 2e 31 0d  GET /c H TTP/1.1."
        let last = "00000010  0a                                                ."
        for rows in [row, "\t" + row, row + "\n" + last + "\n", row + "\r\n" + last + "\r\n"] {
            #expect(InputDetector.kind(of: Array(rows.utf8).span, isWhole: true) == .export, "\(rows)")
            #expect(Exported([Array(rows.utf8)[...]]).error == nil)
        }
        let hexdump = row.prefix(60) + "|GET /c HTTP/1.1.|\n"
        #expect(InputDetector.kind(of: Array(hexdump.utf8).span, isWhole: true) == .hex)
        let long = "char peer0_0[] = {" + String(repeating: "0x81, ", count: 3000)
        let text = Array(long.utf8)
        let prefix = text.span.extracting(first: InputDetector.prefixCount)
        #expect(InputDetector.kind(of: prefix, isWhole: false) == .export)
    }

    @Test("rows of both sides that were read as one side's are reported, unless a directive names the sender")
    func lateTab() {
        let row = String(repeating: "8105", count: 10_000)
        for text in ["\(row)\n\t8105\n", "8105\n\(row)\r\n\t\(row)\n"] {
            let decoded = Decoded([Array(text.utf8)[...]])
            #expect(decoded.error?.message.contains("some lines begin with a tab") == true)
            #expect(decoded.error?.line == (text.hasPrefix("8105\n8") ? 3 : 2))
            #expect(decoded.bytes.count % 20_000 < 4)
            #expect(Decoded([Array(("#: sender client\n" + text).utf8)[...]]).error == nil)
            #expect(Decoded(text.utf8.map { [$0][...] }) == decoded)
        }
        for text in [
            "8105\n\t81 05", "81 05\n\t8105", "8105\n\t\n8105", "8105 # x\n\t8105", "8\n\t105", "81\t05\n8105",
        ] {
            #expect(Decoded.everyWay(text).error == nil, "\(text)")
            let spaced = "81 05\n" + row + "\n" + text
            #expect(Decoded([Array(spaced.utf8)[...]]).error == nil, "\(text)")
        }
    }

    @Test("the advice for TLS names both ways")
    func guide() {
        for words in ["SSLKEYLOGFILE", "--tls-keylog", "--keylog keys.log", "editcap --inject-secrets"] {
            #expect(TLSGuide.text.contains(words))
        }
    }
}
