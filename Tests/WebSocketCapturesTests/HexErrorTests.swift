import Testing
import WebSocketCaptures

/// A malformed text, what it decodes to before the error, and the error.
struct BrokenText: Sendable, CustomTestStringConvertible {
    let text: String
    let bytes: [UInt8]
    let line: Int
    let column: Int
    let message: String

    init(_ text: String, _ bytes: [UInt8], _ line: Int, _ column: Int, _ message: String) {
        self.text = text
        self.bytes = bytes
        self.line = line
        self.column = column
        self.message = message
    }

    var testDescription: String { text.debugDescription }
}

@Suite("Malformed hex text")
struct HexErrorTests {
    private static let digits: [BrokenText] = [
        BrokenText("8105 4", [0x81, 0x05], 1, 6, "odd number of hexadecimal digits"),
        BrokenText("81\n05 # x\n 4  # y\n\n", [0x81, 0x05], 3, 2, "odd number of hexadecimal digits"),
        BrokenText("81\n05 4g", [0x81, 0x05], 2, 5, "'g' is not a hexadecimal digit"),
        BrokenText("# c\n8105\u{A0}48", [0x81, 0x05], 2, 5, "byte 0xC2 is not a hexadecimal digit"),
        BrokenText("Hello", [], 1, 1, "'H' is not a hexadecimal digit"),
        BrokenText("81 05\n*\n48", [0x81, 0x05], 2, 1, "'*' stands for repeated lines"),
        BrokenText("\u{FEFF}#\n\n  81x", [0x81], 3, 5, "'x' is not a hexadecimal digit"),
        BrokenText("81:05:4", [0x81, 0x05], 1, 7, "odd number"),
        BrokenText("81:05\n48-6", [0x81, 0x05, 0x48], 2, 3, "'-' is not"),
    ]

    private static let programs: [BrokenText] = [
        BrokenText("0x81, 0x0581", [0x81], 1, 11, "more than two digits"),
        BrokenText("0x81, 05", [0x81], 1, 8, "'5' where the x of 0x must come"),
        BrokenText("0x81, 129", [0x81], 1, 7, "'1' begins a number without 0x"),
        BrokenText("0x81, 0x", [0x81], 1, 9, "ends inside a number"),
        BrokenText("0x81, 0x,", [0x81], 1, 9, "',' is none"),
        BrokenText("{0x81, 0x05", [0x81, 0x05], 1, 12, "before the list is closed"),
        BrokenText("{0x81 /* x", [0x81], 1, 11, "inside a comment"),
        BrokenText("{0x81 / 2}", [0x81], 1, 8, "which begins no comment"),
        BrokenText("{0x81; 0x05}", [0x81], 1, 6, "';' where a byte"),
        BrokenText("x[] = {0x81};\ny[] = {0x05};", [0x81], 2, 7, "a second list"),
        BrokenText("0x81 hello", [0x81], 1, 6, "'h' where a byte such as 0x81 must come"),
        BrokenText("// nothing here\n", [], 2, 1, "before its list of bytes"),
        BrokenText(#"\x81\x5 "#, [0x81], 1, 8, "a space is none"),
        BrokenText(#"\x81Hello"#, [0x81], 1, 5, "'H' where"),
        BrokenText(#"\x81\x0"#, [0x81], 1, 8, "ends inside"),
        BrokenText("b'\\x81\n'", [0x81], 1, 7, "the line ends inside quotes"),
        BrokenText("b'\\x81", [0x81], 1, 7, "the text ends inside quotes"),
        BrokenText(#"b'\q'"#, [], 1, 4, "'q' after"),
        BrokenText(#"b'\400'"#, [], 1, 6, "octal"),
        BrokenText(#"b'\x8g'"#, [], 1, 6, "'g' is none"),
        BrokenText("b'é'", [], 1, 3, "byte 0xC3 inside quotes"),
        BrokenText("b'a' rb'b'", [0x61], 1, 6, "'r' after a literal"),
        BrokenText("x = b'a'\nhello\nb'b'", [0x61], 2, 1, "a word where"),
        BrokenText("<Buffer 81 05 ... 12 more bytes>", [0x81, 0x05], 1, 15, ".toString('hex')"),
        BrokenText("<Buffer 81 5 48>", [0x81], 1, 12, "odd number"),
        BrokenText("<Buffer 81\n05", [0x81, 0x05], 2, 3, "ends inside <Buffer"),
        BrokenText("<Buffer 81>\n81", [0x81], 2, 1, "'8' where <Buffer"),
    ]

    private static let dumps: [BrokenText] = [
        BrokenText(
            "00000000: 8105 4865  ..He\n00000008: 6c6c  ll\n",
            [0x81, 0x05, 0x48, 0x65],
            2,
            1,
            "offset 00000008 where 00000004 must come"
        ),
        BrokenText("0000000 81 05\n0000003 81\n", [0x81, 0x05], 2, 1, "offset 0000003 where 0000002 must come"),
        BrokenText("00000000: 81054  ..H\n", [], 1, 15, "odd number"),
        BrokenText("00000000: 81xx  ..H\n", [], 1, 13, "'x' is not a hexadecimal digit"),
        BrokenText("00000000: 8105  ..\nhello\n", [0x81, 0x05], 2, 1, "'h' where an offset must come"),
        BrokenText("00000000: 8105  ..\n*\n", [0x81, 0x05], 2, 1, "ends after '*'"),
        BrokenText("00000000: 8105  ..\n* x\n", [0x81, 0x05], 2, 3, "'x' after '*'"),
        BrokenText("00000000: 8105  ..\n*\n00000005: 81  .", [0x81, 0x05], 3, 1, "does not follow from the '*'"),
        BrokenText("0000000\n*\n", [], 2, 1, "there is none"),
        BrokenText(
            "0000000 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41\n*\n0000060 41\n0000061\n",
            Array(repeating: 0x41, count: 16),
            3,
            1,
            "more than one radix"
        ),
        BrokenText("00000000: 65480581 816f6c6c  ..Hello.\n", [], 1, 1, "little-endian words"),
        BrokenText("00000000: 10000001 00000101 01001000  ..H\n", [], 1, 1, "bits instead"),
        BrokenText("0000000 0581 6548 6c6c 006f\n0000007\n", [], 1, 9, "hexdump -C"),
        BrokenText("0000000 002601 062510 066154 000157\n0000007\n", [], 1, 9, "hexdump -C"),
        BrokenText("0000000 201 005   H   e   l   l   o\n0000007\n", [], 1, 9, "hexdump -C"),
    ]

    @Test("the same error in any pieces", arguments: digits + programs + dumps)
    func broken(text: BrokenText) throws {
        let decoded = Decoded.everyWay(text.text)
        #expect(decoded.bytes == text.bytes)
        let error = try #require(decoded.error)
        #expect(error.line == text.line)
        #expect(error.column == text.column)
        #expect(error.message.contains(text.message), "\(error)")
    }

    @Test("half a byte order mark is not one")
    func halfMark() {
        for text: [UInt8] in [[0xEF], [0xEF, 0xBB], [0xEF, 0xBB, 0x38], [0xEF, 0x38, 0x31]] {
            let error = Decoded.everyWay(text).error
            #expect(error?.description == "line 1, column 1: byte 0xEF is not a hexadecimal digit")
        }
    }

    @Test("an error is final")
    func again() {
        var decoder = HexDecoder()
        var bytes: [UInt8] = []
        let text = Array("81\nzz".utf8)
        for _ in 0..<2 {
            let error = #expect(throws: TextError.self) {
                try decoder.decode(text.span, into: &bytes)
                try decoder.finish(into: &bytes)
            }
            #expect(error?.description == "line 2, column 1: 'z' is not a hexadecimal digit")
        }
        #expect(bytes == [0x81])
    }
}
