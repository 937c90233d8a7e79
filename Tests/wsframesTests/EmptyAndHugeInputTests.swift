import Foundation
import Testing

/// Empty inputs, huge inputs, and a file whose size changes while it is read.
@Suite struct EmptyAndHugeInputTests {
    @Test func ofAnEmptyFileNothingIsJudged() throws {
        let folder = try TemporaryFolder()
        try folder.write("empty", [])
        let outcome = try Command.run(["validate", "--format", "jsonl", "empty"], in: folder)
        #expect(outcome.status == 4)
        #expect(outcome.errors == "")
        let rows = try outcome.rows()
        #expect(rows.map(\.type) == ["notice", "stream"])
        #expect(rows.notices == ["empty-input"])
        #expect(
            rows.last?.line
                == #"{"type":"stream","source":"empty","connection":0,"sender":"unknown","state":"complete","frames":0,"#
                + #""messages":0,"bytes":0,"closed":false,"closeCode":null,"sentCloseCode":null,"sentCloseReason":null}"#
        )
        #expect(try Command.run(["validate", "--strict", "empty"], in: folder).status == 1)
        try folder.write("hello", Bytes.clientHello)
        #expect(try Command.run(["validate", "empty", "hello"], in: folder).status == 0)
        let junit = try Command.run(["validate", "--format", "junit", "empty"], in: folder)
        #expect(junit.status == 4 && junit.stdout.contains(#"<skipped message="nothing to judge" />"#))
    }

    @Test func emptyStandardInputIsTheSame() throws {
        let outcome = try Command.run(["validate", "--format", "jsonl", "-"])
        #expect(outcome.status == 4)
        #expect(try outcome.rows().notices == ["empty-input"])
    }

    @Test func aFileOfCommentsHoldsAStreamWithoutFrames() throws {
        let outcome = try Command.run(
            ["validate", "--format", "jsonl", "-"], stdin: .text("# nothing yet\n#: deflate\n"))
        #expect(outcome.status == 0)
        #expect(try outcome.rows().streams.map { $0["state"] } == ["complete"])
    }

    @Test func aHugeSparseDumpIsJudged() throws {
        let folder = try TemporaryFolder()
        let length: UInt64 = 256 << 20
        let header: [UInt8] = [0x82, 0x7F] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (56 - 8 * $0)) }
        let handle = try Command.handle(forWritingTo: try folder.write("huge", header))
        try handle.truncate(atOffset: 10 + length)
        try handle.close()
        let outcome = try Command.run(["validate", "--format", "jsonl", "huge"], in: folder)
        #expect(outcome.status == 0)
        let row = try outcome.rows().last
        #expect(row?["state"] == "complete")
        #expect(row?.number("frames") == 1)
        #expect(row?.number("bytes") == length + 10)
    }

    /// A frame that declares an absurd length costs neither memory nor time.
    @Test(arguments: ["7f ff ff ff ff ff ff ff", "00 00 01 00 00 00 00 00"])
    func aHugeDeclaredLengthIsOnlyWaitedFor(_ length: String) throws {
        let outcome = try Command.run(["validate", "--format", "jsonl", "-"], stdin: .text("82 7f \(length) 00"))
        #expect(outcome.status == 0)
        #expect(try outcome.rows().last?["state"] == "incomplete-frame")
    }

    /// Deterministic: the file is truncated while the program is blocked on writing what it found in the first piece.
    @Test func aFileThatShrinksWhileItIsRead() throws {
        let folder = try TemporaryFolder()
        // Much longer than the bytes kept for a diagnosis, with more output than a pipe and a buffer hold.
        var dump: [UInt8] = []
        while dump.count < 12 << 20 { dump += Bytes.binary(200, masked: false) }
        let path = try folder.write("shrinking", dump)
        let errors = try folder.write("stderr", [])
        let small = try folder.write("small", Bytes.clientHello)

        let pipe = Pipe()
        let running = try Command.start(
            ["validate", "--sender", "client", "--all", "--format", "jsonl", path, small],
            stdout: pipe.fileHandleForWriting, stderr: try Command.handle(forWritingTo: errors))
        try pipe.fileHandleForWriting.close()
        var output = try #require(try pipe.fileHandleForReading.read(upToCount: 1))
        let handle = try Command.handle(forWritingTo: path)
        try handle.truncate(atOffset: 1 << 17)
        try handle.close()
        output += try pipe.fileHandleForReading.readToEnd() ?? Data()

        #expect(running.wait(#_sourceLocation) == 3)
        let rows = try String(decoding: output, as: UTF8.self).lines.map { try #require(Row($0)) }
        // How far the program had read by then may vary.
        let message = try #require(rows.errors.first?["message"])
        #expect(message.hasPrefix("the file shrank while it was read: "))
        #expect(message.hasSuffix(" of \(dump.count) bytes were there"))
        #expect(rows.errors.count == 1)
        #expect(try folder.text("stderr") == "wsframes: \(path): \(message)\n")
        #expect(rows.sources == [path, small])
        #expect(rows.violations.count > 640)
    }
}
