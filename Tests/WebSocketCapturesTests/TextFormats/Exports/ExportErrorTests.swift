import Testing
import WebSocketCaptures

/// A malformed export, what is read of it before the error, and the error.
struct BrokenExport: Sendable, CustomTestStringConvertible {
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

@Suite("Malformed exports")
struct ExportErrorTests {
    private static let head = "==========\nFollow: tcp,raw\nFilter: x\nNode 0: a:1\nNode 1: b:2\n"
    private static let hexHead = "==========\nFollow: tcp,hex\nFilter: x\nNode 0: a:1\nNode 1: b:2\n"
    private static let yaml = "packets:\n  - packet: 1\n    peer: 0\n    data: !!binary |\n"

    private static let follow: [BrokenExport] = [
        BrokenExport("", [], 1, 1, "no line of this text begins the export"),
        BrokenExport("hello\n\nworld", [], 1, 1, "no line of this text begins the export"),
        BrokenExport(head + "8105\n", [0x81, 0x05], 7, 1, "its last line of '=' is missing"),
        BrokenExport(head + "8105", [0x81, 0x05], 6, 5, "its last line of '=' is missing"),
        BrokenExport("==========\nFollow: tcp,raw\n", [], 3, 1, "its last line of '=' is missing"),
        BrokenExport(head + "8105\n\t810\n", [0x81, 0x05, 0x81], 7, 4, "odd number"),
        BrokenExport(head + "8105\n810", [0x81, 0x05, 0x81], 7, 3, "odd number"),
        BrokenExport(head + "8105x\n", [0x81, 0x05], 6, 5, "'x' is not a hexadecimal digit"),
        BrokenExport(head + "810x\n", [0x81], 6, 3, "odd number"),
        BrokenExport(head + "81 05\n", [0x81], 6, 4, "'0' is not a hexadecimal digit"),
        BrokenExport(head + "\t\t8105\n", [], 6, 3, "'8' is not"),
        BrokenExport(head + "xyz\n", [], 6, 1, "'x' where a line of digits must come"),
        BrokenExport("==========\nFollow: tcp,raw\n8105\n", [], 3, 1, "'Node 0:' or 'Node 1:' must come"),
        BrokenExport(
            head + "8105\n==========\n\n==========\nFollow: websocket,raw\n", [0x81, 0x05], 10, 9,
            "payloads, already unmasked"),
        BrokenExport("==========\nFollow: tcp,ascii\n", [], 2, 9, "dots"),
        BrokenExport(
            hexHead + "00000000  81 05  ..\n00000003  81  .\n", [0x81, 0x05], 7, 1,
            "offset 00000003 where 00000002 must come"),
        BrokenExport(hexHead + "00000000  81 0\n", [], 6, 15, "ends inside a byte"),
        BrokenExport(hexHead + "00000000  81 0x  ..\n", [], 6, 15, "'x' is not"),
        BrokenExport(hexHead + "00000000  8105  ..\n", [], 6, 13, "'0' after a byte"),
        BrokenExport(hexHead + "00000000  \n", [], 6, 11, "without a byte"),
        BrokenExport(hexHead + "0000000   81\n", [], 6, 1, "an offset of eight digits"),
        BrokenExport(hexHead + "00000000  81 05  ..\n", [0x81, 0x05], 7, 1, "its last line of '=' is missing"),
    ]

    private static let others: [BrokenExport] = [
        BrokenExport(yaml + "      gQ\n", [], 5, 9, "not a multiple of 4"),
        BrokenExport(yaml + "      gQVI\n      g*==\n", [0x81, 0x05, 0x48], 6, 8, "'*' is not Base64"),
        BrokenExport(yaml + "      gQ==gQ==\n", [], 5, 9, "'=' is not Base64"),
        BrokenExport(yaml + "      =Q==\n", [], 5, 7, "'=' is not Base64"),
        BrokenExport("peers:\n  - peer: 2\n", [], 2, 11, "a peer is 0 or 1"),
        BrokenExport("peers:\n  - peer: 0\n", [], 3, 1, "ends before its packets"),
        BrokenExport("packets:\n  - packet: x\n", [], 2, 13, "a packet's number"),
        BrokenExport("packets:\n  - packet: 1\n    data: !!binary |\n", [], 3, 11, "before the peer"),
        BrokenExport("packets:\n  - packet: 1\n    peer: 0\n    data: gQ==\n", [], 4, 11, "'!!binary |' must come"),
        BrokenExport("packets:\nhello\n", [], 2, 1, "without a colon"),
        BrokenExport("packets:\nhello: x\n", [], 2, 1, "neither 'peers' nor 'packets'"),
        BrokenExport(
            yaml + "      gQVI\n[Stream output truncated]", [0x81, 0x05, 0x48], 6, 1, "has cut this stream off"),
        BrokenExport("char peer0_0[] = {0x81, 129};", [0x81], 1, 25, "'1' where a byte"),
        BrokenExport("char peer0_0[] = {0x81, 0x};", [0x81], 1, 27, "'}' is none"),
        BrokenExport("char peer0_0[] = {0x81, 05};", [0x81], 1, 26, "where the x of 0x"),
        BrokenExport("char peer0_0[] = {0x81, 0x055};", [0x81], 1, 29, "more than two digits"),
        BrokenExport("char peer0_0[] = {0x81, ", [0x81], 1, 25, "before the array is closed"),
        BrokenExport("char peer0_0[] = {0x81 /* x", [0x81], 1, 28, "inside a comment"),
        BrokenExport("char peer0_0[] = {0x81 // x\n};", [0x81], 1, 25, "begins no comment"),
        BrokenExport("char peer0_0[] = {0x81};\nchar peer2_0[] = {", [0x81], 2, 1, "something else"),
        BrokenExport("char peer0_0[] = {0x81};\nint x;\n", [0x81], 2, 1, "something else"),
        BrokenExport("char peer0_0[] = {0x81};\n[Stream output truncated]", [0x81], 2, 1, "has cut this stream off"),
        BrokenExport("char peer0_0[] = {0x81, \n[Stream output truncated]", [0x81], 2, 1, "has cut this stream off"),
        BrokenExport("char peer0_0[4] = {0x81};", [], 1, 1, "something else"),
    ]

    @Test("the same error in any pieces", arguments: follow + others)
    func broken(export: BrokenExport) throws {
        let exported = Exported.everyWay(export.text)
        #expect(exported.stream(.first) + exported.stream(.second) == export.bytes)
        let error = try #require(exported.error)
        #expect(error.line == export.line)
        #expect(error.column == export.column)
        #expect(error.message.contains(export.message), "\(error)")
        #expect(error.description == "line \(error.line), column \(error.column): \(error.message)")
    }

    @Test("an error is final, and nothing comes with it")
    func again() {
        var reader = ExportReader()
        let text = Array("8105\n\t81x".utf8)
        var visits = 0
        for round in 0..<2 {
            let error = #expect(throws: TextError.self) {
                try reader.read(text.span) { _, _ in visits += 1 }
                try reader.finish { _, _ in visits += 1 }
            }
            #expect(error?.description == "line 2, column 4: 'x' is not a hexadecimal digit")
            #expect(visits == 3, "round \(round)")
        }
    }
}
