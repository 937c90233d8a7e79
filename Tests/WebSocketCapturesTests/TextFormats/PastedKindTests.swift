import Testing
import WebSocketCaptures

/// Forms that people paste, in the variants that programs print.
@Suite("Pasted forms, in every variant")
struct PastedKindTests {
    private static let stream: [UInt8] = [0x81, 0x05, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0x82, 0x02, 0, 255, 0x88, 0x00]

    private static func kind(_ text: String, isMeant: Bool = true) -> InputKind {
        let bytes = Array(text.utf8)
        return InputDetector.kind(of: bytes.span, isWhole: true, isMeant: isMeant)
    }

    private static func decoded(_ text: String) throws -> [UInt8] {
        #expect(kind(text) == .hex, "\(text)")
        var decoder = HexDecoder()
        var bytes: [UInt8] = []
        let pieces = text.utf8.map { [$0] }
        for piece in pieces { try decoder.decode(piece.span, into: &bytes) }
        try decoder.finish(into: &bytes)
        return bytes
    }

    @Test("decimal lists, as programs print them and as source code has them")
    func decimalLists() throws {
        let numbers = Self.stream.map { String($0) }
        let list = numbers.joined(separator: ", ")
        let signed = Self.stream.map { String(Int8(bitPattern: $0)) }.joined(separator: ", ")
        let rows = numbers.joined(separator: ",\n    ")
        let texts: [String] = [
            "[\(list)]\n", "[\(numbers.joined(separator: " "))]", "[\(signed)]", "[\n    \(rows),\n]\n",
            "{\n  \"type\": \"Buffer\",\n  \"data\": [\n    \(rows)\n  ]\n}\n", "Uint8Array(13) [\n  \(rows)\n]\n",
            "Int8Array(13) [ \(signed) ]", "vec![\(list)];", "&[\(list)]", "[]byte{\(list)}",
            "new byte[] { \(signed) };",
            "bytearray([\(list)])", "array('B', [\(list)])", "<<\(list)>>\n", "\(list)\n",
            "new Uint8Array([\(list)])", "Buffer.from([\(list)]);", "let frame: [u8; 13] = [\(list)];",
            "byte[] frame = {\(signed)};", "private final byte[] f = new byte[] { \(signed) };",
            "const uint8_t f[13] = {\n    \(rows)\n};", "frame := []byte{\(list)}", "data = [\(list)]",
        ]
        for text in texts {
            #expect(try Self.decoded(text) == Self.stream, "\(text)")
        }
    }

    @Test("lists of Java and C with casts, and Base64 in quotes")
    func castsAndQuotes() throws {
        let casts = Self.stream.map { number in
            let digits = String(number, radix: 16)
            return (number < 0x80 ? "" : "(byte) ") + (digits.count == 1 ? "0x0" : "0x") + digits
        }
        let list = casts.joined(separator: ", ")
        let base64 = "gQVoZWxsb4ICAP+IAA=="
        for text in [
            "byte[] frame = {\(list)};\n", "new byte[] { \(list) };",
            "f = {(byte)0x81,(byte)0x05,0x68,0x65,(unsigned char) 0x6C,0x6c,0x6f,0x82,0x2,0x0,0xff,0x88,0x0};",
            base64, "\"\(base64)\"\n", "'\(base64)'",
        ] {
            #expect(try Self.decoded(text) == Self.stream, "\(text)")
        }
        for text in ["byte[] f = {(byte", "byte[] f = {(byte, 5) 0x05}", "f = {(0x81, 0x05)}"] {
            #expect(throws: (any Error).self) { try Self.decodedOrRefused(text) }
        }
        for text in ["\"\(base64)\"\"\(base64)\"", "\(base64)\""] {
            if case .unsupported = Self.kind(text) { continue }
            Issue.record("\(text)")
        }
    }

    @Test("a length in brackets is not a list", arguments: ["[2]byte{129, 0}", "x = [2]byte{129, 0}"])
    func lengths(text: String) {
        #expect(Self.kind(text) != .hex)
    }

    @Test("what follows columns of numbers has two sides as well")
    func numberedPayloads() {
        let rows = "0\t40000\t\n0\t8080\t810568656c6c6f\n0\t40000\t81850000000068656c6c6f\n"
        let ports = "40000\t\n8080\t810568656c6c6f\n40000\t81850000000068656c6c6f\n"
        let texts = [rows, rows.replacing("\n", with: "\r\n"), ports, "40000\t\n8080\t\n40000\t\n"]
        for text in texts {
            guard case .unsupported(let message) = Self.kind(text) else {
                Issue.record("\(Self.kind(text))")
                continue
            }
            #expect(message.hasPrefix("payloads of both sides"))
        }
        #expect(Self.kind("81\t05\t68\n65\t6c\t6c\n6f\t\t\n") == .hex)
        #expect(Self.kind("0000000\t8105 6865\n0000004\t6c6c 6f\n") == .hex)
    }

    @Test("digits before an error in the first line of a text in no known form are no frames")
    func unknownForm() {
        for text in ["   1  00000000: 8305 6865 6c6c 6f  ..hello\n", "830568656c ..!\n"] {
            let decoded = Decoded(text.utf8.map { [$0][...] })
            #expect(decoded.bytes == [] && decoded.error != nil)
        }
    }

    @Test("numbers without brackets are not hex digits: od -t u1, od -t d1")
    func decimalRows() throws {
        for text in [" 129   5 104 101 108 108 111\n 130   2   0 255\n", " -127    5  104  101  108\n"] {
            #expect(throws: (any Error).self) { try Self.decodedOrRefused(text) }
        }
    }

    private struct Refused: Error {}
    private static func decodedOrRefused(_ text: String) throws {
        if case .unsupported = kind(text) { throw Refused() }
        var decoder = HexDecoder()
        var bytes: [UInt8] = []
        defer { #expect(bytes.isEmpty) }
        let pieces = text.utf8.map { [$0] }
        for piece in pieces { try decoder.decode(piece.span, into: &bytes) }
        try decoder.finish(into: &bytes)
    }

    @Test("payloads of both sides in one column are refused, those of one side are read")
    func payloadColumns() {
        let masked = ["81850000000068656c6c6f\n", "8a8001020304\n"]
        let unmasked = ["810568656c6c6f\n", "8900\n"]
        let request = "474554202f20485454502f312e310d0a\n"
        let response = "485454502f312e3120313031\n"
        let column = InputKind.unsupported(
            "payloads of both sides in one column, without who sent them: add -e ip.src -e tcp.srcport -e ip.dst -e tcp.dstport "
                + "before it, or give the capture itself")
        #expect(Self.kind("\n\n" + request + "\n" + response + masked[0] + unmasked[0]) == column)
        #expect(Self.kind(masked[0] + unmasked[0] + masked[1] + unmasked[1]) == column)
        #expect(Self.kind(masked[0] + masked[1] + masked[0] + unmasked[0]) == .hex)
        #expect(Self.kind(unmasked.joined()) == .hex)
        #expect(Self.kind(request + masked.joined()) == .hex)
        #expect(Self.kind("#: sender client\n" + masked[0] + unmasked[0] + masked[1] + unmasked[1]) == .hex)
    }

    /// Records built from the diagrams in the format descriptions.
    @Test("captures without a signature are recognised by how their records are chained")
    func unsignedCaptures() {
        func big(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
        func erf(_ seconds: UInt8) -> [UInt8] {
            var record: [UInt8] = [1, 2, 3, 4, seconds, 0, 0, 0x65, 2, 4]
            record += big(16 + 2 + 60)
            record += [0, 0]
            record += big(60)
            return record + [UInt8](repeating: 7, count: 62)
        }
        let ncfx: [UInt8] =
            [0x26, 0, 0, 0, 0xE7, 7, 11, 14, 22, 13, 20, 0xE8, 3, 0, 0, 0] + [UInt8](repeating: 0, count: 42)
        for (file, format) in [(erf(1) + erf(2) + erf(9), "ERF, Endace's format"), (ncfx + ncfx, "CommView's format")] {
            guard case .unsupported(let sentence) = InputDetector.kind(of: file.span, isWhole: true) else {
                Issue.record("\(format) is not recognised")
                continue
            }
            #expect(sentence.hasPrefix("a capture in \(format)"))
        }
        for file in [erf(1) + erf(2), erf(1) + ncfx + ncfx] {
            #expect(InputDetector.kind(of: file.span, isWhole: true) == .raw)
        }
    }

    @Test("a trace of a whole program: what it reads from files does not belong to the stream")
    func programTrace() throws {
        let files = #"""
            read(3, "\x7f\x45\x4c\x46\x02\x01", 832) = 6
            openat(AT_FDCWD, "/etc/ssl", O_RDONLY) = 3
            read(3, "\x61\x62", 4096) = 2

            """#
        let socket = #"""
            socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5
            recvfrom(5, "\x81\x05\x68\x65\x6c\x6c\x6f\x82\x02", 4096, 0, NULL, NULL) = 9
            read(5, "\x00\xff\x88\x00", 4096) = 4

            """#
        #expect(try Self.decoded(files + socket) == Self.stream)
        #expect(try Self.decoded(socket) == Self.stream)
        #expect(try Self.decoded(#"read(3, "\x81\x00", 4096) = 2"# + "\n") == [0x81, 0x00])
    }

    @Test("curl --trace-time --trace, with both directions")
    func curlWithTimes() {
        let text = """
            03:22:41.687635 == Info:   Trying 127.0.0.1:18777...
            03:22:41.698744 => Send header, 5 bytes (0x5)
            0000: 47 45 54 20 2f GET /
            03:22:41.698958 <= Recv data, 2 bytes (0x2)
            0000: 81 00 ..

            """
        #expect(Self.kind(text) == .export)
        #expect(Self.kind(text.replacing("03:22:41", with: "[0-0] 03:22:41")) == .export)
    }
}
