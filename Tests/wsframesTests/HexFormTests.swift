import Testing

/// The same stream, a masked and an unmasked "Hello", in every way in which people write bytes down.
@Suite struct HexFormTests {
    private static let stream = Bytes.clientHello + Bytes.serverHello

    private static let forms: [(name: String, text: String)] = [
        ("contiguous", "818537fa213d7f9f4d5158810548656c6c6f\n"),
        ("contiguous, without a line feed", "818537fa213d7f9f4d5158810548656c6c6f"),
        ("capitals, in lines", "818537FA213D7F9F4D51588105\r\n48656C6C6F\r\n"),
        ("spaced", "81 85 37 fa 21 3d 7f 9f 4d 51 58 81 05 48 65 6c 6c 6f\n"),
        ("colons", "81:85:37:fa:21:3d:7f:9f:4d:51:58:81:05:48:65:6c:6c:6f\n"),
        ("commas", "81,85,37,fa,21,3d,7f,9f,4d,51,58,81,05,48,65,6c,6c,6f\n"),
        (
            "with comments",
            """
            # Two texts; the second one is not masked.

            81 85 37fa213d 7f9f4d5158   # "Hello", 8a
              # indented
            81 05 48656c6c6f # "Hello"

            """
        ),
        (
            "0x and commas",
            """
              0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58, 0x81,
              0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f

            """
        ),
        (
            "an array of C",
            """
            unsigned char dump[] = {
              0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58, 0x81,
              0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f
            };
            unsigned int dump_len = 18;

            """
        ),
        (
            "0x without commas",
            "0x81 0x85 0x37 0xFA 0x21 0x3D 0x7F 0x9F 0x4D 0x51 0x58 0x81 0x5 0x48 0x65 0x6C 0x6C 0x6F"
        ),
        (#"\x"#, #"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58\x81\x05\x48\x65\x6c\x6c\x6f"#),
        (
            "xxd",
            """
            00000000: 8185 37fa 213d 7f9f 4d51 5881 0548 656c  ..7.!=..MQX..Hel
            00000010: 6c6f                                     lo

            """
        ),
        (
            "hexdump -C",
            """
            00000000  81 85 37 fa 21 3d 7f 9f  4d 51 58 81 05 48 65 6c  |..7.!=..MQX..Hel|
            00000010  6c 6f                                             |lo|
            00000012

            """
        ),
        (
            "od -Ax -tx1",
            """
            000000 81 85 37 fa 21 3d 7f 9f 4d 51 58 81 05 48 65 6c
            000010 6c 6f
            000012

            """
        ),
        (
            "Node",
            "<Buffer 81 85 37 fa 21 3d 7f 9f 4d 51 58 81 05 48 65 6c 6c 6f>\n"
        ),
        ("Node, in two", "<Buffer 81 85 37 fa 21 3d 7f 9f 4d 51 58>\n<Buffer 81 05 48 65 6c 6c 6f>\n"),
        ("Python", #"b'\x81\x857\xfa!=\x7f\x9fMQX\x81\x05Hello'"# + "\n"),
        ("Python, named", #"data = b"\x81\x857\xfa!=\x7f\x9fMQX\x81\x05Hello""# + "\n"),
    ]

    @Test(arguments: forms.indices) func everyFormGivesTheSameVerdict(_ index: Int) throws {
        let form = Self.forms[index]
        for input in ["auto", "hex"] {
            let outcome = try Command.run(
                ["validate", "--sender=client", "--format=jsonl", "--input", input, "-"], stdin: .text(form.text))
            #expect(outcome.status == 1, "\(form.name)")
            #expect(outcome.errors == "", "\(form.name)")
            let rows = try outcome.rows()
            #expect(rows.rules == ["unmasked-client-frame"], "\(form.name)")
            #expect(rows.violations.first?.number("offset") == 12, "\(form.name)")
            #expect(rows.streams.first?.number("bytes") == 18, "\(form.name)")
            #expect(rows.streams.first?.number("frames") == 1, "\(form.name)")
        }
    }

    @Test func allFormsAreJudgedInOneRun() throws {
        let folder = try TemporaryFolder()
        for (index, form) in Self.forms.enumerated() {
            try folder.write("dumps/\(index + 10).txt", text: form.text)
        }
        try folder.write("dumps/99.bin", Self.stream)
        let rows = try Command.run(["validate", "--sender", "client", "--format", "jsonl", "dumps"], in: folder).rows()
        // Raw bytes in a folder are not judged.
        #expect(rows.violations.count == Self.forms.count)
        #expect(Set(rows.violations.map(\.withoutSource)).count == 1)
    }

    @Test func textOfManyPiecesIsDecodedAcrossTheirBorders() throws {
        let folder = try TemporaryFolder()
        // 31 bytes per line, so that boundaries of 128 KiB fall on every place in a line; a violation at the end.
        let stream = Bytes.binary(300_000, masked: true) + Bytes.serverHello
        var text = "#: sender client\n"
        for start in stride(from: 0, to: stream.count, by: 31) {
            text += Bytes.hex(Array(stream[start..<min(start + 31, stream.count)])) + "\n"
        }
        try folder.write("long.hex", text: text)
        let rows = try Command.run(["validate", "--format", "jsonl", "long.hex"], in: folder).rows()
        #expect(rows.violations.first?.number("offset") == UInt64(stream.count - 6))
        #expect(rows.streams.first?.number("bytes") == UInt64(stream.count))
    }

    @Test func oneLineWithoutAnEndIsRead() throws {
        let hex = Bytes.hex(Bytes.binary(400_000, masked: true)).replacing(" ", with: "")
        let outcome = try Command.run(["validate", "--format", "jsonl", "-"], stdin: .text(hex))
        #expect(outcome.status == 0)
        #expect(try outcome.rows().streams.first?.number("bytes") == 400_014)
    }
}
