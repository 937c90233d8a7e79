import Foundation
import Testing

/// Folders are walked in sorted order; hidden files, documents and links to folders are skipped.
@Suite struct FolderWalkTests {
    /// Hex text, which is recognised in a folder; raw bytes are judged only if the file is named.
    private let dump = "#: sender client\n81 85 37 fa 21 3d 7f 9f 4d 51 58\n"

    private func sources(_ arguments: [String], in folder: TemporaryFolder) throws -> [String] {
        let outcome = try Command.run(["validate", "--format", "jsonl"] + arguments, in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        return try outcome.rows().sources
    }

    @Test func aFolderIsWalkedInSortedOrder() throws {
        let folder = try TemporaryFolder()
        let judged = ["b", "a/z", "a/b/c", "a-b", "B", "10", "9", "ä", "a.bin"]
        let passedOver = ["c/.hidden/x", ".hidden", "c/README.md"]
        for name in judged + passedOver { try folder.write("tree/" + name, text: dump) }
        // Sorted by the bytes of the names, each folder in its place.
        let expected = ["10", "9", "B", "a/b/c", "a/z", "a-b", "a.bin", "b", "ä"].map { "tree/" + $0 }
        #expect(try sources(["tree"], in: folder) == expected)
        #expect(try sources(["tree/"], in: folder) == expected)
        #expect(try sources(["./tree"], in: folder) == expected.map { "./" + $0 })
        #expect(try sources(["tree/b", "tree", "tree/10"], in: folder) == ["tree/b"] + expected + ["tree/10"])
    }

    @Test func aFileThatIsSkippedInAFolderIsJudgedIfItIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write(".hidden/inside.md", text: dump)
        try folder.write("notes.md", text: dump)
        #expect(try sources(["notes.md", ".hidden/inside.md"], in: folder) == ["notes.md", ".hidden/inside.md"])
        try folder.write(".hidden/other", text: dump)
        #expect(try sources([".hidden"], in: folder) == [".hidden/other"])
    }

    @Test func linksToFilesAreFollowedAndLinksToFoldersOnlyWhereTheyAreNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/file", text: dump)
        let files = FileManager.default
        try files.createSymbolicLink(atPath: folder.path("tree/loop"), withDestinationPath: ".")
        try files.createSymbolicLink(atPath: folder.path("tree/link"), withDestinationPath: "file")
        try files.createSymbolicLink(atPath: folder.path("way"), withDestinationPath: "tree")
        #expect(try sources(["tree"], in: folder) == ["tree/file", "tree/link"])
        #expect(try sources(["way"], in: folder) == ["way/file", "way/link"])
    }

    @Test func aDanglingLinkIsAnErrorAndTheRestIsJudged() throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/a", text: dump)
        try folder.write("tree/z", text: "#: sender server\n83 00\n")
        try FileManager.default.createSymbolicLink(atPath: folder.path("tree/m"), withDestinationPath: "nowhere")
        let outcome = try Command.run(["validate", "--format", "jsonl", "tree"], in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errorLines == ["wsframes: tree/m: cannot be reached: No such file or directory"])
        #expect(try outcome.rows().map { $0["source"] } == ["tree/a", "tree/m", "tree/z", "tree/z"])
    }

    @Test func whatIsNeitherFileNorFolderIsSkipped() throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/a", text: dump)
        let pipe = try Command.run(URL(fileURLWithPath: "/usr/bin/env"), ["mkfifo", "tree/pipe"], in: folder)
        try #require(pipe.status == 0)
        #expect(try sources(["tree"], in: folder) == ["tree/a"])
    }

    @Test func deepFoldersNeedNoRecursion() throws {
        let folder = try TemporaryFolder()
        let deep = "tree/" + String(repeating: "d/", count: 500) + "file"
        try folder.write(deep, text: dump)
        #expect(try sources(["tree"], in: folder) == [deep])
    }

    @Test func whatIsNotRecognisedIsCountedInOneLine() throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/dump.hex", text: dump)
        try folder.write("tree/raw.bin", Bytes.clientHello)
        try folder.write("tree/build.log", text: "12:00:01 INFO started\n12:00:02 INFO ready\n")
        let outcome = try Command.run(["validate", "--format", "jsonl", "tree"], in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.errorLines == ["wsframes: 2 files in folders held no capture and no dump"])
        #expect(try outcome.rows().sources == ["tree/dump.hex"])
        #expect(try sources(["tree/raw.bin"], in: folder) == ["tree/raw.bin"])
    }

    /// Text files in a folder that resemble a dump at first: notes that begin with a comment, a list of commits, checksums.
    @Test(arguments: [
        "# Recorded on Monday.\nstatus 0\nconversations 1\n", "# Notes\nto be kept\n",
        "4f4b35b0 Records of a machine\n",
        "20261129 120001 started\n20261129 120002 ready\n",
    ]) func notesBesideCapturesAreNoBrokenDumps(_ text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/dump.hex", text: dump)
        try folder.write("tree/notes.txt", text: text)
        let outcome = try Command.run(["validate", "--format", "jsonl", "tree"], in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.errorLines == ["wsframes: 1 file in folders held no capture and no dump"])
        #expect(try outcome.rows().sources == ["tree/dump.hex"])
        // A file that is named is judged regardless.
        #expect(try Command.run(["validate", "tree/notes.txt"], in: folder).status >= 3)
    }

    @Test(arguments: [
        "1,2,3\n4,5,6\n", "10 20 30\n", "deadbeef\n", "[7, 2, 3]\n", "QWxsIGNhcHR1cmVzIG9mIHRoaXMgaG9zdC4=\n",
    ])
    func numbersBesideCapturesAreNoDumps(_ text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/dump.hex", text: dump)
        try folder.write("tree/numbers", text: text)
        #expect(
            try Command.run(["validate", "--format", "jsonl", "tree"], in: folder).rows().sources == ["tree/dump.hex"])
        // A file that is named is judged regardless.
        #expect(try Command.run(["validate", "tree/numbers"], in: folder).status != 0)
    }

    @Test func digitsThatBeginAsAStreamAreADump() throws {
        let folder = try TemporaryFolder()
        let texts = ["8105 6865 6c6c 6f", "129,5,104,101,108,108,111", "gQVoZWxsb4kA"]
        for (index, text) in texts.enumerated() { try folder.write("tree/\(index)", text: text + "\n") }
        let outcome = try Command.run(["validate", "--format", "jsonl", "tree"], in: folder)
        #expect(try outcome.rows().sources.count == texts.count)
    }

    /// After a directive a typo is an error, since the file claims to be a dump.
    @Test func aBrokenDumpWithADirectiveIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write("tree/dump.hex", text: "#: sender client\n81 8x\n")
        let outcome = try Command.run(["validate", "tree"], in: folder)
        #expect(outcome.status == 3)
        #expect(outcome.errorLines.count == 1)
    }

    @Test func manyFilesNeedNoManyDescriptors() throws {
        let folder = try TemporaryFolder()
        for index in 0..<300 { try folder.write("tree/\(1000 + index)", text: dump) }
        let outcome = try Command.shell(#"ulimit -n 32; exec "$wsframes" validate --format jsonl tree"#, in: folder)
        #expect(outcome.status == 0)
        #expect(try outcome.rows().sources == (0..<300).map { "tree/\(1000 + $0)" })
    }
}
