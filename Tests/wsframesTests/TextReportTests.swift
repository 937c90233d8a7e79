import FixtureCorpus
import Testing
import WebSocketFrames

/// The text report: a block for a violation, one line for a legal stream, one line at the end.
@Suite struct TextReportTests {
    private func text(_ stream: [UInt8], _ options: String...) throws -> String {
        try Command.run(["validate", "-"] + options, stdin: .bytes(stream)).stdout
    }

    // MARK: - Legal streams

    @Test func legalStreamsGetOneLineEach() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.bin", Bytes.clientHello + Bytes.close(1000, masked: true))
        try folder.write("b.bin", Bytes.serverHello)
        try folder.write("c.bin", [UInt8](Bytes.serverHello.dropLast()))
        try folder.write("d.bin", [0x01, 0])
        let outcome = try Command.run(["validate", "a.bin", "b.bin", "c.bin", "d.bin"], in: folder)
        #expect(
            outcome.lines == [
                "ok      a.bin, client → server: 2 frames, 1 message, 19 bytes, closed with 1000 (normal closure)",
                "ok      b.bin, server → client: 1 frame, 1 message, 7 bytes",
                "cut off c.bin, server → client: 0 frames, 0 messages, 6 bytes; it ends inside a frame",
                "cut off d.bin, server → client: 1 frame, 0 messages, 2 bytes; it ends inside a message",
                "4 streams judged, no violation",
            ])
    }

    /// Without a terminal there is no width: a line is never wrapped, whatever the file's name.
    @Test func aLegalStreamWithALongNameIsOneLineToo() throws {
        let folder = try TemporaryFolder()
        let name = String(repeating: "long-name/", count: 15) + "dump.bin"
        try folder.write(name, Bytes.clientHello)
        let outcome = try Command.run(["validate", name], in: folder)
        #expect(outcome.lines.count == 2)
        #expect(outcome.lines.first == "ok      \(name), client → server: 1 frame, 1 message, 11 bytes")
    }

    // MARK: - Violations

    /// One stream for each rule, taken from the corpus.
    private static let examples: [Fixture] = {
        let rejecting = ((try? FixtureCorpus.load()) ?? []).filter { $0.expectation.violation != nil }
        return Rule.allCases.compactMap { rule in rejecting.first { $0.expectation.violation?.rule == rule } }
    }()

    @Test(arguments: Rule.allCases.filter { $0 != .invalidDeflate }) func aBlockSaysEverythingAboutTheViolation(
        _ rule: Rule
    ) throws {
        let fixture = try #require(Self.examples.first { $0.expectation.violation?.rule == rule })
        let fault = try #require(fixture.expectation.violation)
        let outcome = try Command.run(["validate", FixtureCorpus.folder + "/" + fixture.path])
        #expect(outcome.status == 1)
        let blocks = TextBlock.blocks(in: outcome.stdout, rules: Set(Rule.allCases.map(\.name)))
        #expect(blocks.count == 1)
        let block = try #require(blocks.first)
        let prose = block.lines.map(\.trimmingSpaces).joined(separator: " ")

        #expect(block.rule == rule.name)
        #expect(prose.contains("frame \(fault.frame), offset \(fault.offset) "))
        #expect(block.paragraph("where")?.contains(fault.length == 0 ? "just past frame" : "of frame") == true)
        #expect(block.paragraph("before")?.isEmpty == false)
        #expect(prose.contains("At fault: "))
        #expect(prose.contains("Must be closed with \(fault.closeCode.rawValue) (\(fault.closeCode.name))."))
        #expect(prose.contains("(\(rule.entry.section))"))
        #expect(block.paragraph("rule")?.contains(rule.entry.sentence.description) == true)
        #expect(block.paragraph("causes")?.contains("·") == true)
        #expect(block.paragraph("check")?.contains("·") == true)

        // The header's bytes are drawn, with the offending bits marked below them.
        #expect(prose.contains("byte 0: 0x\(fault.headerHex.prefix(2).uppercased())"))
        #expect(block.lines.contains { $0.trimmingSpaces.hasPrefix("│ FIN ") })
        #expect(block.lines.contains { $0.contains("^") })
        let wrong = block.bytes.filter { fixture.bytes[Int($0.offset)] != $0.byte }
        #expect(!block.bytes.isEmpty && wrong.isEmpty)
    }

    @Test func theLastLineSumsUp() throws {
        let folder = try TemporaryFolder()
        try folder.write("legal", Bytes.clientHello)
        try folder.write("broken", [0x83, 0, 0x83, 0])
        try folder.write("doubtful", Bytes.close(1010, masked: false))
        func last(_ arguments: String...) throws -> String? {
            try Command.run(["validate"] + arguments, in: folder).lines.last
        }
        #expect(try last("legal") == "1 stream judged, no violation")
        #expect(try last("legal", "legal") == "2 streams judged, no violation")
        #expect(try last("broken") == "1 stream judged, 1 violation")
        #expect(try last("broken", "--all") == "1 stream judged, 2 violations")
        #expect(try last("doubtful") == "1 stream judged, no violation, 1 notice")
        #expect(try last("missing") == "0 streams judged, no violation, 1 input not read")
        #expect(
            try last("legal", "missing", "broken", "doubtful", "gone")
                == "3 streams judged, 1 violation, 1 notice, 2 inputs not read")
    }

    @Test func theLineAfterABlockSaysHowTheStreamStands() throws {
        let text = try text(Bytes.clientHello + Bytes.serverHello)
        #expect(
            text.lines.suffix(2) == [
                "broken  -, client → server: violation after 1 frame, 1 message; 18 bytes; close with 1002",
                "1 stream judged, 1 violation",
            ])
        #expect(text.lines.first == "unmasked-client-frame  -, client → server, frame 1, offset 12")
        #expect(text.contains("  before  frame 0 at offset 0 is the last good one: text, FIN, masked, 5 bytes\n"))
    }

    @Test func textInPlaceOfFramesIsShown() throws {
        let text = try text(
            Array("HELO example.org, this is no WebSocket\r\n".utf8), "--input", "raw")
        #expect(text.contains("\n  what happened  certain: unframed-text\n"))
        #expect(text.contains(#"are text where a frame should begin: "HELO example.org, "#))
    }

    // MARK: - Colour

    @Test(arguments: [["validate", "-"], ["explain", "1002"], ["rules"]])
    func colourIsForTerminalsAndForThoseWhoAsk(_ arguments: [String]) throws {
        func output(_ color: [String], _ environment: [String: String] = [:]) throws -> [UInt8] {
            let stdin = Command.Input.bytes([0x83, 0])
            return try Command.run(arguments + color, stdin: stdin, environment: environment).output
        }
        let escape: UInt8 = 0x1B
        let plain = try output([])
        #expect(!plain.contains(escape))
        #expect(try output(["--color", "auto"]) == plain)
        #expect(try output(["--color", "never"]) == plain)
        #expect(try output([], ["TERM": "xterm-256color", "CLICOLOR_FORCE": "1"]) == plain)
        let colored = try output(["--color", "always"])
        #expect(colored.contains(escape))
        // `--color always` overrides the environment.
        #expect(try output(["--color", "always"], ["NO_COLOR": "1", "TERM": "dumb"]) == colored)
        // Without the colour sequences, the output is the same.
        let stripped = String(decoding: colored, as: UTF8.self).replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(stripped == String(decoding: plain, as: UTF8.self))
    }

    @Test func rowsForProgramsHaveNoColour() throws {
        let always = try Command.run(
            ["validate", "--color", "always", "--format", "jsonl", "-"], stdin: .bytes([0x83, 0]))
        #expect(!always.output.contains(0x1B))
    }

    // MARK: - Unusual file names

    private static let hostileName = "evil\n\u{1B}[31m\t\u{7F}\u{202E}\"\\ name"

    @Test(arguments: [[0x83, 0], Bytes.clientHello, [], Array("81\nzz\n".utf8)] as [[UInt8]])
    func hostileNamesAreWrittenOut(_ bytes: [UInt8]) throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/" + Self.hostileName, bytes)
        for operand in ["tree", "tree/" + Self.hostileName, "tree/gone" + Self.hostileName] {
            for format in ["text", "jsonl"] {
                let outcome = try Command.run(["validate", "--format", format, operand], in: folder)
                let controls = (outcome.stdout + outcome.errors).unicodeScalars.filter { scalar in
                    scalar.value < 0x20 && scalar != "\n" || ["\u{7F}", "\u{202E}"].contains(scalar)
                }
                #expect(controls.isEmpty, "\(format) \(operand)")
                #expect(outcome.errorLines.count <= 1)
                #expect(outcome.lines.allSatisfy { !$0.hasPrefix("[31m") && !$0.hasPrefix("\\x1B[31m") })
                if format == "jsonl" {
                    let source = operand == "tree" ? "tree/" + Self.hostileName : operand
                    #expect(try outcome.rows().allSatisfy { $0["source"] == source })
                }
            }
        }
    }

    #if os(Linux)
        /// On Linux, a name may contain any bytes but zero and the slash.
        @Test func namesThatAreNoUTF8CanBeJudged() throws {
            let folder = try TemporaryFolder()
            try folder.makeFolder("tree")
            let script = #"""
                name=$(printf 'caf\351'); printf '#: sender server\n83 00\n' > "tree/$name"
                "$wsframes" validate --format jsonl tree; first=$?
                "$wsframes" validate --format jsonl "tree/$name"; exit $((first == $? ? first : 9))
                """#
            let outcome = try Command.shell(script, in: folder)
            #expect(outcome.status == 1)
            #expect(try outcome.rows().rules == ["reserved-opcode", "reserved-opcode"])
        }
    #endif
}
