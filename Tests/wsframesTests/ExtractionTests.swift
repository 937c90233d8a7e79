import Testing

/// `inspect --extract` writes one file per message: never outside of the folder, over another file, or in part.
@Suite struct ExtractionTests {
    private static let hello = Bytes.serverHello + [0x82, 3, 0, 1, 2]

    @Test func eachMessageIsAFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("a", Self.hello)
        try folder.write("b", Bytes.clientHello)
        let outcome = try Command.run(["inspect", "--extract", "out/of/it", "a", "b"], in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "wsframes: 3 messages written\n")
        #expect(try folder.read("out/of/it/conversation-0.server.0.txt") == Array("Hello".utf8))
        #expect(try folder.read("out/of/it/conversation-0.server.1.bin") == [0, 1, 2])
        #expect(try folder.read("out/of/it/input-1.conversation-0.client.0.txt") == Array("Hello".utf8))
        let index = try folder.text("out/of/it/index.jsonl").lines.compactMap(Row.init)
        #expect(
            index.map { $0["file"] } == [
                "conversation-0.server.0.txt", "conversation-0.server.1.bin", "input-1.conversation-0.client.0.txt",
            ])
        #expect(index.map { $0.number("length") } == [5, 3, 5])
    }

    @Test func nothingIsWrittenOver() throws {
        let folder = try TemporaryFolder()
        try folder.write("a", Self.hello)
        try folder.write("out/conversation-0.server.1.bin", [9])
        let outcome = try Command.run(["inspect", "--extract", "out", "a"], in: folder)
        #expect(outcome.status == 3)
        #expect(
            outcome.errors
                == "wsframes: conversation-0.server.1.bin: File exists; stopped after 1 message written\n")
        #expect(try folder.read("out/conversation-0.server.1.bin") == [9])
        let again = try Command.run(["inspect", "--extract", "out", "a"], in: folder)
        #expect(again.status == 2 && again.errors.contains("index.jsonl: File exists"))
    }

    /// A symbolic link placed in the folder is not followed.
    @Test func noLinkIsFollowed() throws {
        let folder = try TemporaryFolder()
        try folder.write("a", Self.hello)
        let script = #"mkdir out; ln -s ../stolen out/conversation-0.server.0.txt; "$wsframes" inspect --extract out a"#
        #expect(try Command.shell(script, in: folder).status == 3)
        #expect(try Command.shell("ls stolen 2>/dev/null; exit 0", in: folder).output.isEmpty)
    }

    /// A full disk, simulated by a limit on the file size.
    @Test func whatCannotBeWrittenWholeIsNotThere() throws {
        let folder = try TemporaryFolder()
        let long = [0x82, 126, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 0xFFFF)
        try folder.write("a", Bytes.serverHello + long + Bytes.serverHello)
        let script = #"""
            trap '' XFSZ; ulimit -f 8; "$wsframes" inspect --extract out --input raw a >/dev/null 2>errors; status=$?
            ls out; exit $status
            """#
        let outcome = try Command.shell(script, in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.lines == ["conversation-0.server.0.txt", "index.jsonl"])
        #expect(
            try folder.text("errors").contains("conversation-0.server.1.bin: File too large; stopped after 1 message"))
    }

    @Test func onlyWhatIsShownIsWritten() throws {
        let folder = try TemporaryFolder()
        try folder.write("a", Self.hello)
        let outcome = try Command.run(["inspect", "--extract", "out", "--opcode", "binary", "a"], in: folder)
        #expect(outcome.errors == "wsframes: 1 message written\n")
        #expect(try folder.text("out/index.jsonl").lines.count == 1)
        #expect(try Command.run(["inspect", "--extract", "x", "--redact", "a"], in: folder).status == 2)
    }
}
